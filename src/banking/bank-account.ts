import type { Instant } from "../clock.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { findCompany } from "../identity/company.ts"
import type { BankAccountId, Mode } from "../ids.ts"
import type { ConsentAccount } from "../oauth/consent.ts"
import { Refusal } from "../refusal.ts"
import { accountKeyOf, checkLine, checkOptionalLine, invalid } from "./account-draft.ts"
import { bankImages, findBank } from "./bank.ts"
import {
  type BankAccount,
  countBankAccounts,
  insertBankAccount,
  selectAccountsById,
  selectBankAccount,
  selectBankAccounts,
  selectCompanyAccounts,
} from "./bank-accounts.store.ts"
import type { Viewer } from "./transaction.ts"

export type { BankAccount } from "./bank-accounts.store.ts"

export interface BankAccountDraft {
  readonly companyId: number
  /** Short name, code or BIN, in any case. */
  readonly bank: string
  readonly accountNumber: string
  readonly holderName: string
  readonly label?: string | undefined
  readonly mode: Mode
}

/**
 * Links a bank account to a company.
 *
 * @throws Refusal invalid (`bank`, `number`, `holder`, `label`), not_found (company), conflict (linked already)
 */
export async function createBankAccount(db: Database, now: Instant, draft: BankAccountDraft): Promise<BankAccountId> {
  const bank = findBank(draft.bank)
  if (bank === undefined) throw invalid("bank", `No bank is called ${draft.bank}: give its short name, code or BIN.`)
  const account = {
    companyId: draft.companyId,
    mode: draft.mode,
    bank: bank.shortName,
    accountNumber: draft.accountNumber.trim(),
    accountKey: accountKeyOf(draft.accountNumber),
    holderName: checkLine("holder", draft.holderName),
    label: checkOptionalLine("label", draft.label),
  }
  return transaction(db, async (tx) => {
    const company = await findCompany(tx, draft.companyId)
    if (company === undefined) throw new Refusal("not_found", `There is no company ${draft.companyId}.`)
    const id = await insertBankAccount(tx, now, account)
    if (id !== undefined) return id
    throw new Refusal("conflict", `The company has linked ${account.accountNumber} of ${bank.shortName} already.`)
  })
}

export interface BankAccountPage {
  readonly total: number
  readonly accounts: readonly BankAccount[]
}

/** Lists the accounts a viewer may see, newest first, by `page` (from 1) of `limit`. */
export async function listBankAccounts(
  db: Queries,
  { companyId, mode, bankAccountIds }: Viewer,
  { page, limit }: { readonly page: number; readonly limit: number },
): Promise<BankAccountPage> {
  const source = { companyId, mode, accountIds: bankAccountIds }
  const total = await countBankAccounts(db, source)
  const skip = (page - 1) * limit
  const accounts = skip >= total ? [] : await selectBankAccounts(db, source, { take: limit, skip })
  return { total, accounts }
}

/**
 * Finds one account.
 *
 * @throws Refusal not_found when the viewer may not see it
 */
export async function getBankAccount(db: Queries, viewer: Viewer, id: number): Promise<BankAccount> {
  const account = await selectBankAccount(db, id)
  if (account !== undefined && isVisible(viewer, account)) return account
  throw new Refusal("not_found", "There is no such bank account")
}

function isVisible({ companyId, mode, bankAccountIds }: Viewer, account: BankAccount): boolean {
  const ours = account.companyId === companyId && account.mode === mode
  return ours && bankAccountIds?.includes(account.id) !== false
}

/** All accounts of a company, live and test, oldest first: for its own overview. */
export function listCompanyAccounts(db: Queries, companyId: number): Promise<readonly BankAccount[]> {
  return selectCompanyAccounts(db, companyId)
}

/** The accounts of a company as the consent page lists them; `bankIcon` is a path. */
export async function listConsentAccounts(db: Queries, companyId: number): Promise<readonly ConsentAccount[]> {
  return (await selectCompanyAccounts(db, companyId)).map((account) => {
    const bank = findBank(account.bank)
    return {
      id: account.id,
      mode: account.mode,
      bankName: account.brandName ?? account.bank,
      bankIcon: bank === undefined ? "" : `/assets/images/banklogo/${bankImages(bank).icon}`,
      label: account.label,
      holderName: account.holderName,
      accountNumber: account.accountNumber,
    }
  })
}

/** Accounts of all companies for an operator, by id: those after `after` (0: from the first), at most `limit`. */
export function listAllBankAccounts(db: Queries, after = 0, limit = 1000): Promise<readonly BankAccount[]> {
  return selectAccountsById(db, after, limit)
}
