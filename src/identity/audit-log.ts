import { type Instant, instantAfter } from "../clock.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { currentOrigin } from "../request-origin.ts"
import {
  type AuditActor,
  type AuditEntry,
  type AuditFilter,
  type AuditPosition,
  type AuditRecord,
  hasAuditEntry,
  insertAuditEntry,
  lockAudited,
  selectAuditEntries,
  selectHistory,
  selectPersonName,
} from "./audit-log.store.ts"

export type { AuditActor, AuditEntry, AuditFilter, AuditPosition, AuditRecord } from "./audit-log.store.ts"

/** The company of entries that are about the platform and no company of it. */
export const platformItself = 0

/**
 * Records who did what, in the database transaction that does it. The entry keeps the actor's name as it is now, and the
 * address that the request came from, if there is a request.
 */
export async function recordAudit(tx: Queries, now: Instant, entry: AuditEntry): Promise<void> {
  const actorName = await findActorName(tx, entry.actor)
  await insertAuditEntry(tx, now, { ...entry, actorName, ip: currentOrigin()?.ip })
}

// The name of an app is its part's to tell, and its owner cannot change it without a review.
function findActorName(tx: Queries, actor: AuditActor): Promise<string | undefined> {
  const isPerson = (actor.kind === "user" || actor.kind === "operator") && actor.id !== undefined
  return isPerson ? selectPersonName(tx, actor.id) : Promise.resolve(undefined)
}

export interface AuditPage {
  readonly entries: readonly AuditRecord[]
  /** Where the next page begins; undefined on the last. */
  readonly next: AuditPosition | undefined
}

/** Entries of one company, or of all when the filter names none; newest first, at most `limit` after a position. */
export async function listAuditEntries(
  db: Queries,
  filter: AuditFilter,
  { after, limit }: { readonly after: AuditPosition | undefined; readonly limit: number },
): Promise<AuditPage> {
  const found = await selectAuditEntries(db, filter, { after, limit: limit + 1 })
  const entries = found.slice(0, limit)
  const last = entries.at(-1)
  const next = found.length > limit && last !== undefined ? { at: last.recordedAt, id: last.id } : undefined
  return { entries, next }
}

/** What was done to one thing of a company, newest first, at most `limit`. */
export function listHistoryOf(
  db: Queries,
  thing: { readonly companyId: number; readonly subject: string; readonly subjectId: number },
  limit = 100,
): Promise<readonly AuditRecord[]> {
  return selectHistory(db, thing, limit)
}

const hourMs = 3_600_000

/** Records that somebody looked at something sensitive, once an hour however often they do. */
export async function recordSensitiveRead(db: Database, now: Instant, entry: AuditEntry): Promise<void> {
  const since = instantAfter(now, -hourMs)
  if (await hasAuditEntry(db, entry, since)) return
  await transaction(db, async (tx) => {
    await lockAudited(tx, entry.companyId)
    if (!(await hasAuditEntry(tx, entry, since))) await recordAudit(tx, now, entry)
  })
}
