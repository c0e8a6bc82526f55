import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import { type AuditEntry, insertAuditEntry } from "./audit-log.store.ts"

export type { AuditActor, AuditEntry } from "./audit-log.store.ts"

/** Records who did what, in the database transaction that does it. */
export async function recordAudit(tx: Queries, now: Instant, entry: AuditEntry): Promise<void> {
  await insertAuditEntry(tx, now, entry)
}
