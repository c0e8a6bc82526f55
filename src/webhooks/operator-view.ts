import type { Queries } from "../database/engine.ts"
import type { WebhookId } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import { selectAttemptOwners } from "./delivery-log.store.ts"
import { countUndelivered, type UndeliveredFilter } from "./replay.store.ts"
import type { Webhook } from "./webhook.ts"
import type { WebhookOwner } from "./webhook-visibility.ts"
import { selectAnyWebhook, selectWebhookPage } from "./webhooks.store.ts"

/** Webhooks of every company, or of one, after an id; oldest first, in pages. */
export async function listEveryWebhook(
  db: Queries,
  of: { readonly companyId?: number | undefined; readonly after: number },
): Promise<readonly Webhook[]> {
  const { companyId, after } = of
  return selectWebhookPage(db, { after, limit: 500, companyId })
}

/**
 * Whose a webhook is: the operator acts in its owner's place, with all accounts. A deleted one counts too, as its log
 * stays.
 *
 * @throws Refusal not_found
 */
export async function getOwnerOfWebhook(db: Queries, id: WebhookId): Promise<WebhookOwner> {
  const webhook = await selectAnyWebhook(db, id)
  if (webhook === undefined) throw new Refusal("not_found", `There is no webhook ${id}: ./sepay webhook list`)
  const { companyId, mode } = webhook
  return { companyId, mode, bankAccountIds: undefined }
}

/** Whose log rows these are, by their numbers; those that are not there are left out. */
export async function listOwnersOfAttempts(
  db: Queries,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, WebhookOwner>> {
  const owners = await selectAttemptOwners(db, numbers)
  return new Map([...owners].map(([n, owner]) => [n, { ...owner, bankAccountIds: undefined }]))
}

/** How many deliveries a replay by this filter would make again. */
export function countReplayable(db: Queries, filter: UndeliveredFilter): Promise<number> {
  return countUndelivered(db, filter)
}
