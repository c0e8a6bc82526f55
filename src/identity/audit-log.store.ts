import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"

/** An entry to write; `details` is JSON and holds no secret. */
export interface NewAuditEntry {
  readonly companyId: number
  readonly actorKind: string
  readonly actorId: number | null
  readonly action: string
  readonly subjectId: number | null
  readonly details: string
  readonly now: Instant
}

/** Appends to the audit log; nothing ever changes there. */
export async function insertAuditEntry(tx: Queries, entry: NewAuditEntry): Promise<void> {
  await tx
    .insertInto("audit_entries")
    .values({
      company_id: entry.companyId,
      actor_kind: entry.actorKind,
      actor_id: entry.actorId,
      action: entry.action,
      subject_id: entry.subjectId,
      details: entry.details,
      recorded_at: entry.now,
    })
    .execute()
}
