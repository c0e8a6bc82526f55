import type { Instant } from "../../../clock.ts"
import type { Language } from "../../../messages/catalogue.ts"
import { countUpTo } from "../../../messages/count.ts"
import { mostCounted, type WebhookActivity } from "../../../webhooks/activity.ts"

/** What waits for a webhook, and what failed lately; counts as texts, since nobody counts them to their end. */
export interface Waiting {
  readonly waiting: string
  /** Undefined: nothing waits. `now` when its time has come. */
  readonly next: Instant | "now" | undefined
  readonly failures: string
}

/** What waits for a webhook and failed lately, as texts. Pure. */
export function toWaiting(
  { waiting, failures, nextDueAt }: WebhookActivity,
  now: Instant,
  language: Language,
): Waiting {
  return {
    waiting: countUpTo(waiting, mostCounted.waiting, language),
    failures: countUpTo(failures, mostCounted.failures, language),
    next: nextDueAt === undefined ? undefined : nextDueAt <= now ? "now" : nextDueAt,
  }
}
