import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import { finishDeliveries } from "./deliveries.store.ts"
import type { ClaimedDelivery } from "./delivery.ts"
import { deleteDue } from "./due.store.ts"
import { isRetryExpired } from "./retry-schedule.ts"

/**
 * Ends retries that were in time when they were planned and are claimed too late, after an outage of ours
 * (contract/webhooks.md §5, age cap). No attempt is made, so the log has none.
 *
 * @returns the ids of those that ended
 */
export async function expireRetries(
  tx: Queries,
  now: Instant,
  claimed: readonly ClaimedDelivery[],
): Promise<ReadonlySet<number>> {
  const expired = claimed.filter((delivery) => isRetryExpired(delivery, now))
  for (const { claimId, deliveryId, attemptNumber } of expired) {
    await deleteDue(tx, claimId, [deliveryId])
    const end = { state: "failed", reason: "expired", attempts: attemptNumber - 1, now } as const
    await finishDeliveries(tx, [deliveryId], end)
  }
  return new Set(expired.map(({ deliveryId }) => deliveryId))
}
