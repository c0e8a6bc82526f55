import type { Instant } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { type AuditActor, recordAudit } from "../identity/audit-log.ts"
import type { Mode, WebhookId } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import { lockCompany } from "./calls.store.ts"
import { newWebhookSecret } from "./signature.ts"
import { openSettings, readView, sealSettings, type WebhookView } from "./stored-settings.ts"
import { applyChange, type FieldErrors, type WebhookChange, type WebhookSettings } from "./webhook-change.ts"
import { checkAccounts, checkUrls, type OutsideChecks } from "./webhook-checks.ts"
import { keepVersion } from "./webhook-versions.ts"
import { getVisibleStored, lockVisible, type WebhookOwner } from "./webhook-visibility.ts"
import {
  insertWebhook,
  lockStoredWebhook,
  selectStoredWebhooks,
  toWebhook,
  updateWebhookColumns,
} from "./webhooks.store.ts"

/** What the management of webhooks works with. */
export interface WebhookDesk {
  readonly db: Database
  readonly keyring: Keyring
  readonly checks: OutsideChecks
  /** Webhooks that a company may have in each mode. */
  readonly limits: Readonly<Record<Mode, number>>
}

/** Who asks for a change, and when. */
export interface WebhookEditor {
  readonly owner: WebhookOwner
  readonly actor: AuditActor
  readonly now: Instant
}

/** A change as it was read, with what could not be read of it. */
export interface ReadChange {
  readonly change: WebhookChange
  readonly errors: FieldErrors
}

/**
 * Makes a webhook (contract/api.md §8, POST).
 *
 * @throws Refusal invalid naming every missing or bad field, forbidden (`bank_mode` `all` with chosen accounts)
 */
export async function createWebhook(desk: WebhookDesk, editor: WebhookEditor, read: ReadChange): Promise<WebhookView> {
  const { owner, actor, now } = editor
  const settings = withSecret(await checkChange(desk, owner, { before: undefined, read }))
  return transaction(desk.db, async (tx) => {
    await checkRoom(desk, tx, owner)
    const columns = sealSettings(desk.keyring, settings)
    const { companyId, mode } = owner
    const id = await insertWebhook(tx, {
      ...columns,
      ...noRoll,
      ...{ company_id: companyId, mode, off_reason: null, config_version: 1, created_at: now },
    })
    await keepVersion(tx, id, 1, settings)
    await recordAudit(tx, now, { companyId, actor, action: "webhook.created", subjectId: id, details: told(settings) })
    return readBack(desk, tx, id, now)
  })
}

/**
 * Changes what is given of a webhook, and checks the result as a whole (contract/api.md §8, PATCH). A change that changes
 * nothing writes nothing.
 *
 * @throws Refusal not_found, invalid, forbidden
 */
export async function updateWebhook(
  desk: WebhookDesk,
  editor: WebhookEditor,
  id: WebhookId,
  read: ReadChange,
): Promise<WebhookView> {
  const { owner, actor, now } = editor
  const known = await getVisibleStored(desk.db, owner, id)
  // Names are resolved outside of any database transaction; what is written is checked against the row once more.
  const seen = openSettings(desk.keyring, known, now)
  await checkChange(desk, owner, { before: seen, read: copyOf(read) })
  return transaction(desk.db, async (tx) => {
    const row = await lockVisible(tx, owner, id)
    const before = openSettings(desk.keyring, row, now)
    const local = { ...desk, checks: { ...desk.checks, findUrlProblem: async () => undefined } }
    const settings = withSecret(await checkChange(local, owner, { before, read }, tx))
    if (isSame(before, settings)) return readView(desk.keyring, row, now)
    const version = row.config_version + 1
    const { sealed_secret, ...columns } = sealSettings(desk.keyring, settings)
    const isNewSecret = before.credentials.secretKey !== settings.credentials.secretKey
    await updateWebhookColumns(tx, id, {
      ...columns,
      // A secret that is not written anew stays with the roll that may run.
      ...(isNewSecret && { sealed_secret, ...noRoll }),
      ...(settings.active && { off_reason: null }),
      config_version: version,
    })
    await keepVersion(tx, id, version, settings)
    const details = { changed: changedNames(before, settings) }
    await recordAudit(tx, now, { companyId: row.company_id, actor, action: "webhook.updated", subjectId: id, details })
    return readBack(desk, tx, id, now)
  })
}

/**
 * Deletes a webhook for good; its log stays, and what waits is cancelled when it comes up (contract/webhooks.md §6.1).
 *
 * @throws Refusal not_found
 */
export async function deleteWebhook(desk: WebhookDesk, editor: WebhookEditor, id: WebhookId): Promise<void> {
  const { owner, actor, now } = editor
  await transaction(desk.db, async (tx) => {
    const row = await lockVisible(tx, owner, id)
    await updateWebhookColumns(tx, id, { deleted_at: now, active: 0, ...noSecrets, ...noRoll })
    const details = { name: row.name, webhook_url: row.webhook_url }
    await recordAudit(tx, now, { companyId: row.company_id, actor, action: "webhook.deleted", subjectId: id, details })
  })
}

/**
 * Makes a copy without secrets, switched off (contract/webhooks.md §6.1, clone).
 *
 * @throws Refusal not_found, invalid (the limit)
 */
export async function cloneWebhook(desk: WebhookDesk, editor: WebhookEditor, id: WebhookId): Promise<WebhookView> {
  const { owner, actor, now } = editor
  return transaction(desk.db, async (tx) => {
    await checkRoom(desk, tx, owner)
    const { id: _, deleted_at: __, oauth2_dialect: ___, ...row } = await getVisibleStored(tx, owner, id)
    const suffix = " (copy)"
    const name = row.name.slice(0, 300 - suffix.length) + suffix
    const copy = { ...row, ...noSecrets, ...noRoll, name, active: 0, off_reason: null, config_version: 1 }
    const made = await insertWebhook(tx, { ...copy, created_at: now })
    await keepVersion(tx, made, 1, { ...toWebhook({ ...copy, id: made, deleted_at: null, oauth2_dialect: null }) })
    const details = { name, copy_of: id }
    await recordAudit(tx, now, { companyId: row.company_id, actor, action: "webhook.cloned", subjectId: made, details })
    return readBack(desk, tx, made, now)
  })
}

const noRoll = { sealed_new_secret: null, new_secret_active: 0, roll_ends_at: null }
const noSecrets = { sealed_api_key: null, api_key_hash: null, sealed_secret: null, sealed_oauth2_client_secret: null }

interface ChangeToCheck {
  readonly before: WebhookSettings | undefined
  readonly read: ReadChange
}

async function checkChange(
  desk: WebhookDesk,
  owner: WebhookOwner,
  { before, read: { change, errors } }: ChangeToCheck,
  tx: Queries = desk.db,
): Promise<WebhookSettings> {
  const wanted = applyChange(before, change, errors)
  if (wanted.bankMode === "all" && owner.bankAccountIds !== undefined) {
    throw new Refusal("forbidden", "bank_mode all needs the consent to all accounts")
  }
  const settings = await checkAccounts(desk.checks, tx, owner, { before, wanted, change, errors })
  await checkUrls(desk.checks, owner.mode, { before, wanted: settings, errors })
  const [problem] = [...errors.values()].flat()
  if (problem === undefined) return settings
  throw new Refusal("invalid", problem, { errors: Object.fromEntries(errors) })
}

function copyOf({ change, errors }: ReadChange): ReadChange {
  return { change, errors: new Map(errors) }
}

// A secret of ours where none was typed: for a new webhook, and for one that turns to HMAC.
function withSecret(settings: WebhookSettings): WebhookSettings {
  const { authenType, credentials } = settings
  const isMissing = authenType === "HMAC_SHA256" && credentials.secretKey === undefined
  return isMissing ? { ...settings, credentials: { ...credentials, secretKey: newWebhookSecret() } } : settings
}

async function checkRoom(desk: WebhookDesk, tx: Queries, { companyId, mode }: WebhookOwner): Promise<void> {
  await lockCompany(tx, companyId) // Two at once would both be the last.
  const count = (await selectStoredWebhooks(tx, { companyId, mode })).length
  if (count < desk.limits[mode]) return
  const problem = `The company may not have more than ${desk.limits[mode]} webhooks`
  throw new Refusal("invalid", problem, { errors: { body: [problem] } })
}

async function readBack(desk: WebhookDesk, tx: Queries, id: WebhookId, now: Instant): Promise<WebhookView> {
  const row = await lockStoredWebhook(tx, id)
  if (row === undefined) throw new Error("A webhook that was just written is not there.")
  return readView(desk.keyring, row, now)
}

function isSame(one: WebhookSettings, other: WebhookSettings): boolean {
  return changedNames(one, other).length === 0
}

function changedNames(before: WebhookSettings, after: WebhookSettings): string[] {
  const names = Object.keys(after) as (keyof WebhookSettings)[]
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
}

function told({ name, webhookUrl, authenType, active }: WebhookSettings): Readonly<Record<string, unknown>> {
  return { name, webhook_url: webhookUrl, authen_type: authenType, active }
}
