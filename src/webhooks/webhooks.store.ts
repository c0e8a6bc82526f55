import type { Selectable } from "kysely"
import type { Instant } from "../clock.ts"
import { prepared, type Queries } from "../database/engine.ts"
import { parseOnce } from "../database/parse-once.ts"
import type { Schema } from "../database/schema.ts"
import type { CompanyId, Mode, WebhookId } from "../ids.ts"
import type { AccountFilter, BankMode, Webhook, WebhookSettings } from "./webhook.ts"

/** What a webhook proves itself with; sealed texts are opened by the purposes of credential-seals.ts. */
export interface SealedCredentials extends SealedSecrets {
  readonly sealedApiKey: string | undefined
  /** Keyed hash of the API key. */
  readonly apiKeyHash: string | undefined
  readonly oauth2AccessTokenUrl: string | undefined
  readonly oauth2ClientId: string | undefined
  readonly sealedOauth2ClientSecret: string | undefined
  /** The dialect that worked last. */
  readonly oauth2Dialect: "standard" | "custom" | undefined
}

/** The secrets of `HMAC_SHA256`, two while one is rolled (contract/webhooks.md §2.3). */
export interface SealedSecrets {
  /** The only one, or the old one of a roll. */
  readonly sealedSecret: string | undefined
  readonly sealedNewSecret: string | undefined
  /** Whether the new secret signs first already. */
  readonly newSecretActive: boolean
  readonly rollEndsAt: Instant | undefined
}

/** A webhook as it is stored. */
export interface StoredWebhook extends Webhook {
  readonly credentials: SealedCredentials
  readonly creator: WebhookCreator | undefined
}

/** Who made a webhook: a user, or an app by its row. */
export interface WebhookCreator {
  readonly kind: "user" | "client"
  readonly id: number
}

/** A webhook that may be deleted. */
export interface AnyWebhook extends StoredWebhook {
  readonly deletedAt: Instant | undefined
}

/** What a list is filtered by: whose webhooks a caller may see, and the text of the URL. */
export interface WebhookHead {
  readonly id: WebhookId
  readonly webhookUrl: string
  readonly bankMode: BankMode
  readonly bankAccountIds: readonly number[]
}

export interface WebhookSource {
  readonly companyId: number
  readonly mode: Mode
  readonly active?: boolean | undefined
  /** The hash under each server key. */
  readonly apiKeyHashes?: readonly string[] | undefined
}

/** All webhooks of a company's mode, newest first: no more than the limit allows. */
export async function selectWebhookHeads(db: Queries, source: WebhookSource): Promise<WebhookHead[]> {
  const { companyId, mode, active, apiKeyHashes } = source
  const rows = await db
    .selectFrom("webhooks")
    .select(["id", "webhook_url", "bank_mode", "bank_account_ids"])
    .where("company_id", "=", companyId)
    .where("mode", "=", mode)
    .where("deleted_at", "is", null)
    .$if(active !== undefined, (query) => query.where("active", "=", Number(active)))
    .$if(apiKeyHashes !== undefined, (query) => query.where("api_key_hash", "in", apiKeyHashes ?? []))
    .orderBy("id", "desc")
    .execute()
  return rows.map((row) => ({
    id: row.id as WebhookId,
    webhookUrl: row.webhook_url,
    bankMode: row.bank_mode as BankMode,
    bankAccountIds: JSON.parse(row.bank_account_ids),
  }))
}

/** Webhooks by id, newest first. */
export async function selectWebhooks(db: Queries, ids: readonly WebhookId[]): Promise<StoredWebhook[]> {
  if (ids.length === 0) return []
  const query = db.selectFrom("webhooks").selectAll().where("id", "in", ids).where("deleted_at", "is", null)
  return (await query.orderBy("id", "desc").execute()).map(toStoredWebhook)
}

/** Webhooks of every company, or of one, after an id; oldest first. */
export async function selectWebhookPage(
  db: Queries,
  {
    companyId,
    after,
    limit,
  }: { readonly companyId: number | undefined; readonly after: number; readonly limit: number },
): Promise<StoredWebhook[]> {
  const rows = await db
    .selectFrom("webhooks")
    .selectAll()
    .where("deleted_at", "is", null)
    .where("id", ">", after)
    .$if(companyId !== undefined, (query) => query.where("company_id", "=", companyId ?? 0))
    .orderBy("id")
    .limit(limit)
    .execute()
  return rows.map(toStoredWebhook)
}

const webhookById = prepared<{ id: number }, Selectable<Schema["webhooks"]>>((db, parameter) =>
  db.selectFrom("webhooks").selectAll().where("id", "=", parameter("id")).where("deleted_at", "is", null),
)

/** Any company's webhook of that id that is not deleted. */
export async function selectWebhook(db: Queries, id: number): Promise<StoredWebhook | undefined> {
  const [row] = await webhookById(db, { id })
  return row && toStoredWebhook(row)
}

const anyWebhookById = prepared<{ id: number }, Selectable<Schema["webhooks"]>>((db, parameter) =>
  db.selectFrom("webhooks").selectAll().where("id", "=", parameter("id")),
)

/** Any company's webhook of that id, deleted ones too: for attempts and their logs. */
export async function selectAnyWebhook(db: Queries, id: number): Promise<AnyWebhook | undefined> {
  const [row] = await anyWebhookById(db, { id })
  return row && { ...toStoredWebhook(row), deletedAt: (row.deleted_at ?? undefined) as Instant | undefined }
}

/** The same, locked until the end of the database transaction. */
export async function lockWebhook(tx: Queries, id: number): Promise<StoredWebhook | undefined> {
  const query = tx.selectFrom("webhooks").selectAll().where("id", "=", id).where("deleted_at", "is", null)
  const row = await query.forUpdate().executeTakeFirst()
  return row && toStoredWebhook(row)
}

/** Whoever adds a webhook holds this lock, so that two do not pass the limit together. */
export async function lockCompany(tx: Queries, companyId: number): Promise<void> {
  await tx.selectFrom("companies").select("id").where("id", "=", companyId).forUpdate().execute()
}

export async function countWebhooks(tx: Queries, companyId: number, mode: Mode): Promise<number> {
  const { count } = await tx
    .selectFrom("webhooks")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("company_id", "=", companyId)
    .where("mode", "=", mode)
    .where("deleted_at", "is", null)
    .executeTakeFirstOrThrow()
  return count
}

export interface NewWebhook {
  readonly companyId: number
  readonly mode: Mode
  readonly settings: WebhookSettings
  readonly credentials: SealedCredentials
  readonly creator: WebhookCreator | undefined
}

export async function insertWebhook(tx: Queries, now: Instant, webhook: NewWebhook): Promise<StoredWebhook> {
  const row = await tx
    .insertInto("webhooks")
    .values({
      company_id: webhook.companyId,
      mode: webhook.mode,
      ...settingColumns(webhook.settings),
      ...credentialColumns(webhook.credentials),
      off_reason: null,
      config_version: 1,
      created_at: now,
      deleted_at: null,
      creator_kind: webhook.creator?.kind ?? null,
      creator_id: webhook.creator?.id ?? null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return keepVersion(tx, toStoredWebhook(row))
}

export interface WebhookEdit {
  readonly settings: WebhookSettings
  readonly credentials: SealedCredentials
  readonly offReason: Webhook["offReason"]
}

/** Stores an edit of a locked webhook under its next version. */
export async function updateWebhookRow(tx: Queries, id: WebhookId, edit: WebhookEdit): Promise<StoredWebhook> {
  const row = await tx
    .updateTable("webhooks")
    .set((eb) => ({
      ...settingColumns(edit.settings),
      ...credentialColumns(edit.credentials),
      off_reason: edit.offReason ?? null,
      config_version: eb("config_version", "+", 1),
    }))
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return keepVersion(tx, toStoredWebhook(row))
}

/** The same for its secrets alone. */
export async function updateSecrets(tx: Queries, id: WebhookId, secrets: SealedSecrets): Promise<StoredWebhook> {
  const row = await tx
    .updateTable("webhooks")
    .set((eb) => ({ ...secretColumns(secrets), config_version: eb("config_version", "+", 1) }))
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return keepVersion(tx, toStoredWebhook(row))
}

/** Keeps what this version lets pass: `explain` shows it later (contract/webhooks.md §6). */
async function keepVersion(tx: Queries, webhook: StoredWebhook): Promise<StoredWebhook> {
  const { active, eventType, bankMode, bankAccountIds, accounts, onlyVa, vaMode, bankSubAccountIds } = webhook
  const { skipIfNoCode, prefixFilters } = webhook
  const kept = { active, eventType, bankMode, bankAccountIds, accounts, onlyVa, vaMode, bankSubAccountIds }
  const filter = JSON.stringify({ ...kept, skipIfNoCode, prefixFilters })
  await tx
    .insertInto("webhook_versions")
    .values({ webhook_id: webhook.id, config_version: webhook.configVersion, filter })
    .execute()
  return webhook
}

/** Switches a webhook off whose receiver, at this URL, wants no more. */
export async function switchOffGone(
  tx: Queries,
  { id, webhookUrl }: { readonly id: number; readonly webhookUrl: string },
): Promise<StoredWebhook | undefined> {
  const row = await tx
    .updateTable("webhooks")
    .set((eb) => ({ active: 0, off_reason: "gone", config_version: eb("config_version", "+", 1) }))
    .where("id", "=", id)
    .where("webhook_url", "=", webhookUrl)
    .where("active", "=", 1)
    .where("deleted_at", "is", null)
    .returningAll()
    .executeTakeFirst()
  return row && keepVersion(tx, toStoredWebhook(row))
}

/** Which of the webhooks send no more, and why. */
export async function selectStopped(
  tx: Queries,
  ids: readonly WebhookId[],
): Promise<ReadonlyMap<WebhookId, "webhook_off" | "webhook_deleted">> {
  const rows = await tx
    .selectFrom("webhooks")
    .select(["id", "deleted_at"])
    .where("id", "in", ids)
    .where((eb) => eb.or([eb("active", "=", 0), eb("deleted_at", "is not", null)]))
    .execute()
  return new Map(
    rows.map((row) => [row.id as WebhookId, row.deleted_at === null ? "webhook_off" : "webhook_deleted"] as const),
  )
}

/** Takes a locked webhook out of every list; its credentials go at once, the row stays for its logs. */
export async function markWebhookDeleted(tx: Queries, id: WebhookId, now: Instant): Promise<void> {
  const secrets = { sealed_secret: null, sealed_new_secret: null, new_secret_active: 0, roll_ends_at: null }
  const credentials = { sealed_api_key: null, api_key_hash: null, sealed_oauth2_client_secret: null, ...secrets }
  const values = { ...credentials, deleted_at: now }
  await tx.updateTable("webhooks").set(values).where("id", "=", id).execute()
}

function settingColumns(settings: WebhookSettings) {
  return {
    name: settings.name,
    webhook_url: settings.webhookUrl,
    event_type: settings.eventType,
    is_verify_payment: Number(settings.isVerifyPayment),
    bank_mode: settings.bankMode,
    bank_account_ids: JSON.stringify(settings.bankAccountIds),
    accounts: JSON.stringify(settings.accounts),
    only_va: Number(settings.onlyVa),
    va_mode: settings.vaMode,
    bank_sub_account_ids: JSON.stringify(settings.bankSubAccountIds),
    skip_if_no_code: Number(settings.skipIfNoCode),
    prefix_filters: JSON.stringify(settings.prefixFilters),
    request_content_type: settings.requestContentType,
    retry_non_2xx: Number(settings.retryNon2xx),
    retry_wrong_body: Number(settings.retryWrongBody),
    disable_on_410: Number(settings.disableOn410),
    long_tail: Number(settings.longTail),
    authen_type: settings.authenType,
    alert_threshold: settings.alertThreshold,
    alert_event_types: JSON.stringify(settings.alertEventTypes),
    alert_channel_ids: JSON.stringify(settings.alertChannelIds),
    active: Number(settings.active),
  }
}

function secretColumns(secrets: SealedSecrets) {
  return {
    sealed_secret: secrets.sealedSecret ?? null,
    sealed_new_secret: secrets.sealedNewSecret ?? null,
    new_secret_active: Number(secrets.newSecretActive),
    roll_ends_at: secrets.rollEndsAt ?? null,
  }
}

function credentialColumns(credentials: SealedCredentials) {
  return {
    ...secretColumns(credentials),
    sealed_api_key: credentials.sealedApiKey ?? null,
    api_key_hash: credentials.apiKeyHash ?? null,
    oauth2_access_token_url: credentials.oauth2AccessTokenUrl ?? null,
    oauth2_client_id: credentials.oauth2ClientId ?? null,
    sealed_oauth2_client_secret: credentials.sealedOauth2ClientSecret ?? null,
    oauth2_dialect: credentials.oauth2Dialect ?? null,
  }
}

function toStoredWebhook(row: Selectable<Schema["webhooks"]>): StoredWebhook {
  return {
    id: row.id as WebhookId,
    companyId: row.company_id as CompanyId,
    mode: row.mode as Mode,
    name: row.name,
    webhookUrl: row.webhook_url,
    eventType: row.event_type as Webhook["eventType"],
    isVerifyPayment: row.is_verify_payment === 1,
    bankMode: row.bank_mode as BankMode,
    bankAccountIds: parseOnce<number[]>(row.bank_account_ids),
    accounts: parseOnce<AccountFilter[]>(row.accounts),
    onlyVa: row.only_va === 1,
    vaMode: row.va_mode as Webhook["vaMode"],
    bankSubAccountIds: parseOnce<number[]>(row.bank_sub_account_ids),
    skipIfNoCode: row.skip_if_no_code === 1,
    prefixFilters: parseOnce<string[]>(row.prefix_filters),
    requestContentType: row.request_content_type as Webhook["requestContentType"],
    retryNon2xx: row.retry_non_2xx === 1,
    retryWrongBody: row.retry_wrong_body === 1,
    disableOn410: row.disable_on_410 === 1,
    longTail: row.long_tail === 1,
    authenType: row.authen_type as Webhook["authenType"],
    alertThreshold: row.alert_threshold,
    alertEventTypes: parseOnce<string[]>(row.alert_event_types),
    alertChannelIds: parseOnce<number[]>(row.alert_channel_ids),
    active: row.active === 1,
    offReason: (row.off_reason ?? undefined) as Webhook["offReason"],
    configVersion: row.config_version,
    createdAt: row.created_at as Instant,
    credentials: toCredentials(row),
    creator: toCreator(row),
  }
}

function toCreator({ creator_kind: kind, creator_id: id }: Selectable<Schema["webhooks"]>): WebhookCreator | undefined {
  return id !== null && (kind === "user" || kind === "client") ? { kind, id } : undefined
}

function toCredentials(row: Selectable<Schema["webhooks"]>): SealedCredentials {
  return {
    sealedApiKey: row.sealed_api_key ?? undefined,
    apiKeyHash: row.api_key_hash ?? undefined,
    sealedSecret: row.sealed_secret ?? undefined,
    sealedNewSecret: row.sealed_new_secret ?? undefined,
    newSecretActive: row.new_secret_active === 1,
    rollEndsAt: (row.roll_ends_at ?? undefined) as Instant | undefined,
    oauth2AccessTokenUrl: row.oauth2_access_token_url ?? undefined,
    oauth2ClientId: row.oauth2_client_id ?? undefined,
    sealedOauth2ClientSecret: row.sealed_oauth2_client_secret ?? undefined,
    oauth2Dialect: (row.oauth2_dialect ?? undefined) as SealedCredentials["oauth2Dialect"],
  }
}
