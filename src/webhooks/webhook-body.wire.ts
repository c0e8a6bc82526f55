import { z } from "zod"
import { flagField, integerField } from "../http/api-values.wire.ts"
import type { AuthenType, BankMode, EventType, RequestContentType, VaMode } from "./webhook.ts"

const eventTypes = ["All", "In_only", "Out_only"] as const satisfies readonly EventType[]
const authenTypes = ["No_Authen", "Api_Key", "HMAC_SHA256", "OAuth2.0"] as const satisfies readonly AuthenType[]
const bankModes = ["single", "multi", "all"] as const satisfies readonly BankMode[]
const vaModes = ["all", "list", "none"] as const satisfies readonly VaMode[]
const contentTypes = [
  "Json",
  "multipart_form-data",
  "application_x-www-form-urlencoded",
] as const satisfies readonly RequestContentType[]
const alertEventTypes = ["failure", "recovery"] as const

function oneOf<const Names extends readonly string[]>(names: Names) {
  return z.enum(names, { error: `must be ${names.slice(0, -1).join(", ")} or ${names.at(-1)}` })
}

/** Text of a length in characters, on one line. */
function text(least: number, most: number, schema = z.string()) {
  const fits = (value: string) => {
    const { length } = [...value]
    return length >= least && length <= most && value.isWellFormed() && !/\p{Cc}/u.test(value)
  }
  return schema
    .refine(fits, { error: `must be ${least} to ${most} characters without control characters` })
    .meta({ minLength: least, maxLength: most })
}

const string = z.string({ error: "must be text" })

function visibleAscii(least: number, most: number) {
  const error = `must be ${least} to ${most} visible ASCII characters`
  return string.regex(new RegExp(`^[\\x21-\\x7e]{${least},${most}}$`), { error })
}

const idField = integerField(1, Number.MAX_SAFE_INTEGER)

function listOf<Item extends z.ZodType>(item: Item, what: string, most: number) {
  const error = `must be an array of ${what}`
  return z.array(item, { error }).max(most, { error: `must have at most ${most} items` })
}

const subAccountIds = listOf(idField, "integers", 1000)

const accountEntry = z.object(
  {
    bank_account_id: idField,
    only_va: flagField.nullish(),
    va_mode: oneOf(vaModes).nullish(),
    bank_sub_account_ids: subAccountIds.nullish(),
  },
  { error: "must be an object" },
)

const retryConditions = z.union([z.object({ non_2xx_status_code: flagField.optional() }), z.array(z.string())], {
  error: "must be an object with non_2xx_status_code 0 or 1, or an array of names",
})

/** Fields that a new webhook must have. */
export const requiredFields = {
  name: text(1, 300, string.trim()),
  event_type: oneOf(eventTypes),
  webhook_url: text(1, 300, string).meta({ format: "uri", description: "Absolute https URL; http in test mode." }),
  authen_type: oneOf(authenTypes),
  is_verify_payment: flagField,
}

/** The other fields; which of them count follows from `bank_mode` and `authen_type` (contract/api.md §8). */
export const optionalFields = {
  bank_mode: oneOf(bankModes),
  bank_account_id: idField.meta({ description: "Required with bank_mode single." }),
  bank_account_ids: listOf(idField, "integers", 100).meta({ description: "Required with bank_mode multi." }),
  accounts: listOf(accountEntry, "objects", 100).meta({ description: "With bank_mode multi: filters by account." }),
  skip_if_no_code: flagField,
  active: flagField,
  only_va: flagField,
  bank_sub_account_ids: subAccountIds,
  va_mode: oneOf(vaModes),
  prefix_filters: listOf(text(1, 20, string), "strings", 50),
  retry_conditions: retryConditions,
  request_content_type: oneOf(contentTypes),
  api_key: visibleAscii(1, 255).meta({ description: "Required with authen_type Api_Key." }),
  secret_key: visibleAscii(8, 255).meta({ description: "With authen_type HMAC_SHA256; absent: generated." }),
  oauth2_access_token_url: text(1, 300, string).meta({ description: "Required with authen_type OAuth2.0." }),
  oauth2_client_id: text(1, 255, string),
  oauth2_client_secret: text(1, 255, string),
  alert_threshold: integerField(1, 20),
  alert_event_types: listOf(oneOf(alertEventTypes), "strings", 100),
  alert_channel_ids: listOf(idField, "integers", 100),
  retry_wrong_body: flagField,
  disable_on_410: flagField,
  long_tail: flagField,
}

function nullishOf<Shape extends z.ZodRawShape>(
  shape: Shape,
): { [Name in keyof Shape]: z.ZodOptional<z.ZodNullable<Shape[Name] & z.ZodType>> } {
  const entries = Object.entries(shape).map(([name, field]) => [name, (field as z.ZodType).nullish()])
  return Object.fromEntries(entries)
}

/** Bodies of POST and PATCH /webhooks, for the reference; `readWebhookBody` reads them field by field. */
export const newWebhookBody = z.object({ ...requiredFields, ...nullishOf(optionalFields) })
export const webhookChangesBody = z.object(requiredFields).partial().extend(nullishOf(optionalFields))
