import { type Instant, instantAfter } from "../clock.ts"
import { Refusal } from "../refusal.ts"
import type { Throttle } from "./sign-in-throttles.store.ts"

/** How guessing is slowed down under one kind of key. */
export interface Allowance {
  /** Failures that cost no wait. */
  readonly free: number
  /** The wait doubles from one second up to this. */
  readonly longestWaitSeconds: number
  /** Without a failure for this long, all is forgotten. */
  readonly memoryMs: number
}

/** What is remembered after one more failure. */
export function afterFailure(allowance: Allowance, before: Throttle | undefined, now: Instant): Throttle {
  const isForgotten = before === undefined || now - before.updatedAt >= allowance.memoryMs
  const failures = (isForgotten ? 0 : before.failures) + 1
  const excess = failures - allowance.free
  const waitSeconds = excess <= 0 ? 0 : Math.min(2 ** (excess - 1), allowance.longestWaitSeconds)
  // Not `now`: a request that came a moment earlier may be counted a moment later.
  const blockedUntil = waitSeconds === 0 ? (0 as Instant) : instantAfter(now, waitSeconds * 1000)
  return { failures, blockedUntil, updatedAt: now }
}

/**
 * Refuses while a wait under one of the keys runs.
 *
 * @throws Refusal too_many, with `retryAfterSeconds`
 */
export function checkWait(rows: ReadonlyMap<string, Throttle>, keys: readonly string[], now: Instant): void {
  const waitMs = Math.max(...keys.map((key) => (rows.get(key)?.blockedUntil ?? 0) - now))
  if (waitMs <= 0) return
  throw new Refusal("too_many", "Too many tries to sign in.", { retryAfterSeconds: Math.ceil(waitMs / 1000) })
}
