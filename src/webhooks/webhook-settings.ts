import { isDeepStrictEqual } from "node:util"
import type { Instant } from "../clock.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { recordAudit } from "../identity/audit-log.ts"
import { Refusal } from "../refusal.ts"
import { addWebhook } from "./add-webhook.ts"
import type { MergedCredentials } from "./credentials.ts"
import { getWebhook, lockVisibleWebhook, type StoredWebhook, type WebhookManager } from "./list-webhooks.ts"
import {
  findMissingFields,
  findUrlFaults,
  mergeWebhook,
  type WebhookGround,
  type WebhookWrite,
} from "./merge-webhook.ts"
import { settingsOf, type WebhookSettings } from "./webhook.ts"
import type { WebhookDraft } from "./webhook-draft.ts"
import { markWebhookDeleted, type SealedCredentials, updateWebhookRow } from "./webhooks.store.ts"

export type { WebhookGround, WebhookWrite } from "./merge-webhook.ts"

/** A webhook as it stands after a write. */
export interface WrittenWebhook {
  readonly webhook: StoredWebhook
  /** Which credentials the write set or had generated: they may be shown this once. */
  readonly isSet: MergedCredentials["isSet"]
}

/**
 * Creates a webhook (contract/api.md §8, POST). `liveLimit` is how many a company may have in live mode.
 *
 * @throws Refusal invalid (naming every field that is missing or bad), forbidden (`bank_mode` `all` under a choice of
 *   accounts), quota_exceeded
 */
export async function createWebhook(
  db: Database,
  now: Instant,
  ground: WebhookGround,
  { manager, draft, faults, liveLimit }: WebhookWrite & { readonly liveLimit: number },
): Promise<WrittenWebhook> {
  const checked = await checkNewWebhook(ground, { manager, draft, faults })
  return transaction(db, (tx) => createCheckedWebhook(tx, now, ground, { ...checked, liveLimit }))
}

/**
 * The part of a creation that asks the outside (where a URL leads), to be done before any database transaction.
 *
 * @throws Refusal forbidden
 */
export async function checkNewWebhook(
  ground: WebhookGround,
  { manager, draft, faults }: WebhookWrite,
): Promise<WebhookWrite> {
  checkMayCoverAll(manager, draft)
  const given = [...faults, ...findMissingFields(draft, faults), ...(await findUrlFaults(ground, { manager, draft }))]
  return { manager, draft, faults: given }
}

/**
 * Creates what `checkNewWebhook` has looked at, in the caller's database transaction.
 *
 * @throws Refusal invalid, quota_exceeded
 */
export async function createCheckedWebhook(
  tx: Queries,
  now: Instant,
  ground: WebhookGround,
  { liveLimit, ...write }: WebhookWrite & { readonly liveLimit: number },
): Promise<WrittenWebhook> {
  const { settings, credentials, isSet } = await mergeWebhook(tx, now, ground, write)
  const addition = { manager: write.manager, action: "webhook.create", details: {}, liveLimit }
  return { webhook: await addWebhook(tx, now, { settings, credentials }, addition), isSet }
}

/**
 * Changes what the draft names and checks the result as a whole (contract/api.md §8, PATCH). An edit that changes
 * nothing is none: version and audit log stay as they are.
 *
 * @throws Refusal not_found, invalid (naming every field that is bad), forbidden (`bank_mode` `all` under a choice of
 *   accounts)
 */
export async function updateWebhook(
  db: Database,
  now: Instant,
  ground: WebhookGround,
  { id, manager, draft, faults }: WebhookWrite & { readonly id: number },
): Promise<WrittenWebhook> {
  const checked = await checkWebhookEdit(db, ground, { id, manager, draft, faults })
  return transaction(db, (tx) => updateCheckedWebhook(tx, now, ground, checked))
}

/** An edit of a webhook; with a version, of that one alone. */
export interface WebhookEdit extends WebhookWrite {
  readonly id: number
  /** What the editor had before them: the edit of another version is refused. */
  readonly configVersion?: number
}

/**
 * The part of an edit that asks the outside, to be done before any database transaction.
 *
 * @throws Refusal not_found, forbidden
 */
export async function checkWebhookEdit(db: Queries, ground: WebhookGround, edit: WebhookEdit): Promise<WebhookEdit> {
  const { manager, draft, faults, id } = edit
  const known = await getWebhook(db, manager, id)
  checkMayCoverAll(manager, draft)
  return { ...edit, faults: [...faults, ...(await findUrlFaults(ground, { manager, draft }, known))] }
}

/**
 * Makes the edit that `checkWebhookEdit` has looked at, in the caller's database transaction.
 *
 * @throws Refusal not_found, conflict (changed since `configVersion`), invalid
 */
export async function updateCheckedWebhook(
  tx: Queries,
  now: Instant,
  ground: WebhookGround,
  { id, manager, draft, faults, configVersion }: WebhookEdit,
): Promise<WrittenWebhook> {
  const before = await lockVisibleWebhook(tx, manager, id)
  if (configVersion !== undefined && configVersion !== before.configVersion) {
    throw new Refusal("conflict", "The webhook was changed meanwhile")
  }
  const { settings, credentials, isSet } = await mergeWebhook(tx, now, ground, { manager, draft, faults, before })
  const changed = changesOf(before, { settings, credentials })
  if (changed.length === 0) return { webhook: before, isSet }
  const offReason = settings.active ? undefined : before.offReason
  const webhook = await updateWebhookRow(tx, before.id, { settings, credentials, offReason })
  await record(tx, now, manager, { action: "webhook.update", id, details: { name: settings.name, changed } })
  return { webhook, isSet }
}

/**
 * Deletes a webhook for good; its delivery log stays, and what is queued for it is cancelled when its turn comes.
 *
 * @throws Refusal not_found
 */
export async function deleteWebhook(
  db: Database,
  now: Instant,
  { manager, id }: { readonly manager: WebhookManager; readonly id: number },
): Promise<void> {
  await transaction(db, async (tx) => {
    const webhook = await lockVisibleWebhook(tx, manager, id)
    await markWebhookDeleted(tx, webhook.id, now)
    await record(tx, now, manager, { action: "webhook.delete", id, details: { name: webhook.name } })
  })
}

function checkMayCoverAll({ bankAccountIds: chosen }: WebhookManager, { accounts }: WebhookDraft): void {
  if (accounts.bankMode !== "all" || chosen === undefined) return
  throw new Refusal("forbidden", "bank_mode all needs access to all bank accounts, and this grant names some")
}

/** Settings by name, credentials together: which of them an edit changes. */
function changesOf(before: StoredWebhook, after: Edit): string[] {
  const old = settingsOf(before)
  const names = (Object.keys(old) as (keyof WebhookSettings)[]).filter(
    (name) => !isDeepStrictEqual(old[name], after.settings[name]),
  )
  return isDeepStrictEqual(before.credentials, after.credentials) ? names : [...names, "credentials"]
}

interface Edit {
  readonly settings: WebhookSettings
  readonly credentials: SealedCredentials
}

interface Deed {
  readonly action: string
  readonly id: number
  readonly details: Readonly<Record<string, unknown>>
}

async function record(
  tx: Queries,
  now: Instant,
  manager: WebhookManager,
  { action, id, details }: Deed,
): Promise<void> {
  const { companyId, actor } = manager
  await recordAudit(tx, now, { companyId, actor, action, subjectId: id, details })
}
