import type { Clock } from "../clock.ts"
import type { FailureBudget, RateLimit } from "../config.ts"

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

// Full buckets are forgotten beyond this many keys, so that memory does not follow the number of addresses.
const maximumKeys = 50_000

/** Token buckets by key, in this process; undefined stands for a limit that is switched off. */
export function createRateLimiter(limit: RateLimit | undefined, clock: Clock): RateLimiter | undefined {
  if (limit === undefined) return undefined
  const { perSecond, burst } = limit
  const buckets = new Map<string | number, Bucket>()

  function forgetFull(now: number): void {
    for (const [key, bucket] of buckets) {
      if (bucket.tokens + ((now - bucket.at) / 1000) * perSecond >= burst) buckets.delete(key)
    }
  }

  return {
    take: (key) => {
      const now = clock.now()
      const known = buckets.get(key)
      const bucket = known ?? { tokens: burst, at: now }
      if (known === undefined) {
        if (buckets.size >= maximumKeys) forgetFull(now)
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
  const failures = new Map<string, number[]>()
  if (budget === undefined) return { blockedSeconds: () => 0, record: () => {} }
  const windowMs = budget.windowSeconds * 1000

  function recent(address: string): number[] {
    const since = clock.now() - windowMs
    const times = (failures.get(address) ?? []).filter((time) => time > since)
    if (times.length === 0) failures.delete(address)
    else failures.set(address, times)
    return times
  }

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
      if (failures.size >= maximumKeys) for (const key of [...failures.keys()]) recent(key)
      failures.set(address, [clock.now()])
    },
  }
}
