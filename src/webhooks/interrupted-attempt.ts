import type { Instant } from "../clock.ts"
import type { ClaimedDelivery } from "./delivery.ts"
import type { MadeAttempt } from "./delivery-results.ts"
import { nextStep } from "./retry-schedule.ts"
import { attemptOf, nothingSent } from "./unsent-attempt.ts"

/** An attempt whose outcome nobody knows: it is made again at once (contract/webhooks.md §4, `interrupted`). */
export function interruptedAttempt(
  claimed: ClaimedDelivery,
  { startedAt, endedAt }: { readonly startedAt: Instant; readonly endedAt: Instant },
  random: () => number,
): MadeAttempt {
  const { webhook, kind, retryIndex, interruptions, createdAt } = claimed
  const next = nextStep({
    ...{ class: "interrupted", kind, webhook, retryIndex, interruptions, createdAt, endedAt },
    random,
  })
  return {
    claimed,
    attempt: {
      ...attemptOf(claimed, startedAt),
      ...nothingSent,
      class: "interrupted",
      message: "The worker ended before the outcome was known.",
      endedAt,
      nextRetryAt: next.kind === "retry" ? next.dueAt : null,
    },
    next,
    secretWish: claimed.secretWish,
    lesson: undefined,
  }
}
