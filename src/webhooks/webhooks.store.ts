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
