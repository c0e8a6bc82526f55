import type { Clock } from "../clock.ts"
import type { FailureBudget, RateLimit } from "../config-values.ts"

/** Where a caller stands after one call. All whole numbers, as the headers have them (contract/api.md §5). */
export interface RateVerdict {
  readonly allowed: boolean
  /** Bucket size. */
  readonly limit: number
  /** Whole calls left. */
  readonly remaining: number
  /** Seconds until the bucket is full. */
  readonly resetSeconds: number
  /** Seconds until one call is possible again; at least 1. */
  readonly retryAfterSeconds: number
}

export interface RateLimiter {
  /** Takes one call from the key's bucket. */
  take(key: string | number): RateVerdict
}

interface Bucket {
  tokens: number
  at: number
}

// What says nothing any more is forgotten beyond this many keys, and then the oldest: whoever has many addresses (of IPv6
// everybody has) must cost neither memory without end nor a look at every key on every call.
const maximumKeys = 50_000
const sweepEveryMs = 1000

/** Makes room in a map of callers: by `sweep`, at most once a second, and if that was in vain without the oldest. */
function createRoom(keys: Map<string | number, unknown>, clock: Clock, sweep: () => void): () => void {
  let sweptAt = Number.NEGATIVE_INFINITY
  return () => {
    if (keys.size < maximumKeys) return
    const now = clock.now()
    if (Math.abs(now - sweptAt) >= sweepEveryMs) {
      sweptAt = now
      sweep()
    }
    const oldest = keys.keys().next().value
    if (keys.size >= maximumKeys && oldest !== undefined) keys.delete(oldest)
  }
}

/** Token buckets by key, in this process; undefined stands for a limit that is switched off. */
export function createRateLimiter(limit: RateLimit | undefined, clock: Clock): RateLimiter | undefined {
  if (limit === undefined) return undefined
  const { perSecond, burst } = limit
  const buckets = new Map<string | number, Bucket>()

  const makeRoom = createRoom(buckets, clock, () => {
    const now = clock.now()
    for (const [key, bucket] of buckets) {
      if (bucket.tokens + ((now - bucket.at) / 1000) * perSecond >= burst) buckets.delete(key)
    }
  })

  return {
    take: (key) => {
      const now = clock.now()
      const known = buckets.get(key)
      const bucket = known ?? { tokens: burst, at: now }
      if (known === undefined) {
        makeRoom()
        buckets.set(key, bucket)
      }
      bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * perSecond)
      bucket.at = now
      const allowed = bucket.tokens >= 1
      if (allowed) bucket.tokens -= 1
      return {
        allowed,
        limit: burst,
        remaining: Math.floor(bucket.tokens),
        resetSeconds: Math.ceil((burst - bucket.tokens) / perSecond),
        retryAfterSeconds: Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond)),
      }
    },
  }
}

export interface FailureCounter {
  /** Seconds until the address has room again, or 0 when it has. */
  blockedSeconds(address: string): number
  record(address: string): void
}

/** Failures by address within a sliding window, in this process (contract/oauth.md §14). */
export function createFailureCounter(budget: FailureBudget | undefined, clock: Clock): FailureCounter {
  const failures = new Map<string | number, number[]>()
  if (budget === undefined) return { blockedSeconds: () => 0, record: () => {} }
  const windowMs = budget.windowSeconds * 1000

  function recent(address: string | number): number[] {
    const since = clock.now() - windowMs
    const times = (failures.get(address) ?? []).filter((time) => time > since)
    if (times.length === 0) failures.delete(address)
    else failures.set(address, times)
    return times
  }

  const makeRoom = createRoom(failures, clock, () => {
    for (const address of [...failures.keys()]) recent(address)
  })

  return {
    blockedSeconds: (address) => {
      const times = recent(address)
      if (times.length < budget.count) return 0
      const oldest = times[times.length - budget.count] ?? 0
      return Math.max(1, Math.ceil((oldest + windowMs - clock.now()) / 1000))
    },
    record: (address) => {
      const times = failures.get(address)
      if (times !== undefined) {
        // More than the budget tells nothing more.
        if (times.length >= budget.count) times.shift()
        times.push(clock.now())
        return
      }
      makeRoom()
      failures.set(address, [clock.now()])
    },
  }
}
