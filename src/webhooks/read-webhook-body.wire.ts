import type { z } from "zod"
import type { FieldFault } from "./field-faults.ts"
import { optionalFields, requiredFields } from "./webhook-body.wire.ts"
import type { AccountDraft, CredentialDraft, PlainDraft, WebhookDraft } from "./webhook-draft.ts"

const fields = { ...requiredFields, ...optionalFields }
type Fields = typeof fields
type Values = { -readonly [Name in keyof Fields]?: z.output<Fields[Name]> | null }

/** Of a long list of bad items the first ones say enough. */
const mostFaultsOfField = 10

/**
 * Reads the body of POST or PATCH /webhooks field by field, so that one bad field does not hide what is wrong with the
 * others: nothing is thrown, and what could be read stands beside what is wrong.
 */
export function readWebhookBody(body: unknown): { readonly draft: WebhookDraft; readonly faults: FieldFault[] } {
  const given = (body ?? {}) as Readonly<Record<string, unknown>>
  const values: Record<string, unknown> = {}
  const faults: FieldFault[] = []
  for (const [name, field] of Object.entries<z.ZodType>(fields)) {
    const value = given[name]
    if (value === undefined) continue
    if (value === null) {
      if (name in requiredFields) faults.push({ path: name, problem: "is required" })
      else values[name] = null
      continue
    }
    const result = field.safeParse(value)
    if (result.success) values[name] = result.data
    else faults.push(...toFaults(name, result.error))
  }
  return { draft: toDraft(values as Values), faults }
}

function toFaults(name: string, { issues }: z.ZodError): FieldFault[] {
  return issues
    .slice(0, mostFaultsOfField)
    .map(({ path, message }) => ({ path: [name, ...path].join("."), problem: message }))
}

function toDraft(values: Values): WebhookDraft {
  return { plain: toPlainDraft(values), accounts: toAccountDraft(values), credentials: toCredentialDraft(values) }
}

// A null is the default of a new webhook (contract/api.md §1), and so is what is absent in one.
function toPlainDraft(values: Values): PlainDraft {
  const { alert_event_types: alertEventTypes } = values
  return {
    name: values.name ?? undefined,
    eventType: values.event_type ?? undefined,
    webhookUrl: values.webhook_url ?? undefined,
    authenType: values.authen_type ?? undefined,
    isVerifyPayment: values.is_verify_payment ?? undefined,
    skipIfNoCode: orDefault(values.skip_if_no_code, false),
    active: orDefault(values.active, true),
    prefixFilters: orDefault(values.prefix_filters, []),
    retryNon2xx: toRetry(values.retry_conditions),
    requestContentType: orDefault(values.request_content_type, "Json"),
    alertThreshold: orDefault(values.alert_threshold, 3),
    alertEventTypes:
      alertEventTypes === null ? ["failure", "recovery"] : alertEventTypes && [...new Set(alertEventTypes)],
    alertChannelIds: orDefault(values.alert_channel_ids, []),
    retryWrongBody: orDefault(values.retry_wrong_body, false),
    disableOn410: orDefault(values.disable_on_410, true),
    longTail: orDefault(values.long_tail, false),
  }
}

function toRetry(conditions: Values["retry_conditions"]): boolean | undefined {
  if (conditions === null) return true
  if (conditions === undefined) return undefined
  if (Array.isArray(conditions)) return conditions.includes("non_2xx_status_code")
  return conditions.non_2xx_status_code ?? false
}

function toAccountDraft(values: Values): AccountDraft {
  return {
    bankMode: values.bank_mode,
    bankAccountId: values.bank_account_id,
    bankAccountIds: values.bank_account_ids,
    accounts: orDefault(values.accounts, [])?.map((entry) => ({
      bankAccountId: entry.bank_account_id,
      onlyVa: entry.only_va ?? false,
      vaMode: entry.va_mode ?? undefined,
      bankSubAccountIds: entry.bank_sub_account_ids ?? [],
    })),
    onlyVa: orDefault(values.only_va, false),
    vaMode: values.va_mode,
    bankSubAccountIds: orDefault(values.bank_sub_account_ids, []),
  }
}

// A null credential counts as not sent (contract/api.md §1).
function toCredentialDraft(values: Values): CredentialDraft {
  return {
    apiKey: values.api_key ?? undefined,
    secretKey: values.secret_key ?? undefined,
    oauth2AccessTokenUrl: values.oauth2_access_token_url ?? undefined,
    oauth2ClientId: values.oauth2_client_id ?? undefined,
    oauth2ClientSecret: values.oauth2_client_secret ?? undefined,
  }
}

function orDefault<Value>(value: Value | null | undefined, byDefault: NoInfer<Value>): Value | undefined {
  return value === null ? byDefault : value
}
