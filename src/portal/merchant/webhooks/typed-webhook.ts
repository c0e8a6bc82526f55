import type { StoredWebhook } from "../../../webhooks/list-webhooks.ts"
import type { SelectableAccount } from "./selectable-accounts.ts"
import { filterOfAccount, isVaChoice, toVaChoice, type VaChoice } from "./va-choice.ts"

/** A form as it was sent: every name with all its values. */
export type SentFields = ReadonlyMap<string, readonly string[]>

/** The value of a field: of several the last. Pure. */
export function lastValue(form: SentFields, name: string): string | undefined {
  return form.get(name)?.at(-1)
}

/** What somebody chose of one account. */
export interface TypedVas {
  readonly choice: VaChoice
  readonly ids: readonly number[]
  /** Where there are too many to tick: numbers, one a line. */
  readonly numbers: string
}

/** The form of a webhook as it stands in the browser; secrets are never part of it. */
export interface TypedWebhook {
  readonly name: string
  readonly webhookUrl: string
  readonly eventType: string
  readonly isVerifyPayment: boolean
  readonly covers: string
  /** Of `covers` all; `keep`: a list of VAs that this form does not show. */
  readonly allVas: VaChoice | "keep"
  readonly accountIds: readonly string[]
  readonly vas: ReadonlyMap<number, TypedVas>
  readonly skipIfNoCode: boolean
  readonly prefixFilters: string
  readonly contentType: string
  readonly authenType: string
  readonly oauth2AccessTokenUrl: string
  readonly oauth2ClientId: string
  readonly retryNon2xx: boolean
  readonly retryWrongBody: boolean
  readonly longTail: boolean
  readonly disableOn410: boolean
  readonly active: boolean
}

/** What an empty form for a new webhook proposes. */
export const proposedWebhook: TypedWebhook = {
  name: "",
  webhookUrl: "",
  eventType: "In_only",
  isVerifyPayment: false,
  covers: "all",
  allVas: "everything",
  accountIds: [],
  vas: new Map(),
  skipIfNoCode: false,
  prefixFilters: "",
  contentType: "Json",
  authenType: "HMAC_SHA256",
  oauth2AccessTokenUrl: "",
  oauth2ClientId: "",
  retryNon2xx: true,
  retryWrongBody: false,
  longTail: false,
  disableOn410: true,
  active: true,
}

/** A stored webhook as its form shows it. Pure. */
export function toTypedWebhook(webhook: StoredWebhook, accounts: readonly SelectableAccount[] = []): TypedWebhook {
  const { credentials, bankMode } = webhook
  const typedVas = (account: SelectableAccount): TypedVas => {
    const filter = filterOfAccount(webhook, account.id)
    const listed = account.vas.filter(({ id }) => filter.bankSubAccountIds.includes(id))
    return {
      choice: toVaChoice(filter),
      ids: listed.map(({ id }) => id),
      numbers: listed.map(({ number }) => number).join("\n"),
    }
  }
  return {
    name: webhook.name,
    webhookUrl: webhook.webhookUrl,
    eventType: webhook.eventType,
    isVerifyPayment: webhook.isVerifyPayment,
    covers: bankMode === "all" ? "all" : "chosen",
    allVas: bankMode === "all" && webhook.vaMode === "list" ? "keep" : toVaChoice(webhook),
    accountIds: webhook.bankAccountIds.map(String),
    vas: new Map(
      accounts
        .filter(({ id }) => webhook.bankAccountIds.includes(id))
        .map((account) => [account.id, typedVas(account)]),
    ),
    skipIfNoCode: webhook.skipIfNoCode,
    prefixFilters: webhook.prefixFilters.join(", "),
    contentType: webhook.requestContentType,
    authenType: webhook.authenType,
    oauth2AccessTokenUrl: credentials.oauth2AccessTokenUrl ?? "",
    oauth2ClientId: credentials.oauth2ClientId ?? "",
    retryNon2xx: webhook.retryNon2xx,
    retryWrongBody: webhook.retryWrongBody,
    longTail: webhook.longTail,
    disableOn410: webhook.disableOn410,
    active: webhook.active,
  }
}

/** What was sent, as it was typed. Pure. */
export function readTypedWebhook(form: SentFields): TypedWebhook {
  const text = (name: string) => (lastValue(form, name) ?? "").trim()
  const isTicked = (name: string) => form.has(name)
  const allVas = text("all_vas")
  return {
    name: text("name"),
    webhookUrl: text("webhook_url"),
    eventType: text("event_type"),
    isVerifyPayment: isTicked("is_verify_payment"),
    covers: text("covers"),
    allVas: isVaChoice(allVas) || allVas === "keep" ? allVas : "everything",
    accountIds: [...new Set(form.get("account"))],
    vas: readVas(form),
    skipIfNoCode: isTicked("skip_if_no_code"),
    prefixFilters: text("prefix_filters"),
    contentType: text("request_content_type"),
    authenType: text("authen_type"),
    oauth2AccessTokenUrl: text("oauth2_access_token_url"),
    oauth2ClientId: text("oauth2_client_id"),
    retryNon2xx: isTicked("retry_non_2xx"),
    retryWrongBody: isTicked("retry_wrong_body"),
    longTail: isTicked("long_tail"),
    disableOn410: isTicked("disable_on_410"),
    active: isTicked("active"),
  }
}

function readVas(form: SentFields): ReadonlyMap<number, TypedVas> {
  const vas = new Map<number, TypedVas>()
  for (const name of form.keys()) {
    const [, id] = /^vas_([1-9][0-9]{0,14})$/.exec(name) ?? []
    if (id === undefined) continue
    const choice = lastValue(form, name)
    const ids = (form.get(`va_ids_${id}`) ?? []).map(Number)
    const numbers = lastValue(form, `va_numbers_${id}`) ?? ""
    vas.set(Number(id), { choice: isVaChoice(choice) ? choice : "everything", ids, numbers })
  }
  return vas
}
