import type { Instant } from "../clock.ts"
import type { Database } from "../database/engine.ts"
import {
  countDue,
  countRecentClasses,
  type OffWebhook,
  type RecentClass,
  selectSwitchedOff,
  selectWaitingEndpoints,
  type WaitingEndpoint,
} from "./delivery-health.store.ts"

/** How far the operator's overview counts: beyond that it says "more than". */
export const countedAtMost = 10_000
const recentAttempts = 2000
const shownEndpoints = 50

/** How delivery does, on all nodes together. */
export interface DeliveryHealth {
  /** Waiting or on their way, counted up to `countedAtMost`. */
  readonly due: number
  /** Endpoints with something waiting, the one that has waited longest first. */
  readonly waiting: readonly WaitingEndpoint[]
  /** How the latest attempts ended. */
  readonly recent: readonly RecentClass[]
  readonly recentSince: Instant | undefined
  /** Webhooks that the platform switched off. */
  readonly switchedOff: readonly OffWebhook[]
}

/** The operator's overview of deliveries; its cost does not grow with the backlog or the log. */
export async function reportDeliveries(db: Database): Promise<DeliveryHealth> {
  const [due, waiting, { classes, since }, switchedOff] = await Promise.all([
    countDue(db, countedAtMost),
    selectWaitingEndpoints(db, { endpoints: shownEndpoints, deliveries: countedAtMost }),
    countRecentClasses(db, recentAttempts),
    selectSwitchedOff(db, shownEndpoints),
  ])
  const byAge = waiting.toSorted((one, other) => one.oldestDueAt - other.oldestDueAt)
  return { due, waiting: byAge, recent: classes, recentSince: since, switchedOff }
}

/** How many deliveries wait or are on their way, counted up to `countedAtMost`. */
export function countDeliveriesDue(db: Database): Promise<number> {
  return countDue(db, countedAtMost)
}
