import type { Instant } from "../clock.ts"
import { hashCandidates, type Keyring } from "../crypto/keyring.ts"
import type { Queries } from "../database/engine.ts"
import type { WebhookId } from "../ids.ts"
import { readView, type WebhookView } from "./stored-settings.ts"
import { getVisibleStored, isVisible, type WebhookOwner } from "./webhook-visibility.ts"
import { selectStoredWebhooks, toWebhook } from "./webhooks.store.ts"

/** What a list is narrowed to (contract/api.md §8). */
export interface WebhookListFilter {
  /** Part of the URL, in any case. */
  readonly webhookUrl?: string | undefined
  readonly apiKey?: string | undefined
  readonly active?: boolean | undefined
}

/** Webhooks that the owner may see, newest first, by `page` (from 1) of `limit` rows. */
export async function listWebhooks(
  db: Queries,
  keyring: Keyring,
  { owner, now }: { readonly owner: WebhookOwner; readonly now: Instant },
  {
    filter,
    page,
  }: { readonly filter: WebhookListFilter; readonly page: { readonly page: number; readonly limit: number } },
): Promise<{ readonly total: number; readonly webhooks: readonly WebhookView[] }> {
  // A company has some hundred at most, so all are read and looked at here.
  const hashes = filter.apiKey === undefined ? undefined : hashCandidates(keyring, filter.apiKey)
  const part = filter.webhookUrl?.toLowerCase()
  const rows = (await selectStoredWebhooks(db, owner)).filter(
    (row) =>
      isVisible(toWebhook(row), owner) &&
      (part === undefined || row.webhook_url.toLowerCase().includes(part)) &&
      (filter.active === undefined || (row.active === 1) === filter.active) &&
      (hashes === undefined || (row.api_key_hash !== null && hashes.includes(row.api_key_hash))),
  )
  const first = (page.page - 1) * page.limit
  const webhooks = rows.slice(first, first + page.limit).map((row) => readView(keyring, row, now))
  return { total: rows.length, webhooks }
}

/**
 * One webhook.
 *
 * @throws Refusal not_found
 */
export async function getWebhook(
  db: Queries,
  keyring: Keyring,
  { owner, now }: { readonly owner: WebhookOwner; readonly now: Instant },
  id: WebhookId,
): Promise<WebhookView> {
  return readView(keyring, await getVisibleStored(db, owner, id), now)
}
