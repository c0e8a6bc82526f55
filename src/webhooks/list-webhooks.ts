import { hashCandidates, type Keyring } from "../crypto/keyring.ts"
import type { Queries } from "../database/engine.ts"
import type { AuditActor } from "../identity/audit-log.ts"
import type { Access } from "../oauth/access.ts"
import { Refusal } from "../refusal.ts"
import type { Webhook } from "./webhook.ts"
import { lockWebhook, type StoredWebhook, selectWebhook, selectWebhookHeads, selectWebhooks } from "./webhooks.store.ts"

export type { StoredWebhook } from "./webhooks.store.ts"

/** Whose webhooks a caller may see: a company, a mode, and the accounts a consent names (contract/api.md §2, rows). */
export type WebhookViewer = Pick<Access, "companyId" | "mode" | "bankAccountIds">

/** A viewer who also changes them, and in whose name. */
export interface WebhookManager extends WebhookViewer {
  readonly actor: AuditActor
}

/** The app that an access token belongs to, as a manager. */
export function managerOf({ companyId, mode, bankAccountIds, clientRowId }: Access): WebhookManager {
  return { companyId, mode, bankAccountIds, actor: { kind: "client", id: clientRowId } }
}

export interface WebhookListing {
  /** Part of the URL, in any case; no character stands for another. */
  readonly urlPart?: string | undefined
  readonly apiKey?: string | undefined
  readonly active?: boolean | undefined
  readonly page: number
  readonly limit: number
}

export interface WebhookPage {
  readonly total: number
  readonly webhooks: readonly StoredWebhook[]
}

/** Lists the webhooks a viewer may see, newest first, by `page` (from 1) of `limit`. */
export async function listWebhooks(
  db: Queries,
  keyring: Keyring,
  viewer: WebhookViewer,
  { urlPart, apiKey, active, page, limit }: WebhookListing,
): Promise<WebhookPage> {
  const apiKeyHashes = apiKey === undefined ? undefined : hashCandidates(keyring, apiKey)
  const { companyId, mode } = viewer
  const heads = await selectWebhookHeads(db, { companyId, mode, active, apiKeyHashes })
  // Compared here and not by the engines, which fold the case of ASCII alone; the limit keeps the heads few.
  const part = urlPart?.toLowerCase() ?? ""
  const shown = heads.filter((head) => isWithinChoice(viewer, head) && head.webhookUrl.toLowerCase().includes(part))
  const ids = shown.slice((page - 1) * limit, page * limit).map(({ id }) => id)
  return { total: shown.length, webhooks: await selectWebhooks(db, ids) }
}

/**
 * Finds one webhook.
 *
 * @throws Refusal not_found when the viewer may not see it
 */
export async function getWebhook(db: Queries, viewer: WebhookViewer, id: number): Promise<StoredWebhook> {
  return checkVisible(viewer, await selectWebhook(db, id))
}

/**
 * The same, locked until the end of the database transaction.
 *
 * @throws Refusal not_found when the viewer may not see it
 */
export async function lockVisibleWebhook(tx: Queries, viewer: WebhookViewer, id: number): Promise<StoredWebhook> {
  return checkVisible(viewer, await lockWebhook(tx, id))
}

/** Whether a viewer may see a webhook. */
export function isVisible(viewer: WebhookViewer, webhook: Webhook): boolean {
  const isOurs = webhook.companyId === viewer.companyId && webhook.mode === viewer.mode
  return isOurs && isWithinChoice(viewer, webhook)
}

/**
 * The webhook, if the viewer may see it.
 *
 * @throws Refusal not_found
 */
export function checkVisible<Found extends Webhook>(viewer: WebhookViewer, webhook: Found | undefined): Found {
  if (webhook !== undefined && isVisible(viewer, webhook)) return webhook
  throw new Refusal("not_found", "There is no such webhook")
}

// `all` includes accounts of the future, which a consent to chosen accounts does not.
function isWithinChoice(
  { bankAccountIds: chosen }: WebhookViewer,
  { bankMode, bankAccountIds }: Pick<Webhook, "bankMode" | "bankAccountIds">,
): boolean {
  return chosen === undefined || (bankMode !== "all" && bankAccountIds.every((id) => chosen.includes(id)))
}
