import type { Selectable } from "kysely"
import type { Instant } from "../clock.ts"
import { prepared, type Queries } from "../database/engine.ts"
import { parseOnce } from "../database/parse-once.ts"
import type { Schema } from "../database/schema.ts"
import type { CompanyId, Mode, WebhookId } from "../ids.ts"
import type { AccountFilter, AuthenType, BankMode, EventType, RequestContentType, VaMode, Webhook } from "./webhook.ts"

/** A webhook as it is stored, credentials sealed, deleted ones too. */
export type StoredWebhook = Selectable<Schema["webhooks"]>

const byId = prepared<{ id: number }, StoredWebhook>((db, parameter) =>
  db.selectFrom("webhooks").selectAll().where("id", "=", parameter("id")),
)

/** Reads a webhook for an attempt: nothing about it is kept longer (contract/webhooks.md §2.3). */
export async function selectStoredWebhook(tx: Queries, id: number): Promise<StoredWebhook | undefined> {
  const [row] = await byId(tx, { id })
  return row
}

/** A stored webhook without its credentials, as the platform knows it. */
export function toWebhook(row: StoredWebhook): Webhook {
  return {
    id: row.id as WebhookId,
    companyId: row.company_id as CompanyId,
    mode: row.mode as Mode,
    name: row.name,
    webhookUrl: row.webhook_url,
    eventType: row.event_type as EventType,
    bankMode: row.bank_mode as BankMode,
    bankAccountIds: parseOnce<readonly number[]>(row.bank_account_ids),
    accounts: parseOnce<readonly AccountFilter[]>(row.accounts),
    onlyVa: row.only_va === 1,
    vaMode: row.va_mode as VaMode,
    bankSubAccountIds: parseOnce<readonly number[]>(row.bank_sub_account_ids),
    skipIfNoCode: row.skip_if_no_code === 1,
    prefixFilters: parseOnce<readonly string[]>(row.prefix_filters),
    authenType: row.authen_type as AuthenType,
    isVerifyPayment: row.is_verify_payment === 1,
    requestContentType: row.request_content_type as RequestContentType,
    retryNon2xx: row.retry_non_2xx === 1,
    retryWrongBody: row.retry_wrong_body === 1,
    disableOn410: row.disable_on_410 === 1,
    longTail: row.long_tail === 1,
    alertThreshold: row.alert_threshold,
    alertEventTypes: parseOnce<readonly string[]>(row.alert_event_types),
    alertChannelIds: parseOnce<readonly number[]>(row.alert_channel_ids),
    active: row.active === 1,
    offReason: row.off_reason === "gone" ? "gone" : undefined,
    configVersion: row.config_version,
    createdAt: row.created_at as Instant,
  }
}

const ofOwner = prepared<{ companyId: number; mode: string }, StoredWebhook>((db, parameter) =>
  db
    .selectFrom("webhooks")
    .selectAll()
    .where("company_id", "=", parameter("companyId"))
    .where("mode", "=", parameter("mode"))
    .where("deleted_at", "is", null)
    .orderBy("id", "desc"),
)

/** The webhooks of a company's mode, newest first; there are at most some hundreds (contract/webhooks.md §6.1). */
export function selectStoredWebhooks(
  db: Queries,
  owner: { readonly companyId: number; readonly mode: Mode },
): Promise<StoredWebhook[]> {
  return ofOwner(db, { companyId: owner.companyId, mode: owner.mode })
}

/** Webhooks of every company, or of one, for the operator; oldest first, after an id. */
export async function selectWebhookPage(
  db: Queries,
  { companyId, after, limit }: { readonly companyId?: number; readonly after: number; readonly limit: number },
): Promise<StoredWebhook[]> {
  return db
    .selectFrom("webhooks")
    .selectAll()
    .where("deleted_at", "is", null)
    .where("id", ">", after)
    .$if(companyId !== undefined, (query) => query.where("company_id", "=", companyId ?? 0))
    .orderBy("id")
    .limit(limit)
    .execute()
}

/** Columns that an edit writes. */
export type WebhookColumns = Partial<Omit<StoredWebhook, "id" | "company_id" | "mode" | "created_at">>

/** Writes a new webhook and returns its id. */
export async function insertWebhook(
  tx: Queries,
  row: Omit<StoredWebhook, "id" | "deleted_at" | "oauth2_dialect">,
): Promise<WebhookId> {
  const { id } = await tx.insertInto("webhooks").values(row).returning("id").executeTakeFirstOrThrow()
  return id as WebhookId
}

/** Locks a webhook, so that two edits do not overwrite each other. */
export async function lockStoredWebhook(tx: Queries, id: number): Promise<StoredWebhook | undefined> {
  return tx.selectFrom("webhooks").selectAll().where("id", "=", id).forUpdate().executeTakeFirst()
}

/** Writes columns of a webhook. */
export async function updateWebhookColumns(tx: Queries, id: number, columns: WebhookColumns): Promise<void> {
  await tx.updateTable("webhooks").set(columns).where("id", "=", id).execute()
}

/** Keeps what a version of a webhook let pass. */
export async function insertVersion(
  tx: Queries,
  version: { readonly webhookId: number; readonly configVersion: number; readonly filter: string },
): Promise<void> {
  await tx
    .insertInto("webhook_versions")
    .values({ webhook_id: version.webhookId, config_version: version.configVersion, filter: version.filter })
    .execute()
}

/** Makes the new secret the only one where the roll's window is over. */
export async function endRolls(tx: Queries, now: Instant): Promise<void> {
  await tx
    .updateTable("webhooks")
    .set((column) => ({
      sealed_secret: column.ref("sealed_new_secret"),
      sealed_new_secret: null,
      new_secret_active: 0,
      roll_ends_at: null,
    }))
    .where("roll_ends_at", "<=", now)
    .execute()
}

/** Makes the other secret of a roll the one that signs first; a roll that is over is left alone. */
export async function switchSecret(
  tx: Queries,
  roll: { readonly id: number; readonly rollEndsAt: Instant; readonly newIsActive: boolean },
): Promise<void> {
  await tx
    .updateTable("webhooks")
    .set({ new_secret_active: roll.newIsActive ? 1 : 0 })
    .where("id", "=", roll.id)
    .where("roll_ends_at", "=", roll.rollEndsAt)
    .execute()
}

/** Remembers the dialect of a token endpoint, unless the webhook was edited meanwhile. */
export async function noteDialect(
  tx: Queries,
  seen: { readonly id: number; readonly configVersion: number; readonly dialect: string },
): Promise<void> {
  await tx
    .updateTable("webhooks")
    .set({ oauth2_dialect: seen.dialect })
    .where("id", "=", seen.id)
    .where("config_version", "=", seen.configVersion)
    .execute()
}
