import type { Queries } from "../database/engine.ts"
import type { Mode, WebhookId } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import type { Webhook } from "./webhook.ts"
import { lockStoredWebhook, type StoredWebhook, selectStoredWebhook, toWebhook } from "./webhooks.store.ts"

/** Whose webhooks, and which of them: with chosen accounts, those whose accounts are all chosen (contract/api.md §2). */
export interface WebhookOwner {
  readonly companyId: number
  readonly mode: Mode
  readonly bankAccountIds: readonly number[] | undefined
}

/** Whether an owner may see a webhook; for a chosen list, `all` is more than was chosen. */
export function isVisible(webhook: Webhook, { companyId, mode, bankAccountIds }: WebhookOwner): boolean {
  if (webhook.companyId !== companyId || webhook.mode !== mode) return false
  if (bankAccountIds === undefined) return true
  return webhook.bankMode !== "all" && webhook.bankAccountIds.every((id) => bankAccountIds.includes(id))
}

/**
 * A webhook that the owner may see.
 *
 * @throws Refusal not_found, also for a deleted one
 */
export async function getVisibleWebhook(db: Queries, owner: WebhookOwner, id: WebhookId): Promise<Webhook> {
  const webhook = await findVisible(db, owner, id, "present")
  if (webhook === undefined) throw new Refusal("not_found", "There is no such webhook")
  return webhook
}

/**
 * The same, as it is stored.
 *
 * @throws Refusal not_found
 */
export async function getVisibleStored(db: Queries, owner: WebhookOwner, id: WebhookId): Promise<StoredWebhook> {
  const row = await selectStoredWebhook(db, id)
  if (row !== undefined && row.deleted_at === null && isVisible(toWebhook(row), owner)) return row
  throw new Refusal("not_found", "There is no such webhook")
}

/**
 * The same, locked until the end of the database transaction.
 *
 * @throws Refusal not_found
 */
export async function lockVisible(tx: Queries, owner: WebhookOwner, id: WebhookId): Promise<StoredWebhook> {
  const row = await lockStoredWebhook(tx, id)
  if (row !== undefined && row.deleted_at === null && isVisible(toWebhook(row), owner)) return row
  throw new Refusal("not_found", "There is no such webhook")
}

/**
 * A webhook whose log the owner may read: that of a deleted one stays (contract/webhooks.md §6.1).
 *
 * @throws Refusal not_found
 */
export async function getLoggedWebhook(db: Queries, owner: WebhookOwner, id: WebhookId): Promise<Webhook> {
  const webhook = await findVisible(db, owner, id, "deleted too")
  if (webhook === undefined) throw new Refusal("not_found", "There is no such webhook")
  return webhook
}

/** Those of the webhooks that exist and that the owner may see. */
export async function listReplayable(
  db: Queries,
  owner: WebhookOwner,
  ids: readonly WebhookId[],
): Promise<readonly WebhookId[]> {
  const found: WebhookId[] = []
  for (const id of new Set(ids)) if ((await findVisible(db, owner, id, "present")) !== undefined) found.push(id)
  return found
}

async function findVisible(
  db: Queries,
  owner: WebhookOwner,
  id: WebhookId,
  which: "present" | "deleted too",
): Promise<Webhook | undefined> {
  const row = await selectStoredWebhook(db, id)
  if (row === undefined || (row.deleted_at !== null && which === "present")) return undefined
  const webhook = toWebhook(row)
  return isVisible(webhook, owner) ? webhook : undefined
}
