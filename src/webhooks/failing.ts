import { type Instant, instantAfter } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { WebhookId } from "../ids.ts"
import { selectFailing } from "./failing.store.ts"
import { listVisibleWebhooks, type WebhookOwner } from "./webhook-visibility.ts"

/** A webhook some of whose deliveries do not arrive. */
export interface FailingWebhook {
  readonly id: WebhookId
  readonly name: string
  /** Given up within the last 24 hours, up to `mostCounted`. */
  readonly failed: number
  readonly latestFailedAt: Instant | undefined
  /** Failed before and waiting for another try, up to `mostCounted`. */
  readonly waiting: number
}

/** What is not counted further: "200 or more". */
export const mostCounted = 200

const dayMs = 86_400_000

/** The webhooks whose deliveries failed in the last 24 hours or wait for another try, worst first. */
export async function listFailing(
  db: Queries,
  owner: WebhookOwner,
  now: Instant,
): Promise<{ readonly webhooks: number; readonly failing: readonly FailingWebhook[] }> {
  const webhooks = await listVisibleWebhooks(db, owner)
  const since = instantAfter(now, -dayMs)
  const rows = await selectFailing(
    db,
    webhooks.map(({ id }) => id),
    { since, most: mostCounted },
  )
  const byId = new Map(rows.map((row) => [row.webhookId, row]))
  const failing = webhooks.flatMap(({ id, name }): FailingWebhook[] => {
    const row = byId.get(id)
    if (row === undefined || row.failed + row.waiting === 0) return []
    return [{ id, name, failed: row.failed, latestFailedAt: row.latestFailedAt ?? undefined, waiting: row.waiting }]
  })
  return { webhooks: webhooks.length, failing: failing.sort((a, b) => b.failed - a.failed || b.waiting - a.waiting) }
}
