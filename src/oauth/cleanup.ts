import { type Instant, instantAfter } from "../clock.ts"
import { type Database, transaction } from "../database/engine.ts"
import { vietnamDay } from "../vietnam-time.ts"
import { requestMemoryMs } from "./authorization.ts"
import { deleteLeftovers } from "./cleanup.store.ts"
import { unseenSecretMs } from "./client-secret.ts"
import { forgetUnseenSecrets } from "./client-secrets.store.ts"
import { deleteOldRequests, deleteOldUsage } from "./request-log.store.ts"
import { publishedAfterRetiringMs } from "./signing-key.ts"
import { erasePrivateKeys } from "./signing-keys.store.ts"
import { cleanTrials } from "./trial.ts"

const dayMs = 24 * 3600_000

/** How long the calls of apps are kept, and how long their counts by day. */
export const requestsKeptMs = 7 * dayMs
export const usageKeptMs = 400 * dayMs

/**
 * Deletes what can no longer matter, one small batch: codes a day after their end (contract/oauth.md §5.2), families
 * and revoked tokens once the longest access token has expired too, requests after a day, the log of apps' calls after a
 * week, trials after their quarter of an hour, read-up changes; forgets the private part of keys out of use, and new
 * secrets that nobody came to see.
 *
 * @returns how many rows went; 0 when there is nothing left to do
 */
export function cleanOAuth(db: Database, now: Instant, batch = 500): Promise<number> {
  return transaction(db, async (tx) => {
    await erasePrivateKeys(tx, instantAfter(now, -publishedAfterRetiringMs))
    await forgetUnseenSecrets(tx, instantAfter(now, -unseenSecretMs))
    const trials = await cleanTrials(tx, now, batch)
    const logged = await deleteOldRequests(tx, instantAfter(now, -requestsKeptMs), batch)
    const counted = await deleteOldUsage(tx, vietnamDay(instantAfter(now, -usageKeptMs)), batch)
    const leftovers = await deleteLeftovers(tx, {
      codesExpiredBefore: instantAfter(now, -dayMs),
      requestsBefore: instantAfter(now, -requestMemoryMs),
      familiesExpiredBefore: instantAfter(now, -2 * dayMs),
      accessTokensExpiredBefore: instantAfter(now, -dayMs),
      accessChangesBefore: instantAfter(now, -dayMs),
      limit: batch,
    })
    return trials + logged + counted + leftovers
  })
}
