import type {
  AccountFilter,
  AuthenType,
  BankMode,
  EventType,
  RequestContentType,
  VaMode,
  WebhookFilter,
} from "./webhook.ts"

/** Everything of a webhook that its owner decides, credentials in clear. */
export interface WebhookSettings extends WebhookFilter {
  readonly name: string
  readonly webhookUrl: string
  readonly authenType: AuthenType
  readonly isVerifyPayment: boolean
  readonly requestContentType: RequestContentType
  readonly retryNon2xx: boolean
  readonly retryWrongBody: boolean
  readonly disableOn410: boolean
  readonly longTail: boolean
  readonly alertThreshold: number
  readonly alertEventTypes: readonly string[]
  readonly alertChannelIds: readonly number[]
  readonly active: boolean
  readonly credentials: WebhookCredentials
}

/** What a webhook shows to its receiver; those of another authentication type are undefined. */
export interface WebhookCredentials {
  readonly apiKey: string | undefined
  readonly secretKey: string | undefined
  readonly oauth2AccessTokenUrl: string | undefined
  readonly oauth2ClientId: string | undefined
  readonly oauth2ClientSecret: string | undefined
}

/** What of a VA filter one account may have for itself. */
export interface AccountFilterChange {
  readonly bankAccountId: number
  readonly onlyVa?: boolean | null | undefined
  readonly vaMode?: VaMode | null | undefined
  readonly bankSubAccountIds?: readonly number[] | null | undefined
}

type Given<T> = T | null | undefined

/** What a request says: undefined is not said, null is said (contract/api.md §1). */
export interface WebhookChange {
  readonly name?: Given<string>
  readonly webhookUrl?: Given<string>
  readonly eventType?: Given<EventType>
  readonly authenType?: Given<AuthenType>
  readonly isVerifyPayment?: Given<boolean>
  readonly bankMode?: Given<BankMode>
  readonly bankAccountId?: Given<number>
  readonly bankAccountIds?: Given<readonly number[]>
  readonly accounts?: Given<readonly AccountFilterChange[]>
  readonly onlyVa?: Given<boolean>
  readonly vaMode?: Given<VaMode>
  readonly bankSubAccountIds?: Given<readonly number[]>
  readonly skipIfNoCode?: Given<boolean>
  readonly prefixFilters?: Given<readonly string[]>
  readonly requestContentType?: Given<RequestContentType>
  readonly retryNon2xx?: Given<boolean>
  readonly retryWrongBody?: Given<boolean>
  readonly disableOn410?: Given<boolean>
  readonly longTail?: Given<boolean>
  readonly alertThreshold?: Given<number>
  readonly alertEventTypes?: Given<readonly string[]>
  readonly alertChannelIds?: Given<readonly number[]>
  readonly active?: Given<boolean>
  readonly apiKey?: Given<string>
  readonly secretKey?: Given<string>
  readonly oauth2AccessTokenUrl?: Given<string>
  readonly oauth2ClientId?: Given<string>
  readonly oauth2ClientSecret?: Given<string>
}

/** What is wrong with fields, by their names on the wire; more is found as the check goes on. */
export type FieldErrors = Map<string, string[]>

/** Notes what is wrong with a field: `message` follows its name. */
export function addError(errors: FieldErrors, field: string, message: string): void {
  errors.set(field, [...(errors.get(field) ?? []), `${field} ${message}`])
}

const requiredFields = [
  ["name", "name"],
  ["eventType", "event_type"],
  ["webhookUrl", "webhook_url"],
  ["authenType", "authen_type"],
  ["isVerifyPayment", "is_verify_payment"],
] as const

/**
 * What a webhook is once a change is made, checked as a whole (contract/api.md §8): a new one without `before`. What is
 * wrong is added to `errors`, which already names the fields that could not be read; then the result says nothing.
 */
export function applyChange(
  before: WebhookSettings | undefined,
  change: WebhookChange,
  errors: FieldErrors,
): WebhookSettings {
  for (const [key, field] of requiredFields) {
    const isMissing = change[key] === null || (change[key] === undefined && before === undefined)
    if (isMissing && !errors.has(field)) addError(errors, field, "is required")
  }
  const keep = <T>(given: Given<T>, known: T | undefined, fallback: T): T => keepOr(given, known, fallback)
  const authenType = keep(change.authenType, before?.authenType, "No_Authen")
  const active = keep(change.active, before?.active, true)
  const accounts = applyAccounts(before, change, errors)
  return {
    name: keep(change.name, before?.name, ""),
    webhookUrl: keep(change.webhookUrl, before?.webhookUrl, ""),
    eventType: keep(change.eventType, before?.eventType, "All"),
    authenType,
    isVerifyPayment: keep(change.isVerifyPayment, before?.isVerifyPayment, false),
    ...accounts,
    ...applyVaFilter(before, change, errors),
    skipIfNoCode: keep(change.skipIfNoCode, before?.skipIfNoCode, false),
    prefixFilters: keep(change.prefixFilters, before?.prefixFilters, []),
    requestContentType: keep(change.requestContentType, before?.requestContentType, "Json"),
    retryNon2xx: keep(change.retryNon2xx, before?.retryNon2xx, true),
    retryWrongBody: keep(change.retryWrongBody, before?.retryWrongBody, false),
    disableOn410: keep(change.disableOn410, before?.disableOn410, true),
    longTail: keep(change.longTail, before?.longTail, false),
    alertThreshold: keep(change.alertThreshold, before?.alertThreshold, 3),
    alertEventTypes: keep(change.alertEventTypes, before?.alertEventTypes, ["failure", "recovery"]),
    alertChannelIds: keep(change.alertChannelIds, before?.alertChannelIds, []),
    active,
    credentials: applyCredentials({ before, change, authenType, active }, errors),
  }
}

/** A null is the default; nothing said keeps what was, or is the default of a new webhook. */
function keepOr<T>(given: Given<T>, known: T | undefined, fallback: T): T {
  if (given === null) return fallback
  return given ?? known ?? fallback
}

type Accounts = Pick<WebhookFilter, "bankMode" | "bankAccountIds" | "accounts">

function applyAccounts(before: WebhookSettings | undefined, change: WebhookChange, errors: FieldErrors): Accounts {
  const bankMode = modeOf(before, change)
  if (bankMode !== "single") errors.delete("bank_account_id")
  if (bankMode !== "multi") {
    for (const field of [...errors.keys()]) if (/^(bank_account_ids|accounts)(\.|$)/.test(field)) errors.delete(field)
  }
  if (bankMode === "all") return { bankMode, bankAccountIds: [], accounts: [] }
  if (bankMode === "single") {
    const id = change.bankAccountId ?? before?.bankAccountIds[0]
    if ((id === undefined || id === 0) && !errors.has("bank_account_id")) {
      addError(errors, "bank_account_id", "is required")
    }
    return { bankMode, bankAccountIds: id === undefined ? [] : [id], accounts: [] }
  }
  const ids = [...new Set(change.bankAccountIds ?? before?.bankAccountIds ?? [])]
  if (ids.length === 0 && !errors.has("bank_account_ids")) addError(errors, "bank_account_ids", "is required")
  if (ids.length > 100) addError(errors, "bank_account_ids", "must not name more than 100 accounts")
  return { bankMode, bankAccountIds: ids, accounts: applyAccountFilters(before, change, { ids, errors }) }
}

function modeOf(before: WebhookSettings | undefined, change: WebhookChange): BankMode {
  if (change.bankMode !== undefined && change.bankMode !== null) return change.bankMode
  const known = change.bankMode === null ? undefined : before?.bankMode
  if (change.bankAccountId !== undefined && change.bankAccountId !== null) return "single"
  if (change.bankAccountIds !== undefined && change.bankAccountIds !== null) return "multi"
  return known ?? "single"
}

function applyAccountFilters(
  before: WebhookSettings | undefined,
  change: WebhookChange,
  { ids, errors }: { readonly ids: readonly number[]; readonly errors: FieldErrors },
): readonly AccountFilter[] {
  if (change.accounts === undefined) {
    return before?.accounts.filter(({ bankAccountId }) => ids.includes(bankAccountId)) ?? []
  }
  const seen = new Set<number>()
  return (change.accounts ?? []).map((entry, index) => {
    const field = `accounts.${index}`
    const { bankAccountId } = entry
    if (!ids.includes(bankAccountId)) addError(errors, `${field}.bank_account_id`, "must be one of bank_account_ids")
    if (seen.has(bankAccountId)) addError(errors, `${field}.bank_account_id`, "is given twice")
    seen.add(bankAccountId)
    return { bankAccountId, ...vaFilterOf(undefined, entry, { errors, field: `${field}.` }) }
  })
}

function applyVaFilter(before: WebhookSettings | undefined, change: WebhookChange, errors: FieldErrors) {
  return vaFilterOf(before, change, { errors, field: "" })
}

type VaChange = Pick<WebhookChange, "onlyVa" | "vaMode" | "bankSubAccountIds">

function vaFilterOf(
  before: WebhookSettings | undefined,
  change: VaChange,
  { errors, field }: { readonly errors: FieldErrors; readonly field: string },
) {
  const onlyVa = keepOr(change.onlyVa, before?.onlyVa, false)
  const bankSubAccountIds = [...new Set(keepOr(change.bankSubAccountIds, before?.bankSubAccountIds, []))]
  const byDefault: VaMode = bankSubAccountIds.length > 0 ? "list" : "all"
  // Other VAs without a mode are what the default makes of them, whatever the mode was.
  const known = change.bankSubAccountIds === undefined ? before?.vaMode : undefined
  const vaMode = keepOr(change.vaMode, known, byDefault)
  if (vaMode === "list" && bankSubAccountIds.length === 0) {
    addError(errors, `${field}va_mode`, "list needs bank_sub_account_ids")
  }
  if (vaMode === "none" && onlyVa) addError(errors, `${field}va_mode`, "none lets nothing pass with only_va 1")
  if (bankSubAccountIds.length > 1000) {
    addError(errors, `${field}bank_sub_account_ids`, "must not name more than 1000 virtual accounts")
  }
  return { onlyVa, vaMode, bankSubAccountIds }
}

interface Authentication {
  readonly before: WebhookSettings | undefined
  readonly change: WebhookChange
  readonly authenType: AuthenType
  readonly active: boolean
}

const credentialFields = [
  ["apiKey", "api_key", "Api_Key"],
  ["secretKey", "secret_key", "HMAC_SHA256"],
  ["oauth2AccessTokenUrl", "oauth2_access_token_url", "OAuth2.0"],
  ["oauth2ClientId", "oauth2_client_id", "OAuth2.0"],
  ["oauth2ClientSecret", "oauth2_client_secret", "OAuth2.0"],
] as const

// Credentials of another type are ignored and erased. A clone may lack its own until it is switched on.
function applyCredentials(
  { before, change, authenType, active }: Authentication,
  errors: FieldErrors,
): WebhookCredentials {
  const isSame = before?.authenType === authenType
  const values: Record<string, string | undefined> = {}
  for (const [key, field, type] of credentialFields) {
    if (type !== authenType) {
      errors.delete(field)
      continue
    }
    const known = isSame ? before.credentials[key] : undefined
    values[key] = change[key] ?? known
    const isGenerated = key === "secretKey" && !isSame
    const isWanted = !isGenerated && (active || !isSame)
    if (values[key] === undefined && isWanted && !errors.has(field)) addError(errors, field, "is required")
  }
  return {
    apiKey: values["apiKey"],
    secretKey: values["secretKey"],
    oauth2AccessTokenUrl: values["oauth2AccessTokenUrl"],
    oauth2ClientId: values["oauth2ClientId"],
    oauth2ClientSecret: values["oauth2ClientSecret"],
  }
}
