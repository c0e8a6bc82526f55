import { z } from "zod"
import { flagField, integerField } from "../http/api-values.wire.ts"
import type { FieldErrors, WebhookChange } from "./webhook-change.ts"

const id = integerField(1, Number.MAX_SAFE_INTEGER)
const text = (longest: number) =>
  z
    .string({ error: "must be text" })
    .max(longest, { error: `must be at most ${longest} characters` })
    .min(1, { error: "must not be empty" })
const visibleAscii = (least: number) =>
  z.string({ error: "must be text" }).regex(new RegExp(`^[\\x21-\\x7e]{${least},255}$`), {
    error: `must be ${least} to 255 visible ASCII characters`,
  })
const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(", ")}` })
const idList = (most: number) =>
  z.array(id, { error: "must be an array of integers" }).max(most, { error: `must not have more than ${most} items` })
const vaMode = oneOf(["all", "list", "none"])

const retryConditions = z.union(
  [
    z.array(z.string()).transform((names) => names.includes("non_2xx_status_code")),
    z.object({ non_2xx_status_code: flagField.optional() }).transform((map) => map.non_2xx_status_code ?? false),
  ],
  { error: "must be an object of flags or an array of names" },
)

const accountEntry = z.object(
  {
    bank_account_id: id,
    only_va: flagField.nullish(),
    va_mode: vaMode.nullish(),
    bank_sub_account_ids: idList(1000).nullish(),
  },
  { error: "must be an object" },
)

/** Every field of POST and PATCH /webhooks; which must be there is decided with the whole (contract/api.md §8). */
export const webhookFields = z.object({
  name: z
    .string({ error: "must be text" })
    .trim()
    .min(1, { error: "must have 1 to 300 characters" })
    .max(300, { error: "must have 1 to 300 characters" })
    .nullish(),
  event_type: oneOf(["All", "In_only", "Out_only"]).nullish(),
  webhook_url: text(300).nullish().meta({ description: "Absolute https URL." }),
  authen_type: oneOf(["No_Authen", "Api_Key", "HMAC_SHA256", "OAuth2.0"]).nullish(),
  is_verify_payment: flagField.nullish(),
  bank_mode: oneOf(["single", "multi", "all"]).nullish(),
  // Answers say 0 for `all`, and may be sent back.
  bank_account_id: integerField(0, Number.MAX_SAFE_INTEGER).nullish(),
  bank_account_ids: idList(100).nullish(),
  accounts: z.array(accountEntry, { error: "must be an array of objects" }).max(100).nullish(),
  skip_if_no_code: flagField.nullish(),
  active: flagField.nullish(),
  only_va: flagField.nullish(),
  va_mode: vaMode.nullish(),
  bank_sub_account_ids: idList(1000).nullish(),
  prefix_filters: z
    .array(
      z
        .string({ error: "must be text" })
        .min(1, { error: "must have 1 to 20 characters" })
        .max(20, { error: "must have 1 to 20 characters" }),
      {
        error: "must be an array of texts",
      },
    )
    .max(50, { error: "must not have more than 50 items" })
    .nullish(),
  retry_conditions: retryConditions.nullish(),
  request_content_type: oneOf(["Json", "multipart_form-data", "application_x-www-form-urlencoded"]).nullish(),
  api_key: visibleAscii(1).nullish(),
  secret_key: visibleAscii(8).nullish(),
  oauth2_access_token_url: text(300).nullish(),
  oauth2_client_id: text(255).nullish(),
  oauth2_client_secret: text(255).nullish(),
  alert_threshold: integerField(1, 20).nullish(),
  alert_event_types: z
    .array(oneOf(["failure", "recovery"]), { error: "must be an array of failure and recovery" })
    .nullish(),
  // There are no alert channels yet, so none can be named.
  alert_channel_ids: z
    .array(z.unknown(), { error: "must be an array of integers" })
    .max(0, { error: "names no alert channel of the company" })
    .nullish(),
  retry_wrong_body: flagField.nullish(),
  disable_on_410: flagField.nullish(),
  long_tail: flagField.nullish(),
})

type Fields = z.output<typeof webhookFields>

/** Reads each field by itself, so that everything that is wrong can be told at once. */
export function readWebhookFields(body: unknown): { readonly change: WebhookChange; readonly errors: FieldErrors } {
  const given = (body ?? {}) as Readonly<Record<string, unknown>>
  const errors: FieldErrors = new Map()
  const fields: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(webhookFields.shape)) {
    if (!Object.hasOwn(given, name)) continue
    const result = schema.safeParse(given[name])
    if (result.success) fields[name] = result.data
    else {
      for (const { path, message } of result.error.issues) {
        const field = [name, ...path].join(".")
        errors.set(field, [...(errors.get(field) ?? []), `${field} ${message}`])
      }
    }
  }
  return { change: toChange(fields as Fields), errors }
}

function toChange(fields: Fields): WebhookChange {
  return {
    name: fields.name,
    webhookUrl: fields.webhook_url,
    eventType: fields.event_type,
    authenType: fields.authen_type,
    isVerifyPayment: fields.is_verify_payment,
    bankMode: fields.bank_mode,
    bankAccountId: fields.bank_account_id,
    bankAccountIds: fields.bank_account_ids,
    accounts: fields.accounts?.map((account) => ({
      bankAccountId: account.bank_account_id,
      onlyVa: account.only_va,
      vaMode: account.va_mode,
      bankSubAccountIds: account.bank_sub_account_ids,
    })),
    onlyVa: fields.only_va,
    vaMode: fields.va_mode,
    bankSubAccountIds: fields.bank_sub_account_ids,
    skipIfNoCode: fields.skip_if_no_code,
    prefixFilters: fields.prefix_filters,
    requestContentType: fields.request_content_type,
    retryNon2xx: fields.retry_conditions,
    retryWrongBody: fields.retry_wrong_body,
    disableOn410: fields.disable_on_410,
    longTail: fields.long_tail,
    alertThreshold: fields.alert_threshold,
    alertEventTypes: fields.alert_event_types,
    alertChannelIds: fields.alert_channel_ids as readonly number[] | null | undefined,
    active: fields.active,
    apiKey: fields.api_key,
    secretKey: fields.secret_key,
    oauth2AccessTokenUrl: fields.oauth2_access_token_url,
    oauth2ClientId: fields.oauth2_client_id,
    oauth2ClientSecret: fields.oauth2_client_secret,
  }
}
