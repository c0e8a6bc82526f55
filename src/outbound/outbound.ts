import type { Mode } from "../ids.ts"

/** A request to a URL that a user chose (contract/webhooks.md §8). */
export interface OutboundRequest {
  readonly method: "GET" | "POST"
  /** Sent byte for byte as it stands. */
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body?: Uint8Array
  /** Connections are kept apart by tenant: the company's id. */
  readonly tenant: string
  /** `test` allows `http` and does not verify certificates; never other addresses. */
  readonly mode: Mode
  /** Longest answer that is read, 64 KiB if absent. */
  readonly maximumBodyBytes?: number
}

/** Whole milliseconds; undefined where the connection was there already, or that step was never reached. */
export interface OutboundTimings {
  readonly dnsMs: number | undefined
  readonly connectMs: number | undefined
  readonly tlsMs: number | undefined
  /** From the start to the first byte of the answer. */
  readonly firstByteMs: number | undefined
  readonly totalMs: number
}

/** What of an answer has arrived. */
export interface OutboundResponse {
  readonly status: number
  /** Lower-case names, in the order received. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

/** Why a request has no complete answer (contract/webhooks.md §4). */
export type OutboundFailure =
  | "blocked"
  | "timeout"
  | "dns"
  | "connect"
  | "tls"
  | "tls_name"
  | "tls_ca"
  | "send"
  | "receive"

/** How a request ended. */
export type OutboundResult =
  | {
      readonly kind: "answered"
      readonly response: OutboundResponse
      /** `too_large`: cut at the cap. `given_up`: an error status whose body was not awaited any longer. */
      readonly bodyEnd: "complete" | "too_large" | "given_up"
      readonly timings: OutboundTimings
    }
  | {
      readonly kind: "failed"
      readonly failure: OutboundFailure
      /** One line for the log of the webhook's owner. */
      readonly message: string
      /** Set when the answer had begun. */
      readonly response: OutboundResponse | undefined
      readonly timings: OutboundTimings
    }

/** The one way out to URLs that users choose. */
export interface Outbound {
  /** Never rejects: whatever goes wrong outside is a result. */
  request(request: OutboundRequest): Promise<OutboundResult>
  /**
   * What is wrong with a URL that somebody wants to save, or undefined. Its name is resolved too; one that does not
   * resolve now is no fault.
   */
  findUrlProblem(url: string, mode: Mode): Promise<string | undefined>
  /** Takes no more requests and waits for those under way, at most so long if a limit is given. */
  close(patienceMs?: number): Promise<void>
}
