import { type Instant, instantAfter } from "../clock.ts"
import { type Database, transaction } from "../database/engine.ts"
import { deleteOldAttempts } from "./delivery-log.store.ts"
import { settleEndedRolls } from "./secret-roll.ts"

const attemptsKeptMs = 90 * 86_400_000

/**
 * Deletes attempts of more than 90 days ago, one small batch, and the old secrets of rolls that are over
 * (contract/webhooks.md §2.3, §7).
 *
 * @returns how many rows went; 0 when there is nothing left to do
 */
export async function cleanWebhooks(db: Database, now: Instant, batch = 500): Promise<number> {
  const rolls = await settleEndedRolls(db, now)
  await db.engine.keepMonths("attempts", { now, keptMs: attemptsKeptMs })
  const attempts = await transaction(db, (tx) => deleteOldAttempts(tx, instantAfter(now, -attemptsKeptMs), batch))
  return rolls + attempts
}
