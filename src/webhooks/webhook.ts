import type { Instant } from "../clock.ts"
import type { CompanyId, Mode, WebhookId } from "../ids.ts"

export const eventTypes = ["All", "In_only", "Out_only"] as const
export type EventType = (typeof eventTypes)[number]

export const authenTypes = ["No_Authen", "Api_Key", "HMAC_SHA256", "OAuth2.0"] as const
export type AuthenType = (typeof authenTypes)[number]

export const bankModes = ["single", "multi", "all"] as const
export type BankMode = (typeof bankModes)[number]

export const vaModes = ["all", "list", "none"] as const
export type VaMode = (typeof vaModes)[number]

export const contentTypes = ["Json", "multipart_form-data", "application_x-www-form-urlencoded"] as const
export type RequestContentType = (typeof contentTypes)[number]

/** Which VAs of the accounts pass, and whether the account itself does (contract/webhooks.md §6, second table). */
export interface VaFilter {
  /** Only transactions on a VA. */
  readonly onlyVa: boolean
  readonly vaMode: VaMode
  readonly bankSubAccountIds: readonly number[]
}

/** A VA filter of one account of a `multi` webhook. */
export interface AccountFilter extends VaFilter {
  readonly bankAccountId: number
}

/** Which transactions a webhook gets (contract/webhooks.md §6). */
export interface WebhookFilter extends VaFilter {
  readonly eventType: EventType
  readonly bankMode: BankMode
  /** `single` has one, `multi` one or more, `all` none. */
  readonly bankAccountIds: readonly number[]
  /** `multi` only; an account without an entry goes by the webhook's own VA filter. */
  readonly accounts: readonly AccountFilter[]
  readonly skipIfNoCode: boolean
  /** Case-sensitive starts of the code; none: any code, or none at all. */
  readonly prefixFilters: readonly string[]
}

/** One configuration record of a company, in live or test mode (contract/webhooks.md §6.1); credentials are apart. */
export interface Webhook extends WebhookFilter {
  readonly id: WebhookId
  readonly companyId: CompanyId
  readonly mode: Mode
  readonly name: string
  readonly webhookUrl: string
  readonly authenType: AuthenType
  readonly isVerifyPayment: boolean
  readonly requestContentType: RequestContentType
  /** `retry_conditions.non_2xx_status_code`: whether anything is retried at all. */
  readonly retryNon2xx: boolean
  readonly retryWrongBody: boolean
  readonly disableOn410: boolean
  readonly longTail: boolean
  readonly alertThreshold: number
  readonly alertEventTypes: readonly string[]
  readonly alertChannelIds: readonly number[]
  readonly active: boolean
  readonly offReason: "gone" | undefined
  readonly configVersion: number
  readonly createdAt: Instant
}

/** What a company decides about a webhook; the rest of the record is given to it. */
export type WebhookSettings = Omit<Webhook, "id" | "companyId" | "mode" | "offReason" | "configVersion" | "createdAt">

/** Characters of a name (contract/webhooks.md §6.1). */
export const LONGEST_NAME = 300

/** The settings of a record, without what else it has. Pure. */
export function settingsOf(webhook: WebhookSettings): WebhookSettings {
  return {
    name: webhook.name,
    webhookUrl: webhook.webhookUrl,
    eventType: webhook.eventType,
    isVerifyPayment: webhook.isVerifyPayment,
    bankMode: webhook.bankMode,
    bankAccountIds: webhook.bankAccountIds,
    accounts: webhook.accounts,
    onlyVa: webhook.onlyVa,
    vaMode: webhook.vaMode,
    bankSubAccountIds: webhook.bankSubAccountIds,
    skipIfNoCode: webhook.skipIfNoCode,
    prefixFilters: webhook.prefixFilters,
    requestContentType: webhook.requestContentType,
    retryNon2xx: webhook.retryNon2xx,
    retryWrongBody: webhook.retryWrongBody,
    disableOn410: webhook.disableOn410,
    longTail: webhook.longTail,
    authenType: webhook.authenType,
    alertThreshold: webhook.alertThreshold,
    alertEventTypes: webhook.alertEventTypes,
    alertChannelIds: webhook.alertChannelIds,
    active: webhook.active,
  }
}
