import type { ClaimedDelivery, ClaimedWebhook, Lane } from "./delivery.ts"
import type { DeliveryContent } from "./due.store.ts"

/** A row of claimed work, as a claim or a sweep finds it. */
export interface ClaimedWork {
  readonly deliveryId: number
  readonly claimId: string
  readonly lane: Lane
  readonly attemptsStarted: number
  readonly retryIndex: number
  readonly interruptions: number
  readonly secretWish: ClaimedDelivery["secretWish"]
}

/** Joins claimed work with what it sends and to whom. */
export function toClaimedDelivery(
  work: ClaimedWork,
  content: DeliveryContent | undefined,
  webhook: ClaimedWebhook | undefined,
): ClaimedDelivery {
  if (content === undefined || webhook === undefined) throw new Error("A delivery is due that is not there.")
  const { deliveryId, claimId, lane, attemptsStarted, retryIndex, interruptions, secretWish } = work
  return {
    ...content,
    ...{ deliveryId, claimId, lane, retryIndex, interruptions, secretWish, webhook },
    eventAt: content.eventAt ?? content.createdAt,
    attemptNumber: attemptsStarted,
  }
}
