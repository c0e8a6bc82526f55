import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import { insertAttempts, type NewAttempt } from "./attempts.store.ts"
import { countAttempts, finishDeliveries } from "./deliveries.store.ts"
import type { ClaimedDelivery, SecretWish } from "./delivery.ts"
import { deleteDue, rescheduleDue } from "./due.store.ts"
import type { NextStep } from "./retry-schedule.ts"
import { selectStopped } from "./webhooks.store.ts"

/** A call that was made, and what follows from it; it counts only while its claim stands. */
export interface MadeAttempt {
  readonly claimed: ClaimedDelivery
  readonly attempt: NewAttempt
  readonly next: NextStep
  /** A receiver refused the signature of one secret of a roll: the next attempt takes the other one. */
  readonly secretWish: SecretWish
  /** What the webhook itself learns from it, in the same database transaction. */
  readonly lesson: Lesson | undefined
}

/** What one attempt teaches about its webhook. */
export type Lesson =
  /** 410: it wants nothing more (contract/webhooks.md §4, `gone`). */
  | { readonly kind: "gone" }
  /** Its receiver has switched to the other secret of the roll (§2.3). */
  | { readonly kind: "other_secret_works" }
  /** The dialect of its token endpoint (§2.4). */
  | { readonly kind: "dialect"; readonly dialect: "standard" | "custom" }

/** Writes a lesson to the webhook; handed in, as it belongs to the webhook's own settings. */
export type Learn = (tx: Queries, now: Instant, claimed: ClaimedDelivery, lesson: Lesson) => Promise<void>

/**
 * Records attempts, in the caller's database transaction: the log, what becomes of each delivery, what its webhook learns.
 * The result of a worker that lost its lease is logged as `late` and changes nothing (contract/webhooks.md §7).
 */
export async function recordAttempts(tx: Queries, all: readonly MadeAttempt[], learn: Learn): Promise<void> {
  const made = await endStopped(tx, all)
  const standing = await settle(tx, made)
  await insertAttempts(
    tx,
    made.map((one) => (standing.has(one) ? one.attempt : { ...one.attempt, class: "late", nextRetryAt: null })),
  )
  for (const one of made) {
    const { claimed, attempt, lesson } = one
    if (lesson !== undefined && standing.has(one)) await learn(tx, attempt.endedAt, claimed, lesson)
  }
}

// What was in flight when its webhook was switched off or deleted has ended, and is not retried (contract/webhooks.md §6.1).
async function endStopped(tx: Queries, made: readonly MadeAttempt[]): Promise<readonly MadeAttempt[]> {
  const isRetry = ({ next, claimed }: MadeAttempt) => next.kind === "retry" && claimed.kind === "auto"
  const ids = new Set(made.filter(isRetry).map(({ claimed }) => claimed.webhook.id))
  const stopped = ids.size === 0 ? new Map() : await selectStopped(tx, [...ids])
  if (stopped.size === 0) return made
  return made.map((one) => {
    const reason = stopped.get(one.claimed.webhook.id)
    if (reason === undefined || !isRetry(one)) return one
    const attempt = { ...one.attempt, nextRetryAt: null }
    return { ...one, attempt, next: { kind: "finished", state: "failed", reason } }
  })
}

/**
 * Ends or reschedules each delivery whose claim still stands, and returns the attempts that did it: a batch may hold two of
 * one delivery, one of them late.
 */
async function settle(tx: Queries, made: readonly MadeAttempt[]): Promise<ReadonlySet<MadeAttempt>> {
  const standing = new Set<MadeAttempt>()
  const finished = made.filter(({ next }) => next.kind === "finished")
  for (const [claimId, group] of groupBy(finished, ({ claimed }) => claimed.claimId)) {
    const ids = group.map(({ claimed }) => claimed.deliveryId)
    const ended = await deleteDue(tx, claimId, ids)
    for (const one of group) if (ended.delete(one.claimed.deliveryId)) standing.add(one)
  }
  await finish(
    tx,
    finished.filter((one) => standing.has(one)),
  )
  for (const one of made) {
    const { claimed, attempt, next, secretWish } = one
    if (next.kind === "finished") continue
    if (!(await rescheduleDue(tx, claimed, { ...next, secretWish }))) continue
    standing.add(one)
    await countAttempts(tx, claimed.deliveryId, attempt.attemptNumber)
  }
  return standing
}

// Most end alike, so few statements end them all.
async function finish(tx: Queries, made: readonly MadeAttempt[]): Promise<void> {
  const alike = groupBy(made, ({ next, attempt }) => JSON.stringify([next, attempt.attemptNumber]))
  for (const group of alike.values()) {
    const [first] = group
    if (first === undefined || first.next.kind !== "finished") continue
    const { state, reason } = first.next
    const end = { state, reason: reason ?? null, attempts: first.attempt.attemptNumber, now: first.attempt.endedAt }
    const ids = group.map(({ claimed }) => claimed.deliveryId)
    await finishDeliveries(tx, ids, end)
  }
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}
