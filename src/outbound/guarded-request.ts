import type { AddressSettings } from "./address-guard.ts"
import { createConnectionPool, endConnection } from "./connection-pool.ts"
import { type Exchange, startExchange } from "./exchange.ts"
import { findAddresses, type Lookup, type Resolve, resolveByNameServers } from "./find-addresses.ts"
import { contractLimits, type OutboundLimits } from "./limits.ts"
import { type Opening, type OpeningTimes, openConnection } from "./open-connection.ts"
import type { Outbound, OutboundRequest, OutboundResult, OutboundTimings } from "./outbound.ts"
import { OutboundError } from "./outbound-error.ts"
import { parseTarget, type Target } from "./target.ts"

/** What the operator decided about outgoing requests (contract/webhooks.md §8). */
export interface OutboundSettings extends AddressSettings {
  /** `http` in live mode too. */
  readonly allowHttp: boolean
}

/** The outside world of the tests. */
export interface OutboundOptions {
  readonly resolve?: Resolve
  readonly limits?: Partial<OutboundLimits>
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
  /** PEM certificates that are believed instead of those that come with Node. */
  readonly certificateAuthorities?: readonly string[]
}

/** Makes the one way out to URLs that users choose (contract/webhooks.md §8). Nothing is loaded before the first request. */
export function createOutbound(settings: OutboundSettings, options: OutboundOptions = {}): Outbound {
  const limits: OutboundLimits = { ...contractLimits, ...options.limits }
  const now = options.now ?? (() => performance.now())
  const lookup: Lookup = { settings, resolve: options.resolve ?? resolveByNameServers(), dnsMs: limits.dnsMs }
  const pool = createConnectionPool({ now, reuseMs: limits.reuseMs })
  let inFlight = 0
  let whenLanded: (() => void) | undefined
  let isClosed = false

  const isHttpAllowed = (mode: OutboundRequest["mode"]) => mode === "test" || settings.allowHttp

  async function request(request: OutboundRequest): Promise<OutboundResult> {
    const flight: Flight = { request, startedAt: now(), times: {}, exchange: undefined }
    inFlight += 1
    try {
      if (isClosed) throw new OutboundError("connect", "The platform is shutting down.")
      const { target, problem } = parseTarget(request.url, { allowHttp: isHttpAllowed(request.mode) })
      if (target === undefined) throw new OutboundError("blocked", `The URL ${problem}.`)
      const isVerified = request.mode !== "test"
      const trust = { certificateAuthorities: options.certificateAuthorities, verify: isVerified }
      const key = `${request.tenant} ${isVerified ? "verified" : "unverified"} ${target.origin}`
      return await send(flight, target, { key, target, lookup, trust, limits, now })
    } catch (error) {
      return failed(flight, error, now())
    } finally {
      inFlight -= 1
      if (inFlight === 0) whenLanded?.()
    }
  }

  async function send(flight: Flight, { path }: Target, opening: Opening): Promise<OutboundResult> {
    const { request, startedAt, times } = flight
    for (;;) {
      const kept = pool.take(opening.key)
      // A server that closes without a word is noticed by then, mostly: its FIN comes right behind its answer.
      if (kept !== undefined) await nextTurn()
      const connection = kept ?? (await openConnection(opening, times))
      flight.exchange = startExchange({ request, path, startedAt, limits, now }, connection)
      const end = await flight.exchange.ended
      if (end.kind === "answered" && end.bodyEnd === "complete") pool.give(connection)
      else endConnection(connection)
      if (end.kind === "failed") throw end.error
      if (end.kind === "answered") return { ...end, timings: timingsOf(flight, now()) }
      if (kept === undefined) throw new OutboundError("receive", "The server closed the connection at once.")
    }
  }

  async function findUrlProblem(url: string, mode: OutboundRequest["mode"]): Promise<string | undefined> {
    const { target, problem } = parseTarget(url, { allowHttp: isHttpAllowed(mode) })
    if (target === undefined) return problem
    const found = await findAddresses(target, lookup)
    return found.kind === "refused" ? found.problem : undefined
  }

  async function close(patienceMs?: number): Promise<void> {
    isClosed = true
    pool.close()
    if (inFlight === 0 || patienceMs === 0) return
    const landed = Promise.withResolvers<void>()
    whenLanded = landed.resolve
    const timer = patienceMs === undefined ? undefined : setTimeout(landed.resolve, patienceMs)
    await landed.promise
    clearTimeout(timer)
  }

  return { request, findUrlProblem, close }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** A request on its way, and what is known of it. */
interface Flight {
  readonly request: OutboundRequest
  readonly startedAt: number
  readonly times: OpeningTimes
  exchange: Exchange | undefined
}

function failed(flight: Flight, error: unknown, endedAt: number): OutboundResult {
  const { failure, message } =
    error instanceof OutboundError
      ? error
      : new OutboundError("send", `The request cannot be sent: ${(error as Error).message}.`)
  return { kind: "failed", failure, message, response: flight.exchange?.response, timings: timingsOf(flight, endedAt) }
}

function timingsOf({ startedAt, times, exchange }: Flight, endedAt: number): OutboundTimings {
  const whole = (ms: number | undefined) => (ms === undefined ? undefined : Math.round(ms))
  const { firstByteAt } = exchange ?? {}
  return {
    dnsMs: whole(times.dnsMs),
    connectMs: whole(times.connectMs),
    tlsMs: whole(times.tlsMs),
    firstByteMs: firstByteAt === undefined ? undefined : Math.round(firstByteAt - startedAt),
    totalMs: Math.round(endedAt - startedAt),
  }
}
