import { attemptHints, attemptStatusMessages } from "../messages/attempt.ts"
import type { OutboundFailure } from "../outbound/outbound.ts"

/** How an attempt ended (contract/webhooks.md §4). */
export type AttemptClass =
  | "ok"
  | "wrong_body"
  | "http_error"
  | "gone"
  | OutboundFailure
  | "oauth_token"
  | "interrupted"
  | "late"
  | "cancelled"

/** How the log shows an attempt; `attemptStatusMessages` has the words (contract/webhooks.md §4). */
export type ShownStatus = keyof typeof attemptStatusMessages

const ERROR_CODES: Readonly<Partial<Record<AttemptClass, number>>> = {
  dns: 6,
  connect: 7,
  blocked: 7,
  timeout: 28,
  tls: 35,
  tls_name: 51,
  send: 55,
  receive: 56,
  tls_ca: 60,
}

/** The `error_code` of a class, as curl numbers it; 0 where there is none (contract/webhooks.md §4). */
export function errorCodeOf(attemptClass: AttemptClass): number {
  return ERROR_CODES[attemptClass] ?? 0
}

/** What the log shows for a class (contract/webhooks.md §4, "Shown as"). */
export function shownStatus(attemptClass: AttemptClass): ShownStatus {
  switch (attemptClass) {
    case "ok":
      return "success"
    case "cancelled":
      return "not_sent"
    case "wrong_body":
    case "timeout":
    case "blocked":
    case "interrupted":
    case "late":
      return attemptClass
    default:
      return "failed"
  }
}

/** The words of `shownStatus`, in both languages. */
export function shownStatusText(attemptClass: AttemptClass): { readonly vi: string; readonly en: string } {
  return attemptStatusMessages[shownStatus(attemptClass)]
}

/** How the log words an attempt, in English: for programs and the command line. */
export function describeClass(
  attemptClass: AttemptClass,
  httpStatus: number | null,
): { readonly status: ShownStatus; readonly hint: string | undefined } {
  return { status: shownStatus(attemptClass), hint: hintFor(attemptClass, httpStatus ?? undefined)?.en }
}

/** What the owner of the webhook can do about it, in both languages; undefined for a delivered attempt. */
export function hintFor(
  attemptClass: AttemptClass,
  httpStatus: number | undefined,
): { readonly vi: string; readonly en: string } | undefined {
  if (attemptClass === "ok") return undefined
  if (attemptClass !== "wrong_body" && attemptClass !== "http_error") return attemptHints[attemptClass]
  const { vi, en } = attemptHints[attemptClass]
  return { vi: vi(httpStatus), en: en(httpStatus) }
}
