import { z } from "zod"
import {
  flagParameter,
  idValue,
  integerField,
  listAnswer,
  oneAnswer,
  pageQuery,
  timeValue,
} from "../http/api-values.wire.ts"
import { formatVietnamTime } from "../vietnam-time.ts"
import type { ShownCredentials } from "./credentials.ts"
import type { RolledSecret, RollWindowHours } from "./secret-roll.ts"
import type { AccountFilter, Webhook } from "./webhook.ts"

/** Query of GET /webhooks (contract/api.md §8). */
export const webhooksQuery = z.object({
  webhook_url: z.string().meta({ description: "Part of the URL, in any case; no wildcards." }).optional(),
  api_key: z.string().meta({ description: "The whole API key." }).optional(),
  active: flagParameter.optional(),
  ...pageQuery.shape,
})

const filterBody = {
  only_va: z.boolean(),
  va_mode: z.enum(["all", "list", "none"]),
  bank_sub_account_ids: z.array(idValue),
}

const webhookBody = z.strictObject({
  id: idValue,
  bank_account_id: z.int().min(0).meta({ description: "With multi the first account, with all 0." }),
  bank_account_ids: z.array(idValue),
  accounts: z.array(z.strictObject({ bank_account_id: idValue, ...filterBody })),
  name: z.string(),
  event_type: z.enum(["All", "In_only", "Out_only"]),
  authen_type: z.enum(["No_Authen", "Api_Key", "HMAC_SHA256", "OAuth2.0"]),
  webhook_url: z.string(),
  is_verify_payment: z.boolean(),
  skip_if_no_code: z.boolean(),
  retry_conditions: z.strictObject({ non_2xx_status_code: z.union([z.literal(0), z.literal(1)]) }),
  only_va: z.boolean(),
  active: z.boolean(),
  created_at: timeValue,
  api_key: z.string().nullable().meta({ description: "In clear with the scope webhook:read, or if just set." }),
  secret_key: z.string().nullable().meta({ description: "**** and the last four characters, unless just set." }),
  oauth2_access_token_url: z.string().nullable(),
  oauth2_client_id: z.string().nullable(),
  oauth2_client_secret: z.string().nullable().meta({ description: "**** and the last four characters." }),
  request_content_type: z.enum(["Json", "multipart_form-data", "application_x-www-form-urlencoded"]),
  bank_sub_account_ids: filterBody.bank_sub_account_ids,
  prefix_filters: z.array(z.string()),
  va_mode: filterBody.va_mode,
  bank_mode: z.enum(["single", "multi", "all"]),
  alert_threshold: z.int().min(1).max(20),
  alert_event_types: z.array(z.string()),
  alert_channel_ids: z.array(idValue),
  retry_wrong_body: z.boolean(),
  disable_on_410: z.boolean(),
  long_tail: z.boolean(),
})

/** Answers of contract/api.md §8. */
export const webhooksAnswer = listAnswer(webhookBody)
export const webhookAnswer = oneAnswer(webhookBody)
export const newWebhookAnswer = z.strictObject({ status: z.literal("success"), id: idValue, data: webhookBody })
export const deletedWebhookAnswer = z.strictObject({
  status: z.literal("success"),
  message: z.string(),
  data: z.strictObject({ id: idValue }),
})

export type WebhookBody = z.infer<typeof webhookBody>

export function toWebhookBody(webhook: Webhook, credentials: ShownCredentials): WebhookBody {
  return {
    id: webhook.id,
    bank_account_id: webhook.bankAccountIds[0] ?? 0,
    bank_account_ids: [...webhook.bankAccountIds],
    accounts: webhook.accounts.map(toEntryBody),
    name: webhook.name,
    event_type: webhook.eventType,
    authen_type: webhook.authenType,
    webhook_url: webhook.webhookUrl,
    is_verify_payment: webhook.isVerifyPayment,
    skip_if_no_code: webhook.skipIfNoCode,
    retry_conditions: { non_2xx_status_code: webhook.retryNon2xx ? 1 : 0 },
    only_va: webhook.onlyVa,
    active: webhook.active,
    created_at: formatVietnamTime(webhook.createdAt),
    api_key: credentials.apiKey,
    secret_key: credentials.secretKey,
    oauth2_access_token_url: credentials.oauth2AccessTokenUrl,
    oauth2_client_id: credentials.oauth2ClientId,
    oauth2_client_secret: credentials.oauth2ClientSecret,
    request_content_type: webhook.requestContentType,
    bank_sub_account_ids: [...webhook.bankSubAccountIds],
    prefix_filters: [...webhook.prefixFilters],
    va_mode: webhook.vaMode,
    bank_mode: webhook.bankMode,
    alert_threshold: webhook.alertThreshold,
    alert_event_types: [...webhook.alertEventTypes],
    alert_channel_ids: [...webhook.alertChannelIds],
    retry_wrong_body: webhook.retryWrongBody,
    disable_on_410: webhook.disableOn410,
    long_tail: webhook.longTail,
  }
}

function toEntryBody(entry: AccountFilter) {
  return {
    bank_account_id: entry.bankAccountId,
    only_va: entry.onlyVa,
    va_mode: entry.vaMode,
    bank_sub_account_ids: [...entry.bankSubAccountIds],
  }
}

const windowsHours: readonly number[] = [1, 24, 72] satisfies readonly RollWindowHours[]

/** Body of POST /webhooks/{id}/roll-secret (contract/webhooks.md §9). */
export const rollSecretBody = z.object({
  window_hours: integerField(1, 72)
    .refine((hours): hours is RollWindowHours => windowsHours.includes(hours), { error: "must be 1, 24 or 72" })
    .meta({ type: "integer", enum: [...windowsHours], default: 24 })
    .nullish(),
})

export function toWindowHours(body: z.output<typeof rollSecretBody>): RollWindowHours {
  return (body.window_hours ?? 24) as RollWindowHours
}

const rolledBody = z.strictObject({
  id: idValue,
  secret_key: z.string().meta({ description: "The new secret, shown this once." }),
  roll_ends_at: timeValue,
})
export const rolledSecretAnswer = oneAnswer(rolledBody)

export function toRolledBody({ webhook, secret, endsAt }: RolledSecret): z.input<typeof rolledBody> {
  return { id: webhook.id, secret_key: secret, roll_ends_at: formatVietnamTime(endsAt) }
}
