import { type Instant, instantAfter } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { CompanyId, Mode, WebhookId } from "../ids.ts"
import { selectActivity, type WebhookActivity } from "./activity.store.ts"
import type { StoredWebhook } from "./list-webhooks.ts"
import { selectWebhookHeads, selectWebhooks } from "./webhooks.store.ts"

export type { WebhookActivity } from "./activity.store.ts"

/** Failures and waiting deliveries are counted as far as this: more of them say nothing new. */
export const mostCounted = { failures: 100, waiting: 1000 } as const

const dayMs = 24 * 3_600_000
const idle: WebhookActivity = { last: undefined, failures: 0, waiting: 0, nextDueAt: undefined }

/** A webhook with what it has been doing for a day. */
export interface ActiveWebhook {
  readonly webhook: StoredWebhook
  readonly activity: WebhookActivity
}

/** All webhooks of a company, live ones first, then newest first: no more than the limit of contract/webhooks.md §6.1. */
export async function listActiveWebhooks(
  db: Queries,
  now: Instant,
  companyId: CompanyId,
): Promise<readonly ActiveWebhook[]> {
  const ids: WebhookId[] = []
  for (const mode of ["live", "test"] satisfies readonly Mode[]) {
    ids.push(...(await selectWebhookHeads(db, { companyId, mode })).map(({ id }) => id))
  }
  const webhooks = new Map((await selectWebhooks(db, ids)).map((webhook) => [webhook.id, webhook]))
  const activity = await readActivity(db, now, ids)
  return ids.flatMap((id) => {
    const webhook = webhooks.get(id)
    return webhook === undefined ? [] : [{ webhook, activity: activity.get(id) ?? idle }]
  })
}

/** What one webhook has been doing for a day. */
export async function getActivity(db: Queries, now: Instant, id: WebhookId): Promise<WebhookActivity> {
  return (await readActivity(db, now, [id])).get(id) ?? idle
}

function readActivity(db: Queries, now: Instant, ids: readonly WebhookId[]) {
  const { failures: mostFailures, waiting: mostWaiting } = mostCounted
  return selectActivity(db, { ids, since: instantAfter(now, -dayMs), mostFailures, mostWaiting })
}
