import type { Instant } from "../clock.ts"
import type { NewAttempt } from "./attempts.store.ts"
import type { ClaimedDelivery } from "./delivery.ts"
import type { MadeAttempt } from "./delivery-results.ts"

/** What every attempt of a claimed delivery has in its log row, whatever became of it. */
export function attemptOf(
  claimed: ClaimedDelivery,
  startedAt: Instant,
): Pick<
  NewAttempt,
  | "deliveryId"
  | "deliveryUuid"
  | "kind"
  | "attemptNumber"
  | "webhookId"
  | "configVersion"
  | "companyId"
  | "mode"
  | "transactionId"
  | "replayOf"
  | "requestUrl"
  | "startedAt"
> {
  const { webhook } = claimed
  return {
    deliveryId: claimed.deliveryId,
    deliveryUuid: claimed.uuid,
    kind: claimed.kind,
    attemptNumber: claimed.attemptNumber,
    webhookId: webhook.id,
    configVersion: webhook.configVersion,
    companyId: claimed.companyId,
    mode: claimed.mode,
    transactionId: claimed.transactionId,
    replayOf: claimed.replayOf,
    requestUrl: webhook.webhookUrl,
    startedAt,
  }
}

/** What the log has of an attempt of which nothing is known but that it ended. */
export const nothingSent = {
  httpStatus: null,
  errorCode: 0,
  responseTimeMs: 0,
  dnsMs: null,
  connectMs: null,
  tlsMs: null,
  firstByteMs: null,
  requestHeaders: null,
  bodySha256: null,
  responseHeaders: null,
  responseBody: null,
  nextRetryAt: null,
} as const

const messages = {
  webhook_deleted: "The webhook was deleted.",
  webhook_off: "The webhook was off.",
} as const

/** The end of a delivery whose webhook is off or deleted: logged, so that it can be replayed (contract/webhooks.md §4). */
export function unsentAttempt(claimed: ClaimedDelivery, reason: keyof typeof messages, now: Instant): MadeAttempt {
  const message = messages[reason]
  return {
    claimed,
    attempt: { ...attemptOf(claimed, now), ...nothingSent, class: "cancelled", message, endedAt: now },
    next: { kind: "finished", state: "cancelled", reason },
    secretWish: 0,
    lesson: undefined,
  }
}
