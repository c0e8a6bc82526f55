import type { Instant } from "../clock.ts"
import type { Mode } from "../ids.ts"
import type { ExactReason } from "./exact-reason.ts"

/** A call of one of our endpoints that an app made, or that somebody made in its name. */
export interface LoggedCall {
  readonly clientId: string
  /** Undefined while only its `client_id` is known. */
  readonly clientRowId: number | undefined
  /** False: the caller named the app and proved nothing; anybody could have sent it. */
  readonly proven: boolean
  readonly at: Instant
  /** The route's pattern, never a path: `/api/v1/transactions/{id}`. */
  readonly endpoint: string
  readonly method: string
  readonly status: number
  /** The error code that the caller got. */
  readonly error: string | null
  readonly exact: ExactReason | undefined
  readonly requestId: string
  /** Null where it would be a user's: at the authorization endpoint. */
  readonly ip: string | null
  readonly userAgent: string
  readonly mode: Mode | null
  readonly durationMs: number
}

/** How calls are counted. `unproven` stands apart, so that a stranger cannot spoil an app's error rate. */
export const outcomes = ["ok", "refused", "limited", "failed", "unproven"] as const
export type Outcome = (typeof outcomes)[number]

/** What a call counts as. */
export function outcomeOf({ proven, status, error }: LoggedCall): Outcome {
  if (!proven) return "unproven"
  if (status === 429) return "limited"
  if (status >= 500) return "failed"
  return status >= 400 || error !== null ? "refused" : "ok"
}

/** Whether the developer should look at the call. */
export function isFailed({ status, error }: LoggedCall): boolean {
  return status >= 400 || error !== null
}

const ourSecrets = /sepay_(cs|ac|rt|dc|ru)_[0-9A-Za-z]+/g
// A JWT begins with the base64url of `{"`; it may have been cut off anywhere.
const tokens = /eyJ[\w-]{8,}(\.[\w-]*)*/g

/** Text from a caller without what looks like a secret of ours: people do put them into the wrong place. */
export function withoutSecrets(text: string): string {
  return text.replace(ourSecrets, "sepay_$1_••••").replace(tokens, "••••")
}
