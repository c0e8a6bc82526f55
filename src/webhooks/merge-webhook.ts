import type { Instant } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import type { Queries } from "../database/engine.ts"
import type { Outbound } from "../outbound/outbound.ts"
import { mergeAccountChoice } from "./account-choice.ts"
import type { FindBankAccounts } from "./bank-account-seam.ts"
import { type MergedCredentials, mergeCredentials } from "./credentials.ts"
import { type FieldFault, hasFault, refuseFaults } from "./field-faults.ts"
import type { StoredWebhook, WebhookManager } from "./list-webhooks.ts"
import { settingsOf, type WebhookSettings } from "./webhook.ts"
import type { WebhookDraft } from "./webhook-draft.ts"

/** What writing a webhook takes beside the database: keys, and what other parts know. */
export interface WebhookGround {
  readonly keyring: Keyring
  readonly findBankAccounts: FindBankAccounts
  readonly findUrlProblem: Outbound["findUrlProblem"]
}

/** What somebody wants, with the faults that reading it has found already: all are named at once. */
export interface WebhookWrite {
  readonly manager: WebhookManager
  readonly draft: WebhookDraft
  readonly faults: readonly FieldFault[]
}

/** What a new webhook has where the draft is silent; the required ones are never stored from here. */
const newSettings: WebhookSettings = {
  name: "",
  webhookUrl: "",
  eventType: "All",
  isVerifyPayment: false,
  authenType: "No_Authen",
  bankMode: "single",
  bankAccountIds: [],
  accounts: [],
  onlyVa: false,
  vaMode: "all",
  bankSubAccountIds: [],
  skipIfNoCode: false,
  prefixFilters: [],
  requestContentType: "Json",
  retryNon2xx: true,
  retryWrongBody: false,
  disableOn410: true,
  longTail: false,
  alertThreshold: 3,
  alertEventTypes: ["failure", "recovery"],
  alertChannelIds: [],
  active: true,
}

/** Required fields of a new webhook, by the name that faults call them. */
const requiredFields = {
  name: "name",
  eventType: "event_type",
  webhookUrl: "webhook_url",
  authenType: "authen_type",
  isVerifyPayment: "is_verify_payment",
} as const

/**
 * Merges a draft into a webhook, or into the defaults of a new one, and checks the result as a whole.
 *
 * @throws Refusal invalid, naming every field that is missing or bad
 */
export async function mergeWebhook(
  tx: Queries,
  now: Instant,
  { keyring, findBankAccounts }: WebhookGround,
  { manager, draft, faults, before }: WebhookWrite & { readonly before?: StoredWebhook },
): Promise<MergedCredentials & { readonly settings: WebhookSettings }> {
  const base = before ?? newSettings
  const plain = Object.fromEntries(Object.entries(draft.plain).filter(([, value]) => value !== undefined))
  const merged = await mergeAccountChoice(base, draft.accounts, [...faults, ...channelFaults(draft)], (wanted) =>
    findBankAccounts(tx, manager, wanted),
  )
  // Which credentials count cannot be told.
  if (hasFault(merged.faults, "authen_type")) refuseFaults(merged.faults)
  const settings: WebhookSettings = { ...settingsOf(base), ...plain, ...merged.choice }
  const { authenType } = settings
  const isKept = before?.authenType === authenType
  const credentials = mergeCredentials(
    {
      keyring,
      now,
      authenType,
      before: isKept ? before.credentials : undefined,
      draft: draft.credentials,
      complete: !isKept || settings.active,
    },
    merged.faults,
  )
  refuseFaults(credentials.faults)
  return { ...credentials, settings }
}

// Channels come with incidents and alerts (contract/webhooks.md §10): until then a company has none.
function channelFaults({ plain: { alertChannelIds = [] } }: WebhookDraft): FieldFault[] {
  const [first] = alertChannelIds
  return first === undefined
    ? []
    : [{ path: "alert_channel_ids", problem: `names no channel of the company: ${first}` }]
}

/** The required fields that a new webhook lacks. */
export function findMissingFields({ plain }: WebhookDraft, faults: readonly FieldFault[]): FieldFault[] {
  return Object.entries(requiredFields)
    .filter(([name, path]) => plain[name as keyof typeof requiredFields] === undefined && !hasFault(faults, path))
    .map(([, path]) => ({ path, problem: "is required" }))
}

/** Asks about URLs that are new, outside any database transaction: their names are resolved. */
export async function findUrlFaults(
  { findUrlProblem }: WebhookGround,
  { manager, draft }: Omit<WebhookWrite, "faults">,
  before?: StoredWebhook,
): Promise<FieldFault[]> {
  const { webhookUrl, authenType = before?.authenType } = draft.plain
  const tokenUrl = authenType === "OAuth2.0" ? draft.credentials.oauth2AccessTokenUrl : undefined
  const urls = [
    { path: "webhook_url", url: webhookUrl, known: before?.webhookUrl },
    { path: "oauth2_access_token_url", url: tokenUrl, known: before?.credentials.oauth2AccessTokenUrl },
  ]
  const problems = await Promise.all(
    urls.map(({ url, known }) => (url === undefined || url === known ? undefined : findUrlProblem(url, manager.mode))),
  )
  return urls.flatMap(({ path }, index) => {
    const problem = problems[index]
    return problem === undefined ? [] : [{ path, problem }]
  })
}
