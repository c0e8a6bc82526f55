import type { Instant } from "../clock.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { type AuditActor, recordAudit } from "../identity/audit-log.ts"
import { findCompany } from "../identity/company.ts"
import type { BankAccountId, Mode } from "../ids.ts"
import type { ConsentAccount } from "../oauth/consent.ts"
import { Refusal } from "../refusal.ts"
import { accountKeyOf, checkLine, checkOptionalLine, fieldChecks, invalid } from "./account-draft.ts"
import { bankImages, findBank } from "./bank.ts"
import {
  type BankAccount,
  countBankAccounts,
  insertBankAccount,
  type NewBankAccount,
  selectAccountsById,
  selectBankAccount,
  selectBankAccounts,
  selectCompanyAccountPage,
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
  return transaction(db, (tx) => linkBankAccount(tx, now, draft, { kind: "operator" }))
}

/**
 * Links a bank account within the caller's database transaction.
 *
 * @throws what `createBankAccount` throws
 */
export async function linkBankAccount(
  tx: Queries,
  now: Instant,
  draft: BankAccountDraft,
  actor: AuditActor,
): Promise<BankAccountId> {
  const account = checkBankAccount(draft)
  const { companyId, mode, bank, accountNumber } = account
  const company = await findCompany(tx, companyId)
  if (company === undefined) throw new Refusal("not_found", `There is no company ${companyId}.`)
  const id = await insertBankAccount(tx, now, account)
  if (id === undefined) {
    throw new Refusal("conflict", `The company has linked ${accountNumber} of ${bank} already.`)
  }
  const details = { mode, bank, account_number: accountNumber }
  await recordAudit(tx, now, { companyId, actor, action: "bank_account.link", subjectId: id, details })
  return id
}

/** Every wrong field is told at once: a form shows all of them. */
function checkBankAccount(draft: BankAccountDraft): NewBankAccount {
  const bank = findBank(draft.bank)
  const check = fieldChecks()
  const account = {
    companyId: draft.companyId,
    mode: draft.mode,
    bank: bank?.shortName ?? "",
    accountNumber: draft.accountNumber.trim(),
    accountKey: check(() => accountKeyOf(draft.accountNumber)) ?? "",
    holderName: check(() => checkLine("holder", draft.holderName)) ?? "",
    label: check(() => checkOptionalLine("label", draft.label)) ?? null,
  }
  if (bank === undefined) {
    check(() => {
      throw invalid("bank", `No bank is called ${draft.bank}: give its short name, code or BIN.`)
    })
  }
  check.done()
  return account
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

/** An account of a company with how many virtual accounts it has. */
export interface ListedAccount extends BankAccount {
  readonly subAccountCount: number
}

/** Accounts of a company, live and test, newest first: those before the id `before`, at most `take`. */
export function listAccountPage(
  db: Queries,
  companyId: number,
  slice: { readonly before?: number | undefined; readonly take: number },
): Promise<readonly ListedAccount[]> {
  return selectCompanyAccountPage(db, companyId, slice)
}

/**
 * Finds an account of a company, of either mode.
 *
 * @throws Refusal not_found
 */
export async function getCompanyAccount(db: Queries, companyId: number, id: number): Promise<BankAccount> {
  const account = await selectBankAccount(db, id)
  if (account?.companyId === companyId) return account
  throw new Refusal("not_found", "There is no such bank account")
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
