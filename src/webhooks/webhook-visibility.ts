import type { Queries } from "../database/engine.ts"
import type { WebhookId } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import { checkVisible, isVisible, type WebhookViewer } from "./list-webhooks.ts"
import type { Webhook } from "./webhook.ts"
import { type AnyWebhook, selectAnyWebhook, selectWebhookHeads, selectWebhooks } from "./webhooks.store.ts"

export type { AnyWebhook } from "./webhooks.store.ts"

/** Whose webhooks, and which of them (contract/api.md §2). */
export type WebhookOwner = WebhookViewer

/**
 * A webhook whose log the owner may read: that of a deleted one stays (contract/webhooks.md §6.1).
 *
 * @throws Refusal not_found
 */
export async function getLoggedWebhook(db: Queries, owner: WebhookOwner, id: WebhookId): Promise<Webhook> {
  return checkVisible(owner, await selectAnyWebhook(db, id))
}

/**
 * A company's webhook in whichever mode, deleted ones too: their log stays.
 *
 * @throws Refusal not_found
 */
export async function getCompanyWebhook(db: Queries, companyId: number, id: number): Promise<AnyWebhook> {
  const webhook = await selectAnyWebhook(db, id)
  if (webhook?.companyId === companyId) return webhook
  throw new Refusal("not_found", "There is no such webhook")
}

/** Those of the webhooks that exist and that the owner may see. */
export async function listReplayable(
  db: Queries,
  owner: WebhookOwner,
  ids: readonly WebhookId[],
): Promise<readonly WebhookId[]> {
  const found: WebhookId[] = []
  for (const id of new Set(ids)) {
    const webhook = await selectAnyWebhook(db, id)
    if (webhook !== undefined && webhook.deletedAt === undefined && isVisible(owner, webhook)) found.push(id)
  }
  return found
}

/**
 * A webhook that the owner may see and that is not deleted.
 *
 * @throws Refusal not_found
 */
export async function getVisibleWebhook(db: Queries, owner: WebhookOwner, id: WebhookId): Promise<Webhook> {
  const [found] = await listReplayable(db, owner, [id])
  if (found === undefined) throw new Refusal("not_found", "There is no such webhook")
  return getLoggedWebhook(db, owner, id)
}

/** Every webhook that the owner may see and that is not deleted, newest first. */
export async function listVisibleWebhooks(db: Queries, owner: WebhookOwner): Promise<readonly Webhook[]> {
  const { companyId, mode } = owner
  const heads = await selectWebhookHeads(db, { companyId, mode })
  return (
    await selectWebhooks(
      db,
      heads.map(({ id }) => id),
    )
  ).filter((webhook) => isVisible(owner, webhook))
}
