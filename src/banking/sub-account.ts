import type { Instant } from "../clock.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { Refusal } from "../refusal.ts"
import { accountKeyOf, checkOptionalLine } from "./account-draft.ts"
import {
  countSubAccounts,
  findOfficialVaOwner,
  insertSubAccount,
  lockCompanyOfAccount,
  type SubAccount,
  selectSubAccounts,
} from "./bank-accounts.store.ts"
import { isMemoVirtualAccount } from "./virtual-account.ts"

export type { SubAccount } from "./bank-accounts.store.ts"

export interface SubAccountDraft {
  readonly accountId: number
  /** The bank's own number, or a memo code: `TKP` and 3 to 10 letters or digits (contract/feeds.md §9). */
  readonly accountNumber: string
  readonly holderName?: string | undefined
  readonly label?: string | undefined
}

/**
 * Adds a virtual account to a bank account.
 *
 * @throws Refusal invalid (`number`, `holder`, `label`), not_found (account), conflict (the number is taken)
 */
export async function createSubAccount(db: Database, now: Instant, draft: SubAccountDraft): Promise<number> {
  const accountKey = accountKeyOf(draft.accountNumber)
  const isMemo = isMemoVirtualAccount(accountKey)
  const sub = {
    bankAccountId: draft.accountId,
    kind: isMemo ? ("memo" as const) : ("official" as const),
    accountNumber: isMemo ? accountKey : draft.accountNumber.trim(),
    accountKey,
    holderName: checkOptionalLine("holder", draft.holderName),
    label: checkOptionalLine("label", draft.label),
  }
  return transaction(db, async (tx) => {
    const account = await lockCompanyOfAccount(tx, draft.accountId)
    if (account === undefined) throw new Refusal("not_found", `There is no bank account ${draft.accountId}.`)
    const owner = isMemo ? undefined : await findOfficialVaOwner(tx, account, accountKey)
    const id = owner === undefined ? await insertSubAccount(tx, now, sub) : undefined
    if (id !== undefined) return id
    throw new Refusal("conflict", `Bank account ${owner ?? draft.accountId} has ${sub.accountNumber} already.`)
  })
}

export interface SubAccountPage {
  readonly total: number
  readonly subAccounts: readonly SubAccount[]
}

/** Lists the virtual accounts of an account that `getBankAccount` gave, newest first. */
export async function listSubAccounts(
  db: Queries,
  accountId: number,
  { page, limit }: { readonly page: number; readonly limit: number },
): Promise<SubAccountPage> {
  const total = await countSubAccounts(db, accountId)
  const skip = (page - 1) * limit
  const subAccounts = skip >= total ? [] : await selectSubAccounts(db, accountId, { take: limit, skip })
  return { total, subAccounts }
}
