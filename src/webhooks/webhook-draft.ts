import type { AccountFilter, BankMode, VaMode, WebhookSettings } from "./webhook.ts"

/** What somebody wants a webhook to be: of a new one all that was said, of an edit what is to change. */
export interface WebhookDraft {
  readonly plain: PlainDraft
  readonly accounts: AccountDraft
  readonly credentials: CredentialDraft
}

type AccountSettings = "bankMode" | "bankAccountIds" | "accounts" | "onlyVa" | "vaMode" | "bankSubAccountIds"

/** Settings that stand for themselves. */
export type PlainSettings = Omit<WebhookSettings, AccountSettings>
export type PlainDraft = { readonly [Name in keyof PlainSettings]?: PlainSettings[Name] | undefined }

/** Which accounts and virtual accounts a webhook covers. */
export type AccountChoice = Pick<WebhookSettings, AccountSettings>

/** Undefined is what was not said; null is said to have no value, which is not the same for a required field. */
export interface AccountDraft {
  readonly bankMode?: BankMode | null | undefined
  readonly bankAccountId?: number | null | undefined
  readonly bankAccountIds?: readonly number[] | null | undefined
  readonly accounts?: readonly AccountFilterDraft[] | undefined
  readonly onlyVa?: boolean | undefined
  readonly vaMode?: VaMode | null | undefined
  readonly bankSubAccountIds?: readonly number[] | undefined
}

export type AccountFilterDraft = Omit<AccountFilter, "vaMode"> & { readonly vaMode: VaMode | undefined }

/** Credentials as they were typed, not sealed yet; a masked one counts as not sent. */
export interface CredentialDraft {
  readonly apiKey?: string | undefined
  readonly secretKey?: string | undefined
  readonly oauth2AccessTokenUrl?: string | undefined
  readonly oauth2ClientId?: string | undefined
  readonly oauth2ClientSecret?: string | undefined
}
