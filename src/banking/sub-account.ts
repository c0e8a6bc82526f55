import type { Instant } from "../clock.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { type AuditActor, recordAudit } from "../identity/audit-log.ts"
import { Refusal } from "../refusal.ts"
import { accountKeyOf, checkOptionalLine, fieldChecks } from "./account-draft.ts"
import {
  countSubAccounts,
  findOfficialVaOwner,
  insertSubAccount,
  lockCompanyOfAccount,
  type NewSubAccount,
  type SubAccount,
  selectFirstSubAccounts,
  selectNamedSubAccounts,
  selectSubAccount,
  selectSubAccounts,
} from "./bank-accounts.store.ts"
import { bareAccountNumber, isMemoVirtualAccount } from "./virtual-account.ts"

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
  return transaction(db, (tx) => addSubAccount(tx, now, draft, { kind: "operator" }))
}

/**
 * Adds a virtual account within the caller's database transaction.
 *
 * @throws what `createSubAccount` throws
 */
export async function addSubAccount(
  tx: Queries,
  now: Instant,
  draft: SubAccountDraft,
  actor: AuditActor,
): Promise<number> {
  const sub = checkSubAccount(draft)
  const account = await lockCompanyOfAccount(tx, draft.accountId)
  if (account === undefined) throw new Refusal("not_found", `There is no bank account ${draft.accountId}.`)
  const owner = sub.kind === "memo" ? undefined : await findOfficialVaOwner(tx, account, sub.accountKey)
  const id = owner === undefined ? await insertSubAccount(tx, now, sub) : undefined
  if (id === undefined) {
    throw new Refusal("conflict", `Bank account ${owner ?? draft.accountId} has ${sub.accountNumber} already.`)
  }
  const details = { bank_account_id: draft.accountId, account_number: sub.accountNumber }
  const { companyId } = account
  await recordAudit(tx, now, { companyId, actor, action: "sub_account.add", subjectId: id, details })
  return id
}

function checkSubAccount(draft: SubAccountDraft): NewSubAccount {
  const check = fieldChecks()
  const accountKey = check(() => accountKeyOf(draft.accountNumber)) ?? ""
  const isMemo = isMemoVirtualAccount(accountKey)
  const sub = {
    bankAccountId: draft.accountId,
    kind: isMemo ? ("memo" as const) : ("official" as const),
    accountNumber: isMemo ? accountKey : draft.accountNumber.trim(),
    accountKey,
    holderName: check(() => checkOptionalLine("holder", draft.holderName)) ?? null,
    label: check(() => checkOptionalLine("label", draft.label)) ?? null,
  }
  check.done()
  return sub
}

/**
 * Finds a virtual account of an account that the caller has found to be the company's.
 *
 * @throws Refusal not_found
 */
export async function getSubAccount(db: Queries, accountId: number, id: number): Promise<SubAccount> {
  const sub = await selectSubAccount(db, id)
  if (sub?.bankAccountId === accountId) return sub
  throw new Refusal("not_found", "There is no such virtual account.")
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

/** Virtual accounts of an account to choose from, by number. */
export interface SubAccountChoice {
  readonly areAll: boolean
  readonly subAccounts: readonly SubAccount[]
}

/** Virtual accounts by id, and by number as it is typed. */
export interface NamedSubAccounts {
  readonly ids: readonly number[]
  readonly numbers: readonly string[]
}

/**
 * All virtual accounts of an account where they are at most `most`; else only those that are named, so that an account
 * with very many costs no more. What is named and is not the account's is left out.
 */
export async function chooseSubAccounts(
  db: Queries,
  accountId: number,
  most: number,
  named: NamedSubAccounts,
): Promise<SubAccountChoice> {
  const first = await selectFirstSubAccounts(db, accountId, most + 1)
  if (first.length <= most) return { areAll: true, subAccounts: first }
  const { ids } = named
  const keys = named.numbers.map((number) => bareAccountNumber(number).toUpperCase())
  return { areAll: false, subAccounts: await selectNamedSubAccounts(db, accountId, { ids, keys }) }
}
