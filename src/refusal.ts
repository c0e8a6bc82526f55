/** Why something was refused, in words that know no HTTP; each surface gives them its own status. */
export type RefusalReason =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "gone"
  | "too_many"
  | "quota_exceeded"
  | "unavailable"

export interface RefusalDetails {
  /** Field or parameter name → what is wrong with it. */
  readonly errors?: Readonly<Record<string, readonly string[]>>
  readonly hint?: string
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

/** A "no" that the caller is told about: a reason for the machine, a sentence for the person. */
export class Refusal extends Error {
  readonly reason: RefusalReason
  readonly details: RefusalDetails

  constructor(reason: RefusalReason, message: string, details: RefusalDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = "Refusal"
    this.reason = reason
    this.details = details
  }
}
