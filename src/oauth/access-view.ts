import { type AccessChange, lastAccessChange, listAccessChanges } from "../database/access-changes.ts"
import { type Database, DatabaseUnavailable } from "../database/engine.ts"
import type { Logger } from "../log.ts"
import { type AccessRow, findAccessRow } from "./access.store.ts"
import type { KeySet } from "./key-set.ts"

/** How old the view may be before a request asks the database itself (contract/oauth.md §9). */
const maximumAgeMs = 1000
const pollEveryMs = 250
const maximumEntries = 20_000

/**
 * What this process knows of token families, with all that their rights depend on. Every change of rights is a row of
 * `access_changes`; reading those four times a second keeps the view fresh, and an announcement on the bus at once.
 */
export interface AccessView {
  /**
   * Makes sure that nothing older than a second is gone by, signing keys included; reads only if it has to.
   *
   * @throws DatabaseUnavailable when the view is stale and the database cannot be asked
   */
  ensureFresh(): Promise<void> | undefined
  /** @throws DatabaseUnavailable when the view is stale and the database cannot be asked */
  find(familyId: number): Promise<AccessRow | undefined>
  /** Reads what changed since; concurrent calls share one read that began after the first of them waited. */
  refresh(): Promise<void>
  start(): Promise<void>
  stop(): void
}

export function createAccessView(
  db: Database,
  keys: KeySet,
  log: Logger,
  monotonicMs: () => number = () => performance.now(),
): AccessView {
  const entries = new Map<number, AccessRow>()
  let head = 0
  let freshAt = Number.NEGATIVE_INFINITY
  let changes = 0
  let reading: Promise<void> | undefined
  let queued: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined

  async function readChanges(): Promise<void> {
    const startedAt = monotonicMs()
    for (;;) {
      const batch = await listAccessChanges(db, head)
      for (const change of batch) await apply(change)
      if (batch.length < 1000) break
    }
    freshAt = startedAt
  }

  async function apply(change: AccessChange): Promise<void> {
    changes++
    if (change.subject === "keys") await keys.reload()
    else forget(entries, change)
    head = change.id
  }

  function refresh(): Promise<void> {
    if (reading === undefined) {
      reading = readChanges().finally(() => {
        reading = undefined
      })
      return reading
    }
    // A read that is under way may have begun before the caller's change was committed: one more must follow.
    queued ??= reading
      .catch(() => {})
      .then(() => {
        queued = undefined
        return refresh()
      })
    return queued
  }

  // No promise where there is nothing to wait for: this is asked on every call of the API.
  function ensureFresh(): Promise<void> | undefined {
    return monotonicMs() - freshAt > maximumAgeMs ? refreshOrRefuse() : undefined
  }

  async function find(familyId: number): Promise<AccessRow | undefined> {
    const stale = ensureFresh()
    if (stale !== undefined) await stale
    const known = entries.get(familyId)
    if (known !== undefined) return known
    const changesBefore = changes
    const row = await findAccessRow(db, familyId)
    // A change that came in while we read may be newer than what we read: answer with it, but do not keep it.
    if (row !== undefined && changes === changesBefore) remember(entries, familyId, row)
    return row
  }

  async function refreshOrRefuse(): Promise<void> {
    try {
      await refresh()
    } catch (cause) {
      throw new DatabaseUnavailable("The revocation view is stale and the database does not answer.", { cause })
    }
  }

  return {
    ensureFresh,
    find,
    refresh,
    start: async () => {
      head = await lastAccessChange(db)
      await keys.reload()
      await refresh()
      timer = setInterval(() => {
        refresh().catch((error: unknown) => log.warn({ err: error }, "the revocation view could not be refreshed"))
      }, pollEveryMs)
      timer.unref()
    },
    stop: () => clearInterval(timer),
  }
}

function remember(entries: Map<number, AccessRow>, familyId: number, row: AccessRow): void {
  if (entries.size >= maximumEntries) {
    const oldest = entries.keys().next().value
    if (oldest !== undefined) entries.delete(oldest)
  }
  entries.set(familyId, row)
}

function forget(entries: Map<number, AccessRow>, { subject, subjectId }: AccessChange): void {
  const id = Number(subjectId)
  if (subject === "family") {
    entries.delete(id)
    return
  }
  for (const [familyId, row] of entries) {
    const concerned =
      (subject === "grant" && row.grantId === id) ||
      (subject === "client" && row.clientRowId === id) ||
      (subject === "user" && row.userId === id) ||
      (subject === "company" && row.companyId === id)
    if (concerned) entries.delete(familyId)
  }
}
