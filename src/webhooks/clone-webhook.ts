import type { Instant } from "../clock.ts"
import { type Database, transaction } from "../database/engine.ts"
import { addWebhook } from "./add-webhook.ts"
import { noCredentials } from "./credentials.ts"
import { getWebhook, type StoredWebhook, type WebhookManager } from "./list-webhooks.ts"
import { LONGEST_NAME, settingsOf } from "./webhook.ts"

const suffix = " (copy)"

/**
 * Copies a webhook but for its secrets: the copy is off, and cannot be switched on before its authentication fields are
 * set (contract/webhooks.md §6.1).
 *
 * @throws Refusal not_found, quota_exceeded
 */
export async function cloneWebhook(
  db: Database,
  now: Instant,
  { manager, id, liveLimit }: { readonly manager: WebhookManager; readonly id: number; readonly liveLimit: number },
): Promise<StoredWebhook> {
  return transaction(db, async (tx) => {
    const original = await getWebhook(tx, manager, id)
    const { oauth2AccessTokenUrl, oauth2ClientId } = original.credentials
    const name = [...original.name].slice(0, LONGEST_NAME - suffix.length).join("") + suffix
    const copy = {
      settings: { ...settingsOf(original), name, active: false },
      credentials: { ...noCredentials, oauth2AccessTokenUrl, oauth2ClientId },
    }
    return addWebhook(tx, now, copy, { manager, action: "webhook.clone", details: { cloned_from: id }, liveLimit })
  })
}
