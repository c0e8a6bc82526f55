import type { Selectable } from "kysely"
import type { Instant } from "../clock.ts"
import { prepared, type Queries } from "../database/engine.ts"
import type { Schema } from "../database/schema.ts"
import type { BankAccountId, CompanyId, Mode } from "../ids.ts"
import type { Vnd } from "../money.ts"

/** A company's account at a bank. */
export interface BankAccount {
  readonly id: BankAccountId
  readonly companyId: CompanyId
  readonly mode: Mode
  /** Short name of the bank, and what is shown instead of it if that was set. */
  readonly bank: string
  readonly brandName: string | null
  /** Leading zeros kept. */
  readonly accountNumber: string
  readonly holderName: string
  readonly label: string | null
  /** null: no source has reported one. */
  readonly balance: Vnd | null
  /** When that balance held. */
  readonly balanceAt: Instant | null
  readonly isActive: boolean
  /** Transactions listed, in and out together. */
  readonly transactionCount: number
  readonly createdAt: Instant
}

/** A virtual account: a number of the bank's own, or a memo code (`TKP…`), that belongs to one bank account. */
export interface SubAccount {
  readonly id: number
  readonly bankAccountId: BankAccountId
  readonly kind: SubAccountKind
  readonly accountNumber: string
  readonly holderName: string | null
  readonly label: string | null
  readonly isActive: boolean
  readonly createdAt: Instant
}

export type SubAccountKind = "official" | "memo"

/** Whose accounts, and which of them: undefined stands for all. */
export interface AccountSource {
  readonly companyId: number
  readonly mode: string
  readonly accountIds: readonly number[] | undefined
}

type Slice = {
  readonly take: number
  readonly skip: number
}

type OfMode = { companyId: number; mode: string }

const allAccounts = prepared<OfMode & Slice, Selectable<Schema["bank_accounts"]>>((db, parameter) =>
  db
    .selectFrom("bank_accounts")
    .selectAll()
    .where("company_id", "=", parameter("companyId"))
    .where("mode", "=", parameter("mode"))
    .orderBy("id", "desc")
    .limit(parameter("take"))
    .offset(parameter("skip")),
)

/** Accounts, newest first. */
export async function selectBankAccounts(db: Queries, source: AccountSource, slice: Slice): Promise<BankAccount[]> {
  const { companyId, mode, accountIds } = source
  if (accountIds === undefined) return (await allAccounts(db, { companyId, mode, ...slice })).map(toBankAccount)
  if (accountIds.length === 0) return []
  const rows = await db
    .selectFrom("bank_accounts")
    .selectAll()
    .where("company_id", "=", companyId)
    .where("mode", "=", mode)
    .where("id", "in", accountIds)
    .orderBy("id", "desc")
    .limit(slice.take)
    .offset(slice.skip)
    .execute()
  return rows.map(toBankAccount)
}

export async function countBankAccounts(db: Queries, source: AccountSource): Promise<number> {
  const { companyId, mode, accountIds } = source
  if (accountIds?.length === 0) return 0
  const { count } = await db
    .selectFrom("bank_accounts")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("company_id", "=", companyId)
    .where("mode", "=", mode)
    .$if(accountIds !== undefined, (query) => query.where("id", "in", accountIds ?? []))
    .executeTakeFirstOrThrow()
  return count
}

const accountById = prepared<{ id: number }, Selectable<Schema["bank_accounts"]>>((db, parameter) =>
  db.selectFrom("bank_accounts").selectAll().where("id", "=", parameter("id")),
)

/** All accounts of a company, live and test, oldest first. */
export async function selectCompanyAccounts(db: Queries, companyId: number): Promise<BankAccount[]> {
  const rows = await db
    .selectFrom("bank_accounts")
    .selectAll()
    .where("company_id", "=", companyId)
    .orderBy("id")
    .execute()
  return rows.map(toBankAccount)
}

/** Accounts of a company by id, newest first, each with the number of its sub-accounts. */
export async function selectCompanyAccountPage(
  db: Queries,
  companyId: number,
  { before, take }: { readonly before?: number | undefined; readonly take: number },
): Promise<(BankAccount & { readonly subAccountCount: number })[]> {
  const rows = await db
    .selectFrom("bank_accounts as a")
    .selectAll("a")
    .select((eb) =>
      eb
        .selectFrom("sub_accounts as s")
        .select((sub) => sub.fn.countAll<number>().as("count"))
        .whereRef("s.bank_account_id", "=", "a.id")
        .as("sub_account_count"),
    )
    .where("a.company_id", "=", companyId)
    .$if(before !== undefined, (query) => query.where("a.id", "<", before ?? 0))
    .orderBy("a.id", "desc")
    .limit(take)
    .execute()
  return rows.map((row) => ({ ...toBankAccount(row), subAccountCount: row.sub_account_count ?? 0 }))
}

/** Accounts of all companies by id, those after `after`. */
export async function selectAccountsById(db: Queries, after: number, limit: number): Promise<BankAccount[]> {
  const query = db.selectFrom("bank_accounts").selectAll().where("id", ">", after).orderBy("id").limit(limit)
  return (await query.execute()).map(toBankAccount)
}

/** Any company's account of that id. */
export async function selectBankAccount(db: Queries, id: number): Promise<BankAccount | undefined> {
  const [row] = await accountById(db, { id })
  return row && toBankAccount(row)
}

// A list of ids may be longer than the parameters a query may have.
const idsAQuery = 1000

async function selectByParts<Row>(
  ids: readonly number[],
  select: (part: readonly number[]) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = []
  for (let start = 0; start < ids.length; start += idsAQuery) {
    rows.push(...(await select(ids.slice(start, start + idsAQuery))))
  }
  return rows
}

/** Those of the ids that are accounts of the source. */
export async function selectVisibleAccountIds(
  db: Queries,
  { companyId, mode, accountIds }: AccountSource,
  wanted: readonly number[],
): Promise<number[]> {
  const visible = wanted.filter((id) => accountIds?.includes(id) !== false)
  const rows = await selectByParts(visible, (part) =>
    db
      .selectFrom("bank_accounts")
      .select("id")
      .where("company_id", "=", companyId)
      .where("mode", "=", mode)
      .where("id", "in", part)
      .execute(),
  )
  return rows.map(({ id }) => id)
}

/** Those of the ids that are sub-accounts of an account of the source, each with its account. */
export async function selectVisibleSubAccounts(
  db: Queries,
  { companyId, mode, accountIds }: AccountSource,
  wanted: readonly number[],
): Promise<{ id: number; bankAccountId: number }[]> {
  const rows = await selectByParts(wanted, (part) =>
    db
      .selectFrom("sub_accounts as s")
      .innerJoin("bank_accounts as a", "a.id", "s.bank_account_id")
      .select(["s.id", "s.bank_account_id as bankAccountId"])
      .where("a.company_id", "=", companyId)
      .where("a.mode", "=", mode)
      .where("s.id", "in", part)
      .execute(),
  )
  return rows.filter(({ bankAccountId }) => accountIds?.includes(bankAccountId) !== false)
}

export interface NewBankAccount {
  readonly companyId: number
  readonly mode: Mode
  readonly bank: string
  readonly accountNumber: string
  /** The number as it is compared. */
  readonly accountKey: string
  readonly holderName: string
  readonly label: string | null
}

/** undefined when the company has that number at that bank in that mode already. */
export async function insertBankAccount(
  tx: Queries,
  now: Instant,
  account: NewBankAccount,
): Promise<BankAccountId | undefined> {
  const row = await tx
    .insertInto("bank_accounts")
    .values({
      company_id: account.companyId,
      mode: account.mode,
      bank: account.bank,
      brand_name: null,
      account_number: account.accountNumber,
      account_key: account.accountKey,
      holder_name: account.holderName,
      label: account.label,
      balance: null,
      balance_at: null,
      active: 1,
      count_in: 0,
      count_out: 0,
      created_at: now,
    })
    .onConflict((conflict) => conflict.columns(["company_id", "mode", "account_key", "bank"]).doNothing())
    .returning("id")
    .executeTakeFirst()
  return row?.id as BankAccountId | undefined
}

const subAccountsOf = prepared<{ accountId: number } & Slice, Selectable<Schema["sub_accounts"]>>((db, parameter) =>
  db
    .selectFrom("sub_accounts")
    .selectAll()
    .where("bank_account_id", "=", parameter("accountId"))
    .orderBy("id", "desc")
    .limit(parameter("take"))
    .offset(parameter("skip")),
)

/** Sub-accounts of an account, newest first. */
export async function selectSubAccounts(db: Queries, accountId: number, slice: Slice): Promise<SubAccount[]> {
  return (await subAccountsOf(db, { accountId, ...slice })).map(toSubAccount)
}

/** Sub-accounts of an account by number, the first of them. */
export async function selectFirstSubAccounts(db: Queries, accountId: number, most: number): Promise<SubAccount[]> {
  const own = db.selectFrom("sub_accounts").selectAll().where("bank_account_id", "=", accountId)
  return (await own.orderBy("account_key").limit(most).execute()).map(toSubAccount)
}

/** Those sub-accounts of an account that have one of these ids or keys, by number. */
export async function selectNamedSubAccounts(
  db: Queries,
  accountId: number,
  { ids, keys }: { readonly ids: readonly number[]; readonly keys: readonly string[] },
): Promise<SubAccount[]> {
  const own = db.selectFrom("sub_accounts").selectAll().where("bank_account_id", "=", accountId)
  const named = own.where((eb) => eb.or([eb("id", "in", [0, ...ids]), eb("account_key", "in", ["", ...keys])]))
  return (await named.orderBy("account_key").execute()).map(toSubAccount)
}

/** Any account's sub-account of that id. */
export async function selectSubAccount(db: Queries, id: number): Promise<SubAccount | undefined> {
  const row = await db.selectFrom("sub_accounts").selectAll().where("id", "=", id).executeTakeFirst()
  return row && toSubAccount(row)
}

export async function countSubAccounts(db: Queries, accountId: number): Promise<number> {
  const { count } = await db
    .selectFrom("sub_accounts")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("bank_account_id", "=", accountId)
    .executeTakeFirstOrThrow()
  return count
}

/** Locks an account's company, so that two writers do not give one number away twice. */
export async function lockCompanyOfAccount(tx: Queries, accountId: number): Promise<BankAccount | undefined> {
  const account = await selectBankAccount(tx, accountId)
  if (account !== undefined) {
    await tx.selectFrom("companies").select("id").where("id", "=", account.companyId).forUpdate().execute()
  }
  return account
}

/** The account of the company's mode, another one than `accountId`, that has the number as an official VA. */
export async function findOfficialVaOwner(
  tx: Queries,
  { companyId, mode, id }: BankAccount,
  accountKey: string,
): Promise<number | undefined> {
  const row = await tx
    .selectFrom("sub_accounts as s")
    .innerJoin("bank_accounts as a", "a.id", "s.bank_account_id")
    .select("a.id")
    .where("s.account_key", "=", accountKey)
    .where("s.kind", "=", "official")
    .where("a.company_id", "=", companyId)
    .where("a.mode", "=", mode)
    .where("a.id", "!=", id)
    .executeTakeFirst()
  return row?.id
}

export interface NewSubAccount {
  readonly bankAccountId: number
  readonly kind: SubAccountKind
  readonly accountNumber: string
  readonly accountKey: string
  readonly holderName: string | null
  readonly label: string | null
}

/** undefined when the account has that number already. */
export async function insertSubAccount(tx: Queries, now: Instant, sub: NewSubAccount): Promise<number | undefined> {
  const row = await tx
    .insertInto("sub_accounts")
    .values({
      bank_account_id: sub.bankAccountId,
      kind: sub.kind,
      account_number: sub.accountNumber,
      account_key: sub.accountKey,
      holder_name: sub.holderName,
      label: sub.label,
      active: 1,
      created_at: now,
    })
    .onConflict((conflict) => conflict.columns(["bank_account_id", "account_key"]).doNothing())
    .returning("id")
    .executeTakeFirst()
  return row?.id
}

function toBankAccount(row: Selectable<Schema["bank_accounts"]>): BankAccount {
  return {
    id: row.id as BankAccountId,
    companyId: row.company_id as CompanyId,
    mode: row.mode as Mode,
    bank: row.bank,
    brandName: row.brand_name,
    accountNumber: row.account_number,
    holderName: row.holder_name,
    label: row.label,
    balance: row.balance as Vnd | null,
    balanceAt: row.balance_at as Instant | null,
    isActive: row.active === 1,
    transactionCount: row.count_in + row.count_out,
    createdAt: row.created_at as Instant,
  }
}

function toSubAccount(row: Selectable<Schema["sub_accounts"]>): SubAccount {
  return {
    id: row.id,
    bankAccountId: row.bank_account_id as BankAccountId,
    kind: row.kind as SubAccountKind,
    accountNumber: row.account_number,
    holderName: row.holder_name,
    label: row.label,
    isActive: row.active === 1,
    createdAt: row.created_at as Instant,
  }
}
