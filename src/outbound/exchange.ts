import type { Dispatcher } from "undici"
import { exchangeError } from "./exchange-error.ts"
import { defaultMaximumBodyBytes, maximumHeaderBytes, maximumInformational, type OutboundLimits } from "./limits.ts"
import { type Connection, ConnectionGone } from "./open-connection.ts"
import type { OutboundRequest, OutboundResponse, OutboundResult } from "./outbound.ts"
import { OutboundError } from "./outbound-error.ts"

/** A request with its path as written, and when its time began. */
export interface ExchangeOrder {
  readonly request: OutboundRequest
  readonly path: string
  readonly startedAt: number
  readonly limits: OutboundLimits
  readonly now: () => number
}

/** How an exchange ended. */
export type ExchangeEnd =
  | Omit<Extract<OutboundResult, { kind: "answered" }>, "timings">
  | { readonly kind: "failed"; readonly error: OutboundError }
  /** The connection was closed before anything was sent. */
  | { readonly kind: "unsent" }

/** Sends a request over a connection that nobody else uses, and reads the answer. */
export function startExchange(order: ExchangeOrder, connection: Connection): Exchange {
  const { method, headers, body } = order.request
  const exchange = new Exchange(order, connection)
  const lines = headers.flat()
  connection.client.dispatch({ method, path: order.path, headers: lines, body: body ?? null }, exchange)
  return exchange
}

/**
 * One request and its answer, as a handler of undici's events: no streams, for speed. It ends once, by whatever comes
 * first. The connection is good for another request only after a complete answer.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly ended: Promise<ExchangeEnd>
  firstByteAt: number | undefined

  readonly #order: ExchangeOrder
  readonly #connection: Connection
  readonly #end: (end: ExchangeEnd) => void
  readonly #chunks: Buffer[] = []
  #bytesLeft: number
  #informationalLeft = maximumInformational
  #head: Omit<OutboundResponse, "body"> | undefined
  #controller: Dispatcher.DispatchController | undefined
  #timer: NodeJS.Timeout
  #isOver = false
  #isUnsent = false

  constructor(order: ExchangeOrder, connection: Connection) {
    const { promise, resolve } = Promise.withResolvers<ExchangeEnd>()
    this.ended = promise
    this.#end = resolve
    this.#order = order
    this.#connection = connection
    this.#bytesLeft = order.request.maximumBodyBytes ?? defaultMaximumBodyBytes
    this.#timer = setTimeout(this.#timeOut, this.#msLeft())
    connection.socket.on("error", this.#noteUnsent)
  }

  /** What of an answer has arrived. */
  get response(): OutboundResponse | undefined {
    if (this.#head === undefined) return undefined
    const [first, ...others] = this.#chunks
    return { ...this.#head, body: others.length === 0 && first ? first : Buffer.concat(this.#chunks) }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isOver) controller.abort(new Error("ended before it was sent"))
  }

  onResponseStarted(): void {
    this.firstByteAt ??= this.#order.now()
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) {
      this.#informationalLeft -= 1
      if (this.#informationalLeft < 0) this.#fail("receive", "More than 10 informational answers came first.")
      return
    }
    const headers = readHeaders(controller.rawHeaders as readonly Buffer[])
    if (headers === undefined) {
      this.#fail("receive", "The headers of the answer are larger than 16 KiB.")
      return
    }
    this.#head = { status, headers }
    if (status >= 200 && status < 300) return
    // The status says it all; the body is only for the log (contract/webhooks.md §4).
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#giveUp, Math.min(this.#order.limits.errorBodyMs, this.#msLeft()))
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (chunk.length <= this.#bytesLeft) {
      this.#chunks.push(chunk)
      this.#bytesLeft -= chunk.length
      return
    }
    this.#chunks.push(chunk.subarray(0, this.#bytesLeft))
    this.#answer("too_large")
  }

  onResponseEnd(): void {
    this.#answer("complete")
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const facts = { isUnsent: this.#isUnsent, hasBegun: this.firstByteAt !== undefined }
    const isGone = error instanceof ConnectionGone
    this.#finish(isGone ? { kind: "unsent" } : { kind: "failed", error: exchangeError(error, facts) })
  }

  readonly #noteUnsent = (): void => {
    // Later, when undici tells of the error, the socket has forgotten what it had not sent.
    this.#isUnsent = this.#connection.socket.writableLength > 0
  }

  readonly #timeOut = (): void => {
    this.#fail("timeout", `No complete answer within ${this.#order.limits.totalMs / 1000} seconds.`)
  }

  readonly #giveUp = (): void => {
    this.#answer("given_up")
  }

  #msLeft(): number {
    const { startedAt, limits, now } = this.#order
    return Math.max(0, startedAt + limits.totalMs - now())
  }

  #answer(bodyEnd: "complete" | "too_large" | "given_up"): void {
    const { response } = this
    if (response !== undefined) this.#finish({ kind: "answered", response, bodyEnd })
  }

  #fail(failure: OutboundError["failure"], message: string): void {
    this.#finish({ kind: "failed", error: new OutboundError(failure, message) })
  }

  #finish(end: ExchangeEnd): void {
    if (this.#isOver) return
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#connection.socket.off("error", this.#noteUnsent)
    this.#end(end)
    if (end.kind !== "answered" || end.bodyEnd !== "complete") this.#controller?.abort(new Error("ended"))
  }
}

// Names and values take turns. undici counts them without what stands between and behind them.
function readHeaders(raw: readonly Buffer[]): OutboundResponse["headers"] | undefined {
  const headers: (readonly [string, string])[] = []
  let bytes = 0
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index]?.toString("latin1") ?? ""
    const value = raw[index + 1]?.toString("latin1") ?? ""
    bytes += name.length + value.length + ": \r\n".length
    headers.push([name.toLowerCase(), value])
  }
  return bytes <= maximumHeaderBytes ? headers : undefined
}
