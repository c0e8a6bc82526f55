import { type Instant, instantAfter } from "../clock.ts"
import type { AttemptClass } from "./attempt-class.ts"
import { readRetryAfter } from "./retry-after.ts"
import type { Webhook } from "./webhook.ts"

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const WAITS_MS = [1, 1, 2, 3, 5, 8, 13].map((minutes) => minutes * MINUTE_MS)
const TAIL_WAITS_MS = [1, 2, 4, 8, 12, 12, 12, 12, 8].map((hours) => hours * HOUR_MS)
const AGE_CAP_MS = 5 * HOUR_MS
const TAIL_AGE_CAP_MS = 72 * HOUR_MS
const INTERRUPTIONS_THAT_FAIL = 5

/** Why a delivery ended without being delivered. */
export type FinishReason =
  /** Every attempt of the schedule was made. */
  | "exhausted"
  /** The next one would start too late. */
  | "expired"
  /** The webhook wants no retries. */
  | "retry_off"
  | "wrong_body"
  | "gone"
  | "blocked"
  /** A replay or a test send has one attempt. */
  | "once"
  | "webhook_off"
  | "webhook_deleted"

/** An attempt that has ended, and what decides about the next one. */
export interface EndedAttempt {
  /** A `late` result decides nothing (contract/webhooks.md §7). */
  readonly class: Exclude<AttemptClass, "late">
  readonly kind: "auto" | "replay" | "test"
  readonly webhook: Pick<Webhook, "retryNon2xx" | "retryWrongBody" | "longTail">
  /** Set when the webhook was switched off or deleted meanwhile (contract/webhooks.md §6.1). */
  readonly stopped?: "webhook_off" | "webhook_deleted" | undefined
  /** Failed attempts before this one. */
  readonly retryIndex: number
  /** Interrupted attempts in a row, right before this one. */
  readonly interruptions: number
  /** When the delivery was created. */
  readonly createdAt: Instant
  readonly endedAt: Instant
  readonly httpStatus?: number | undefined
  /** The header's text. */
  readonly retryAfter?: string | undefined
  /** From 0 to 1, for the long tail. */
  readonly random: () => number
}

/** What becomes of the delivery. */
export type NextStep =
  | { readonly kind: "finished"; readonly state: "delivered"; readonly reason: undefined }
  | { readonly kind: "finished"; readonly state: "failed" | "cancelled"; readonly reason: FinishReason }
  | {
      readonly kind: "retry"
      readonly dueAt: Instant
      readonly retryIndex: number
      readonly interruptions: number
    }

/**
 * Decides what follows an attempt: the end of its delivery, or another attempt and when (contract/webhooks.md §4, §5).
 *
 * An interrupted attempt is made again at once, that of a replay too and with retries off, since the guarantee is "at
 * least once" (§7): it repeats one attempt and is no retry. Only a test send, whose sender has gone, is not repeated.
 */
export function nextStep(attempt: EndedAttempt): NextStep {
  if (attempt.class === "ok") return { kind: "finished", state: "delivered", reason: undefined }
  if (attempt.class === "cancelled") {
    return { kind: "finished", state: "cancelled", reason: attempt.stopped ?? "webhook_off" }
  }
  if (attempt.stopped !== undefined) return failed(attempt.stopped)
  if (isRepeated(attempt)) return repeatAtOnce(attempt)
  const reason = findReasonAgainstRetry(attempt)
  return reason === undefined ? scheduleRetry(attempt) : failed(reason)
}

/** Whether a retry that starts at `startsAt` comes too late; a first attempt never does (contract/webhooks.md §5). */
export function isRetryExpired(
  retry: Pick<EndedAttempt, "retryIndex" | "createdAt"> & { readonly webhook: Pick<Webhook, "longTail"> },
  startsAt: Instant,
): boolean {
  const capMs = retry.webhook.longTail ? TAIL_AGE_CAP_MS : AGE_CAP_MS
  return retry.retryIndex > 0 && startsAt - retry.createdAt > capMs
}

function failed(reason: FinishReason): NextStep {
  return { kind: "finished", state: "failed", reason }
}

function isRepeated({ class: attemptClass, kind, interruptions }: EndedAttempt): boolean {
  return attemptClass === "interrupted" && kind !== "test" && interruptions + 1 < INTERRUPTIONS_THAT_FAIL
}

function repeatAtOnce(attempt: EndedAttempt): NextStep {
  const { retryIndex, interruptions, endedAt } = attempt
  if (isRetryExpired(attempt, endedAt)) return failed("expired")
  return { kind: "retry", dueAt: endedAt, retryIndex, interruptions: interruptions + 1 }
}

function findReasonAgainstRetry({ class: attemptClass, kind, webhook }: EndedAttempt): FinishReason | undefined {
  if (attemptClass === "gone" || attemptClass === "blocked") return attemptClass
  if (kind !== "auto") return "once"
  if (attemptClass === "wrong_body" && !webhook.retryWrongBody) return "wrong_body"
  return webhook.retryNon2xx ? undefined : "retry_off"
}

function scheduleRetry(attempt: EndedAttempt): NextStep {
  const retryIndex = attempt.retryIndex + 1
  const waitMs = scheduledWaitMs(attempt)
  if (waitMs === undefined) return failed("exhausted")
  const scheduledAt = instantAfter(attempt.endedAt, waitMs)
  const dueAt = Math.max(scheduledAt, wishedAt(attempt) ?? scheduledAt) as Instant
  if (isRetryExpired({ ...attempt, retryIndex }, dueAt)) return failed("expired")
  return { kind: "retry", dueAt, retryIndex, interruptions: 0 }
}

function scheduledWaitMs({ retryIndex, webhook, random }: EndedAttempt): number | undefined {
  const waitMs = WAITS_MS[retryIndex]
  if (waitMs !== undefined || !webhook.longTail) return waitMs
  const tailWaitMs = TAIL_WAITS_MS[retryIndex - WAITS_MS.length]
  return tailWaitMs && Math.round(tailWaitMs * (0.9 + 0.1 * random()))
}

function wishedAt({ httpStatus, retryAfter, endedAt }: EndedAttempt): Instant | undefined {
  const mayWish = httpStatus === 429 || httpStatus === 503
  return mayWish && retryAfter !== undefined ? readRetryAfter(retryAfter, endedAt) : undefined
}
