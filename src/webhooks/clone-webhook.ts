import type { Instant } from "../clock.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { addWebhook } from "./add-webhook.ts"
import { noCredentials } from "./credentials.ts"
import { getWebhook, type StoredWebhook, type WebhookManager } from "./list-webhooks.ts"
import { LONGEST_NAME, settingsOf } from "./webhook.ts"

const suffix = " (copy)"

/** What a copy is made of, in whose name, and how many webhooks a company may have in live mode. */
export interface CloneOrder {
  readonly manager: WebhookManager
  readonly id: number
  readonly liveLimit: number
}

/**
 * Copies a webhook but for its secrets: the copy is off, and cannot be switched on before its authentication fields are
 * set (contract/webhooks.md §6.1).
 *
 * @throws Refusal not_found, quota_exceeded
 */
export async function cloneWebhook(db: Database, now: Instant, order: CloneOrder): Promise<StoredWebhook> {
  return transaction(db, (tx) => cloneWebhookWithin(tx, now, order))
}

/** The same in the caller's database transaction. */
export async function cloneWebhookWithin(
  tx: Queries,
  now: Instant,
  { manager, id, liveLimit }: CloneOrder,
): Promise<StoredWebhook> {
  const original = await getWebhook(tx, manager, id)
  const { oauth2AccessTokenUrl, oauth2ClientId } = original.credentials
  const name = [...original.name].slice(0, LONGEST_NAME - suffix.length).join("") + suffix
  const copy = {
    settings: { ...settingsOf(original), name, active: false },
    credentials: { ...noCredentials, oauth2AccessTokenUrl, oauth2ClientId },
  }
  return addWebhook(tx, now, copy, { manager, action: "webhook.clone", details: { cloned_from: id }, liveLimit })
}
