import { type Instant, instantAfter } from "../clock.ts"
import { type Database, transaction } from "../database/engine.ts"
import { deleteExpiredSessions } from "./sessions.store.ts"
import { throttleMemory } from "./sign-in-throttle.ts"
import { deleteOldThrottles } from "./sign-in-throttles.store.ts"

/**
 * Deletes sessions past their end and forgotten sign-in failures, at most `batch` rows of each in one transaction.
 *
 * @returns how many rows went; 0 when there is nothing left to do
 */
export function cleanIdentity(db: Database, now: Instant, batch = 500): Promise<number> {
  return transaction(db, async (tx) => {
    let deleted = await deleteExpiredSessions(tx, now, batch)
    for (const { prefix, memoryMs } of throttleMemory) {
      deleted += await deleteOldThrottles(tx, { prefix, before: instantAfter(now, -memoryMs), limit: batch })
    }
    return deleted
  })
}
