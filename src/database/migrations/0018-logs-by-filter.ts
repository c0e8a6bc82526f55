import type { Kysely } from "kysely"

/** So that a filter of a log that few entries pass, or none, does not read the whole log. */
export async function up(tx: Kysely<unknown>): Promise<void> {
  await indexAudit(tx)
  // As it was, an app's calls were all read in the order of time to find the one of a request id.
  await tx.schema.dropIndex("client_requests_by_request_id").execute()
  await tx.schema
    .createIndex("client_requests_by_request_id")
    .on("client_requests")
    .columns(["client_row_id", "request_id", "at", "id"])
    .execute()
}

async function indexAudit(tx: Kysely<unknown>): Promise<void> {
  for (const name of ["subject", "actor"]) await tx.schema.dropIndex(`audit_entries_by_company_${name}`).execute()
  // What the last columns tell of is filtered by too: an entry that does not fit is passed over without its row being read.
  const bySubject = ["subject", "recorded_at", "id", "actor_kind", "actor_id"]
  const byKind = ["actor_kind", "recorded_at", "id", "subject"]
  const byActor = ["actor_kind", "actor_id", "recorded_at", "id", "subject"]
  const indexes: Readonly<Record<string, readonly string[]>> = {
    audit_entries_by_company_subject: ["company_id", ...bySubject],
    audit_entries_by_company_kind: ["company_id", ...byKind],
    audit_entries_by_company_actor: ["company_id", ...byActor],
    audit_entries_by_subject_time: bySubject,
    audit_entries_by_kind: byKind,
    audit_entries_by_actor: byActor,
  }
  for (const [name, columns] of Object.entries(indexes)) {
    await tx.schema
      .createIndex(name)
      .on("audit_entries")
      .columns([...columns])
      .execute()
  }
}
