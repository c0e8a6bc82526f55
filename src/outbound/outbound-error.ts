import type { OutboundFailure } from "./outbound.ts"

/** Ends a request inside this folder; `request` makes a result of it (contract/webhooks.md §4). */
export class OutboundError extends Error {
  override readonly name = "OutboundError"
  readonly failure: OutboundFailure

  constructor(failure: OutboundFailure, message: string, options?: ErrorOptions) {
    super(message, options)
    this.failure = failure
  }
}
