import type { Instant } from "../clock.ts"
import { hashSecret, type Keyring } from "../crypto/keyring.ts"
import { seal, unseal } from "../crypto/seal.ts"
import type { Webhook } from "./webhook.ts"
import type { WebhookCredentials, WebhookSettings } from "./webhook-change.ts"
import { currentSecrets, sealPurposes } from "./webhook-secrets.ts"
import { type StoredWebhook, toWebhook, type WebhookColumns } from "./webhooks.store.ts"

/** A webhook with its credentials in clear, for the one answer that shows them, masked or not. */
export interface WebhookView extends Webhook {
  readonly credentials: WebhookCredentials
  /** When the old secret of a roll that runs ends. */
  readonly rollEndsAt: Instant | undefined
}

/** Opens a stored webhook. */
export function readView(keyring: Keyring, row: StoredWebhook, now: Instant): WebhookView {
  const open = (purpose: string, sealed: string | null) =>
    sealed === null ? undefined : unseal(keyring, purpose, sealed)
  const { active, rollEndsAt } = currentSecrets(row, now)
  return {
    ...toWebhook(row),
    rollEndsAt,
    credentials: {
      apiKey: open(sealPurposes.apiKey, row.sealed_api_key),
      secretKey: open(sealPurposes.secret, active === "" ? null : active),
      oauth2AccessTokenUrl: row.oauth2_access_token_url ?? undefined,
      oauth2ClientId: row.oauth2_client_id ?? undefined,
      oauth2ClientSecret: open(sealPurposes.oauth2ClientSecret, row.sealed_oauth2_client_secret),
    },
  }
}

/** What the owner has decided so far, as a change is applied to it. */
export function openSettings(keyring: Keyring, row: StoredWebhook, now: Instant): WebhookSettings {
  const view = readView(keyring, row, now)
  const { id, companyId, mode, offReason, configVersion, createdAt, rollEndsAt, ...settings } = view
  return settings
}

type SettingColumns = Required<
  Omit<
    WebhookColumns,
    | "off_reason"
    | "config_version"
    | "deleted_at"
    | "sealed_new_secret"
    | "new_secret_active"
    | "roll_ends_at"
    | "oauth2_dialect"
  >
>

/** The columns of settings, credentials sealed. */
export function sealSettings(keyring: Keyring, settings: WebhookSettings): SettingColumns {
  const { credentials } = settings
  const close = (purpose: string, text: string | undefined) =>
    text === undefined ? null : seal(keyring, purpose, text)
  return {
    name: settings.name,
    webhook_url: settings.webhookUrl,
    event_type: settings.eventType,
    authen_type: settings.authenType,
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
    alert_threshold: settings.alertThreshold,
    alert_event_types: JSON.stringify(settings.alertEventTypes),
    alert_channel_ids: JSON.stringify(settings.alertChannelIds),
    active: Number(settings.active),
    sealed_api_key: close(sealPurposes.apiKey, credentials.apiKey),
    api_key_hash: credentials.apiKey === undefined ? null : hashSecret(keyring.current, credentials.apiKey),
    sealed_secret: close(sealPurposes.secret, credentials.secretKey),
    oauth2_access_token_url: credentials.oauth2AccessTokenUrl ?? null,
    oauth2_client_id: credentials.oauth2ClientId ?? null,
    sealed_oauth2_client_secret: close(sealPurposes.oauth2ClientSecret, credentials.oauth2ClientSecret),
  }
}
