import { type Instant, instantAfter } from "../clock.ts"
import type { Mode, WebhookId } from "../ids.ts"
import type { Lane } from "./delivery.ts"

/** How many calls one process has under way at most (contract/webhooks.md §7.1). */
export interface LaneLimits {
  readonly fast: number
  readonly slow: number
  /** Of one endpoint that has proven itself. */
  readonly endpoint: number
}

/** A call under way. */
export interface Flight {
  readonly startedAt: Instant
  readonly lane: Lane
  /** Taken by an endpoint that was slow already. */
  readonly slow: boolean
}

/** What one process knows of an endpoint. An endpoint is a webhook. */
export interface Endpoint {
  readonly webhookId: WebhookId
  readonly mode: Mode
  readonly flights: Set<Flight>
  /** Until when its last delivered attempt vouches for it. */
  provenUntil: Instant
  /** How long its last attempts took, newest last, ms. */
  readonly recentMs: number[]
  slow: boolean
  /** Quick answers in a row while slow. */
  quickAnswers: number
}

const unprovenCap = 4
const slowCap = 2
const provenForMs = 5 * 60_000
const longFlightMs = 5000
const slowAnswerMs = 2000
const remembered = 20
// One slow answer of a new endpoint says little.
const fewestToJudge = 3
const quickAnswersToLeave = 3
const testShare = 0.1
const retryShare = 0.25
// Beyond the contract: a hundred new endpoints that all hang would hold every fast slot until they are seen as slow.
const unprovenShare = 0.5

/** An endpoint nothing is known of yet. */
export function newEndpoint(webhookId: WebhookId, mode: Mode): Endpoint {
  const flights = new Set<Flight>()
  return { webhookId, mode, flights, provenUntil: 0 as Instant, recentMs: [], slow: false, quickAnswers: 0 }
}

/** Whether it is held to two calls in the slow pool (contract/webhooks.md §7.1, "slow"). */
export function isSlow(endpoint: Endpoint, now: Instant): boolean {
  return endpoint.slow || [...endpoint.flights].some((flight) => isLong(flight, now))
}

function isLong(flight: Flight, now: Instant): boolean {
  return now - flight.startedAt > longFlightMs
}

/** Notes that a call began. */
export function beginFlight(endpoint: Endpoint, lane: Lane, now: Instant): Flight {
  const flight: Flight = { startedAt: now, lane, slow: isSlow(endpoint, now) }
  endpoint.flights.add(flight)
  return flight
}

/** Notes how a call ended, and what that says about the endpoint. */
export function endFlight(endpoint: Endpoint, flight: Flight, delivered: boolean, now: Instant): void {
  const tookMs = now - flight.startedAt
  endpoint.flights.delete(flight)
  if (delivered) endpoint.provenUntil = instantAfter(now, provenForMs)
  endpoint.recentMs.push(tookMs)
  if (endpoint.recentMs.length > remembered) endpoint.recentMs.shift()
  if (endpoint.slow) {
    endpoint.quickAnswers = tookMs < slowAnswerMs ? endpoint.quickAnswers + 1 : 0
    if (endpoint.quickAnswers < quickAnswersToLeave) return
    // What it was like before counts no more, or its median would send it back.
    Object.assign(endpoint, { slow: false, quickAnswers: 0 })
    endpoint.recentMs.length = 0
  } else if (isLong(flight, now) || isMedianSlow(endpoint.recentMs)) {
    Object.assign(endpoint, { slow: true, quickAnswers: 0 })
  }
}

// Whether the median of its last attempts is slow, without sorting them after each attempt.
function isMedianSlow(durations: readonly number[]): boolean {
  if (durations.length < fewestToJudge) return false
  let slow = 0
  for (const duration of durations) if (duration > slowAnswerMs) slow += 1
  return slow >= Math.ceil(durations.length / 2)
}

/** Calls under way, by what they count against. */
export interface Usage {
  fast: number
  /** Of them, those to endpoints that have not proven themselves. */
  fastUnproven: number
  fastRetries: number
  fastTest: number
  slow: number
  slowTest: number
}

/** Counts all calls under way; one that takes long counts against the slow pool, whatever it began in. */
export function countUsage(endpoints: Iterable<Endpoint>, now: Instant): Usage {
  const usage: Usage = { fast: 0, fastUnproven: 0, fastRetries: 0, fastTest: 0, slow: 0, slowTest: 0 }
  for (const endpoint of endpoints) {
    const test = endpoint.mode === "test" ? 1 : 0
    const unproven = isProven(endpoint, now) ? 0 : 1
    for (const flight of endpoint.flights) {
      if (flight.slow || isLong(flight, now)) {
        usage.slow += 1
        usage.slowTest += test
      } else {
        usage.fast += 1
        usage.fastUnproven += unproven
        usage.fastTest += test
        if (flight.lane === "retry") usage.fastRetries += 1
      }
    }
  }
  return usage
}

/** How many deliveries of each lane an endpoint may begin now. */
export interface Room {
  readonly first: number
  readonly retry: number
  /** Both lanes together. */
  readonly all: number
}

/** The room an endpoint has, given what all others use (contract/webhooks.md §7.1). */
export function roomOf(endpoint: Endpoint, usage: Usage, limits: LaneLimits, now: Instant): Room {
  const slow = isSlow(endpoint, now)
  const fast = isProven(endpoint, now)
    ? limits.fast - usage.fast
    : Math.min(limits.fast - usage.fast, Math.ceil(limits.fast * unprovenShare) - usage.fastUnproven)
  const pool = slow ? limits.slow - usage.slow : fast
  const testPool = slow
    ? Math.max(1, Math.floor(limits.slow * testShare)) - usage.slowTest
    : Math.max(1, Math.floor(limits.fast * testShare)) - usage.fastTest
  const ofMode = endpoint.mode === "test" ? Math.min(pool, testPool) : pool
  const all = Math.max(0, Math.min(ofMode, capOf(endpoint, slow, limits, now) - endpoint.flights.size))
  const retries = slow ? all : Math.max(1, Math.floor(limits.fast * retryShare)) - usage.fastRetries
  return { first: all, retry: Math.max(0, Math.min(all, retries)), all }
}

/** Whether a delivered attempt of the last five minutes vouches for it. */
export function isProven({ provenUntil }: Endpoint, now: Instant): boolean {
  return now < provenUntil
}

/**
 * How much each of so many unproven endpoints may begin: what is left of their slots, shared evenly, so that one call shows
 * of each whether it answers before any of them gets four.
 */
export function shareOfUnproven(usage: Usage, limits: LaneLimits, endpoints: number): number {
  const left = Math.ceil(limits.fast * unprovenShare) - usage.fastUnproven
  return Math.max(1, Math.floor(left / Math.max(1, endpoints)))
}

function capOf(endpoint: Endpoint, slow: boolean, { endpoint: proven }: LaneLimits, now: Instant): number {
  if (slow) return slowCap
  return isProven(endpoint, now) ? proven : Math.min(unprovenCap, proven)
}

/** How many of the deliveries that an endpoint begins at once may be retries, as long as first attempts wait too. */
export function retriesOf(all: number): number {
  return Math.ceil(all / 4)
}

/** Counts deliveries that are about to begin, so that the next endpoint sees them. */
export function reserve(usage: Usage, endpoint: Endpoint, begun: { first: number; retry: number }, now: Instant): void {
  const count = begun.first + begun.retry
  const test = endpoint.mode === "test" ? count : 0
  if (isSlow(endpoint, now)) {
    usage.slow += count
    usage.slowTest += test
  } else {
    usage.fast += count
    usage.fastUnproven += isProven(endpoint, now) ? 0 : count
    usage.fastTest += test
    usage.fastRetries += begun.retry
  }
}
