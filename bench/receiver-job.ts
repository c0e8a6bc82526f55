import type { Assistant } from "./pinned-process.ts"

/** What the receiver is asked to do. */
export type ReceiverJob =
  | { readonly kind: "listen" }
  /** Waits until so many requests have arrived since the last time, or until it is too late, and hands them over. */
  | { readonly kind: "collect"; readonly count: number; readonly withinMs: number }
  | PushJob
  /** Breaks the connections off that it left without an answer: all requests to `/hang…`. */
  | { readonly kind: "hang-up" }

/** Pushes to the platform, one request after the other at fixed times, and sends a probe between each two. */
export interface PushJob {
  readonly kind: "push"
  readonly port: number
  readonly requests: readonly string[]
  readonly everyMs: number
  readonly probe: string
}

/** A webhook request that arrived in full. Times in ms, of the receiver's own clock. */
export interface Arrival {
  readonly path: string
  /** `referenceCode` of the payload: each transaction of a benchmark has its own. */
  readonly reference: string
  readonly at: number
}

/** When a request was sent, and when its answer was there; for a push, that follows the commit. */
export interface Timed {
  readonly sentAt: number
  readonly answeredAt: number
}

/** What came of a job; what it does not speak of is 0 or empty. */
export interface ReceiverAnswer {
  readonly port: number
  readonly arrivals: readonly Arrival[]
  readonly pushes: readonly Timed[]
  readonly probes: readonly Timed[]
}

export type Receiver = Assistant<ReceiverJob, ReceiverAnswer>

/** Checks that each of the references arrived once on each of the paths, and nothing else. */
export function checkArrivals(
  arrivals: readonly Arrival[],
  paths: readonly string[],
  references: readonly string[],
): void {
  const missing = new Set(paths.flatMap((path) => references.map((reference) => `${path} ${reference}`)))
  const expected = missing.size
  const repeated = arrivals.filter(({ path, reference }) => !missing.delete(`${path} ${reference}`))
  if (missing.size === 0 && repeated.length === 0) return
  const text = `${missing.size} of ${expected} deliveries were lost, ${repeated.length} came twice or were never sent`
  throw new Error(`${text}: ${[...missing].slice(0, 3)} ${repeated.slice(0, 3).map(({ reference }) => reference)}`)
}
