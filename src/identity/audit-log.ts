import { type Instant, instantAfter } from "../clock.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { type AuditEntry, hasAuditEntry, insertAuditEntry, lockAudited } from "./audit-log.store.ts"

export type { AuditActor, AuditEntry } from "./audit-log.store.ts"

/** Records who did what, in the database transaction that does it. */
export async function recordAudit(tx: Queries, now: Instant, entry: AuditEntry): Promise<void> {
  await insertAuditEntry(tx, now, entry)
}

const hourMs = 3_600_000

/** Records that somebody looked at something sensitive, once an hour however often they do. */
export async function recordSensitiveRead(db: Database, now: Instant, entry: AuditEntry): Promise<void> {
  const since = instantAfter(now, -hourMs)
  if (await hasAuditEntry(db, entry, since)) return
  await transaction(db, async (tx) => {
    await lockAudited(tx, entry.companyId)
    if (!(await hasAuditEntry(tx, entry, since))) await insertAuditEntry(tx, now, entry)
  })
}
