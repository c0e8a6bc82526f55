import type { Queries } from "../database/engine.ts"
import type { Mode } from "../ids.ts"
import { addError, type FieldErrors, type WebhookChange, type WebhookSettings } from "./webhook-change.ts"
import type { WebhookOwner } from "./webhook-visibility.ts"

/** What webhooks ask of other parts; `app.ts` hands it over. */
export interface OutsideChecks {
  /** Those of the accounts that are the company's, of the mode and of the consent. */
  findAccounts(db: Queries, owner: WebhookOwner, ids: readonly number[]): Promise<ReadonlySet<number>>
  /** Virtual account → its account, of the company's accounts. */
  findSubAccounts(db: Queries, owner: WebhookOwner, ids: readonly number[]): Promise<ReadonlyMap<number, number>>
  /** What is wrong with a URL that is to be called, or undefined. */
  findUrlProblem(url: string, mode: Mode): Promise<string | undefined>
}

interface ToCheck {
  readonly before: WebhookSettings | undefined
  readonly wanted: WebhookSettings
  readonly change: WebhookChange
  readonly errors: FieldErrors
}

/**
 * Checks that the accounts and virtual accounts are there for the owner. Virtual accounts of accounts that are covered no
 * longer go, unless the request names them (contract/api.md §8, PATCH).
 */
export async function checkAccounts(
  checks: OutsideChecks,
  db: Queries,
  owner: WebhookOwner,
  { before, wanted, change, errors }: ToCheck,
): Promise<WebhookSettings> {
  const { bankMode, bankAccountIds } = wanted
  const visible = await checks.findAccounts(db, owner, bankAccountIds)
  const field = bankMode === "single" ? "bank_account_id" : "bank_account_ids"
  const missing = bankAccountIds.filter((id) => id > 0 && !visible.has(id))
  if (missing.length > 0) addError(errors, field, `names no bank account: ${missing.join(", ")}`)

  const ids = [...wanted.bankSubAccountIds, ...wanted.accounts.flatMap((account) => account.bankSubAccountIds)]
  const accountOf = await checks.findSubAccounts(db, owner, ids)
  const isCovered = (id: number) => {
    const account = accountOf.get(id)
    return account !== undefined && (bankMode === "all" || bankAccountIds.includes(account))
  }
  for (const [index, account] of wanted.accounts.entries()) {
    const strange = account.bankSubAccountIds.filter((id) => accountOf.get(id) !== account.bankAccountId)
    const name = `accounts.${index}.bank_sub_account_ids`
    if (strange.length > 0) addError(errors, name, `names no virtual account of it: ${strange.join(", ")}`)
  }
  const uncovered = wanted.bankSubAccountIds.filter((id) => !isCovered(id))
  if (uncovered.length === 0) return wanted
  if (before === undefined || change.bankSubAccountIds !== undefined) {
    const problem = `names no virtual account of a covered account: ${uncovered.join(", ")}`
    addError(errors, "bank_sub_account_ids", problem)
    return wanted
  }
  const left = wanted.bankSubAccountIds.filter(isCovered)
  const vaMode = left.length === 0 && wanted.vaMode === "list" ? "all" : wanted.vaMode
  return { ...wanted, bankSubAccountIds: left, vaMode }
}

/** Checks the URLs that are new: their form, and where they lead (contract/webhooks.md §8). */
export async function checkUrls(
  checks: OutsideChecks,
  mode: Mode,
  { before, wanted, errors }: Pick<ToCheck, "before" | "wanted" | "errors">,
): Promise<void> {
  const urls = [
    ["webhook_url", wanted.webhookUrl, before?.webhookUrl],
    [
      "oauth2_access_token_url",
      wanted.credentials.oauth2AccessTokenUrl ?? "",
      before?.credentials.oauth2AccessTokenUrl,
    ],
  ] as const
  for (const [field, url, known] of urls) {
    if (url === "" || url === known || errors.has(field)) continue
    const problem = await checks.findUrlProblem(url, mode)
    if (problem !== undefined) addError(errors, field, problem)
  }
}
