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
