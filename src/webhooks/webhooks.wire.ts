import { z } from "zod"
import { idValue, integerField, listAnswer, oneAnswer, pageQuery, timeValue } from "../http/api-values.wire.ts"
import { formatVietnamTime } from "../vietnam-time.ts"
import type { WebhookListFilter } from "./list-webhooks.ts"
import type { WebhookView } from "./stored-settings.ts"

/** Query of GET /webhooks (contract/api.md §8). */
export const webhooksQuery = z.object({
  webhook_url: z.string().meta({ description: "Part of the URL, in any case." }).optional(),
  api_key: z.string().meta({ description: "Exactly." }).optional(),
  active: z.enum(["0", "1", "true", "false"], { error: "must be 0, 1, true or false" }).optional(),
  ...pageQuery.shape,
})

export function toListFilter(query: z.output<typeof webhooksQuery>): WebhookListFilter {
  const { webhook_url: webhookUrl, api_key: apiKey, active } = query
  return { webhookUrl, apiKey, active: active === undefined ? undefined : active === "1" || active === "true" }
}

const vaMode = z.enum(["all", "list", "none"])

const webhookBody = z.strictObject({
  id: idValue,
  bank_account_id: z.int().min(0).meta({ description: "The first of bank_account_ids; 0 for all." }),
  bank_account_ids: z.array(idValue),
  accounts: z.array(
    z.strictObject({
      bank_account_id: idValue,
      only_va: z.boolean(),
      va_mode: vaMode,
      bank_sub_account_ids: z.array(idValue),
    }),
  ),
  name: z.string(),
  event_type: z.enum(["All", "In_only", "Out_only"]),
  authen_type: z.enum(["No_Authen", "Api_Key", "HMAC_SHA256", "OAuth2.0"]),
  webhook_url: z.string(),
  is_verify_payment: z.boolean(),
  skip_if_no_code: z.boolean(),
  retry_conditions: z.strictObject({ non_2xx_status_code: z.int().min(0).max(1) }),
  only_va: z.boolean(),
  active: z.boolean(),
  created_at: timeValue,
  api_key: z.string().nullable(),
  secret_key: z.string().nullable().meta({ description: "In clear only in the answer that made it." }),
  oauth2_access_token_url: z.string().nullable(),
  oauth2_client_id: z.string().nullable(),
  oauth2_client_secret: z.string().nullable().meta({ description: "Masked." }),
  request_content_type: z.enum(["Json", "multipart_form-data", "application_x-www-form-urlencoded"]),
  bank_sub_account_ids: z.array(idValue),
  prefix_filters: z.array(z.string()),
  va_mode: vaMode,
  bank_mode: z.enum(["single", "multi", "all"]),
  alert_threshold: z.int().min(1).max(20),
  alert_event_types: z.array(z.enum(["failure", "recovery"])),
  alert_channel_ids: z.array(idValue),
  retry_wrong_body: z.boolean(),
  disable_on_410: z.boolean(),
  long_tail: z.boolean(),
})

/** Answers of contract/api.md §8. */
export const webhooksAnswer = listAnswer(webhookBody)
export const webhookAnswer = oneAnswer(webhookBody)
export const webhookCreatedAnswer = z.strictObject({ status: z.literal("success"), id: idValue, data: webhookBody })
export const webhookDeletedAnswer = z.strictObject({
  status: z.literal("success"),
  message: z.literal("Webhook deleted"),
  data: z.strictObject({ id: idValue }),
})

/** Which credentials an answer shows as they are. */
export interface Shown {
  readonly apiKey: boolean
  readonly secretKey: boolean
}

/** `****` and the last four characters (contract/api.md §8). */
export function masked(secret: string): string {
  return `****${secret.slice(-4)}`
}

export function toWebhookBody(view: WebhookView, shown: Shown): z.input<typeof webhookBody> {
  const { apiKey, secretKey, oauth2ClientSecret, oauth2AccessTokenUrl, oauth2ClientId } = view.credentials
  const show = (secret: string | undefined, clear: boolean) =>
    secret === undefined ? null : clear ? secret : masked(secret)
  return {
    id: view.id,
    bank_account_id: view.bankAccountIds[0] ?? 0,
    bank_account_ids: [...view.bankAccountIds],
    accounts: view.accounts.map((account) => ({
      bank_account_id: account.bankAccountId,
      only_va: account.onlyVa,
      va_mode: account.vaMode,
      bank_sub_account_ids: [...account.bankSubAccountIds],
    })),
    name: view.name,
    event_type: view.eventType,
    authen_type: view.authenType,
    webhook_url: view.webhookUrl,
    is_verify_payment: view.isVerifyPayment,
    skip_if_no_code: view.skipIfNoCode,
    retry_conditions: { non_2xx_status_code: view.retryNon2xx ? 1 : 0 },
    only_va: view.onlyVa,
    active: view.active,
    created_at: formatVietnamTime(view.createdAt),
    api_key: show(apiKey, shown.apiKey),
    secret_key: show(secretKey, shown.secretKey),
    oauth2_access_token_url: oauth2AccessTokenUrl ?? null,
    oauth2_client_id: oauth2ClientId ?? null,
    oauth2_client_secret: show(oauth2ClientSecret, false),
    request_content_type: view.requestContentType,
    bank_sub_account_ids: [...view.bankSubAccountIds],
    prefix_filters: [...view.prefixFilters],
    va_mode: view.vaMode,
    bank_mode: view.bankMode,
    alert_threshold: view.alertThreshold,
    alert_event_types: [...view.alertEventTypes] as ("failure" | "recovery")[],
    alert_channel_ids: [...view.alertChannelIds],
    retry_wrong_body: view.retryWrongBody,
    disable_on_410: view.disableOn410,
    long_tail: view.longTail,
  }
}

/** Body of POST /webhooks/{id}/roll-secret (contract/webhooks.md §9). */
export const rollBody = z.object({
  window_hours: integerField(1, 72)
    .refine((hours) => [1, 24, 72].includes(hours as number), { error: "must be 1, 24 or 72" })
    .nullish(),
})

export const rolledAnswer = oneAnswer(
  z.strictObject({
    id: idValue,
    secret_key: z.string().meta({ description: "Shown this once." }),
    roll_ends_at: timeValue,
  }),
)
export const idAnswer = oneAnswer(z.strictObject({ id: idValue }))
