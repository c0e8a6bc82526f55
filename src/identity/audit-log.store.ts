import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"

/** Who did something: a user at a page, an app by its access token, the operator at the command line, or the platform. */
export type AuditActor =
  | { readonly kind: "user" | "client"; readonly id: number }
  | { readonly kind: "operator" | "system" }

/** One thing that was done to a company's settings. */
export interface AuditEntry {
  readonly companyId: number
  readonly actor: AuditActor
  /** Subject and verb: `webhook.update`. */
  readonly action: string
  readonly subjectId: number
  /** Becomes JSON and stays for good: never a secret, nor a URL that may hold one. */
  readonly details: Readonly<Record<string, unknown>>
}

export async function insertAuditEntry(tx: Queries, now: Instant, entry: AuditEntry): Promise<void> {
  const { companyId, actor, action, subjectId, details } = entry
  await tx
    .insertInto("audit_entries")
    .values({
      company_id: companyId,
      actor_kind: actor.kind,
      actor_id: "id" in actor ? actor.id : null,
      action,
      subject_id: subjectId,
      details: JSON.stringify(details),
      recorded_at: now,
    })
    .execute()
}

/** Locks the company's row, so that two who look for the same entry do not both miss it. */
export async function lockAudited(tx: Queries, companyId: number): Promise<void> {
  await tx.selectFrom("companies").select("id").where("id", "=", companyId).forUpdate().execute()
}

/** Whether the actor has an entry of that action and subject since an instant. */
export async function hasAuditEntry(tx: Queries, entry: AuditEntry, since: Instant): Promise<boolean> {
  const { actor } = entry
  const row = await tx
    .selectFrom("audit_entries")
    .select("id")
    .where("company_id", "=", entry.companyId)
    .where("action", "=", entry.action)
    .where("subject_id", "=", entry.subjectId)
    .where("recorded_at", ">", since)
    .where("actor_kind", "=", actor.kind)
    .where("actor_id", "is not distinct from", "id" in actor ? actor.id : null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
