import type { Kysely } from "kysely"
import type { Columns } from "../columns.ts"

interface Audited {
  audit_entries: { action: string; subject: string }
}

export async function up(tx: Kysely<unknown>, { integer, text }: Columns): Promise<void> {
  await tx.schema
    .alterTable("audit_entries")
    // What the action is about: `webhook` of `webhook.update`.
    .addColumn("subject", text, (c) => c.notNull().defaultTo(""))
    .execute()
  // The actor's name as it was then; people change theirs.
  await tx.schema.alterTable("audit_entries").addColumn("actor_name", text).execute()
  await tx.schema.alterTable("audit_entries").addColumn("ip", text).execute()
  await fillSubjects(tx as Kysely<Audited>)
  await tx.schema.dropIndex("audit_entries_by_company").execute()
  const indexes: Readonly<Record<string, readonly string[]>> = {
    audit_entries_by_time: ["recorded_at", "id"],
    audit_entries_by_company: ["company_id", "recorded_at", "id"],
    audit_entries_by_company_subject: ["company_id", "subject", "recorded_at", "id"],
    audit_entries_by_company_actor: ["company_id", "actor_kind", "actor_id", "recorded_at", "id"],
    // The history of one thing.
    audit_entries_by_thing: ["subject", "subject_id", "id"],
  }
  for (const [name, columns] of Object.entries(indexes)) {
    await tx.schema
      .createIndex(name)
      .on("audit_entries")
      .columns([...columns])
      .execute()
  }
  // An operator may stop a company or a user for a while; the status says that they are, these say since when and why.
  for (const table of ["companies", "users"]) {
    await tx.schema.alterTable(table).addColumn("suspended_at", integer).execute()
    await tx.schema.alterTable(table).addColumn("suspended_reason", text).execute()
  }
}

async function fillSubjects(tx: Kysely<Audited>): Promise<void> {
  const known = await tx.selectFrom("audit_entries").select("action").distinct().execute()
  for (const { action } of known) {
    const [subject = ""] = action.split(".")
    await tx.updateTable("audit_entries").set({ subject }).where("action", "=", action).execute()
  }
}
