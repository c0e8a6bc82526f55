import { sql } from "kysely"
import type { Instant } from "../clock.ts"
import { prepared, type Queries } from "../database/engine.ts"
import type { BankAccountId, CompanyId, FeedId, Mode, TransactionId } from "../ids.ts"

// An interface has no index signature; its mapped copy has.
type Bound<Row> = { readonly [Column in keyof Row]: Row[Column] }

/** A bank account, locked, with the switches of its company that recording asks for. */
export interface AccountToRecord {
  readonly id: BankAccountId
  readonly companyId: CompanyId
  readonly mode: Mode
  readonly bank: string
  readonly accountNumber: string
  readonly balance: number | null
  readonly balanceAt: number | null
  readonly active: number
  readonly subAccountsOn: number
  readonly paymentCodesOn: number
  readonly separatorTolerant: number
  /** Whether the company has any webhook in this mode: most recordings need to know no more. */
  readonly hasWebhooks: number
}

const accountColumns = [
  "bank_accounts.id",
  "bank_accounts.company_id as companyId",
  "bank_accounts.mode",
  "bank_accounts.bank",
  "bank_accounts.account_number as accountNumber",
  "bank_accounts.balance",
  "bank_accounts.balance_at as balanceAt",
  "bank_accounts.active",
  "companies.sub_accounts_on as subAccountsOn",
  "companies.payment_codes_on as paymentCodesOn",
  "companies.separator_tolerant as separatorTolerant",
  sql<number>`case when exists (select 1 from webhooks where webhooks.company_id = bank_accounts.company_id
    and webhooks.mode = bank_accounts.mode and webhooks.deleted_at is null) then 1 else 0 end`.as("hasWebhooks"),
] as const

/** Locks the accounts of a company and mode that have this number, in id order. */
export const lockAccountsByKey = prepared<{ companyId: number; mode: string; key: string }, AccountToRecord>(
  (db, parameter) =>
    db
      .selectFrom("bank_accounts")
      .innerJoin("companies", "companies.id", "bank_accounts.company_id")
      .select(accountColumns)
      .where("bank_accounts.company_id", "=", parameter("companyId"))
      .where("bank_accounts.mode", "=", parameter("mode"))
      .where("bank_accounts.account_key", "=", parameter("key"))
      .orderBy("bank_accounts.id")
      .forUpdate("bank_accounts")
      .$castTo<AccountToRecord>(),
)

/** Locks the accounts that have a VA of this number, active or not, in id order. */
export const lockAccountsByVirtualKey = prepared<{ companyId: number; mode: string; key: string }, AccountToRecord>(
  (db, parameter) =>
    db
      .selectFrom("bank_accounts")
      .innerJoin("companies", "companies.id", "bank_accounts.company_id")
      .select(accountColumns)
      .where("bank_accounts.company_id", "=", parameter("companyId"))
      .where("bank_accounts.mode", "=", parameter("mode"))
      .where("bank_accounts.id", "in", (q) =>
        q.selectFrom("sub_accounts").select("bank_account_id").where("account_key", "=", parameter("key")),
      )
      .orderBy("bank_accounts.id")
      .forUpdate("bank_accounts")
      .$castTo<AccountToRecord>(),
)

const lockById = prepared<{ id: number }, AccountToRecord>((db, parameter) =>
  db
    .selectFrom("bank_accounts")
    .innerJoin("companies", "companies.id", "bank_accounts.company_id")
    .select(accountColumns)
    .where("bank_accounts.id", "=", parameter("id"))
    .forUpdate("bank_accounts")
    .$castTo<AccountToRecord>(),
)

/** Locks one account until the end of the database transaction. */
export async function lockAccount(tx: Queries, id: BankAccountId): Promise<AccountToRecord | undefined> {
  const [account] = await lockById(tx, { id })
  return account
}

/** A company's payment code templates, in order. */
export const selectTemplates = prepared<
  { companyId: number; mode: string },
  { prefix: string; suffixFrom: number; suffixTo: number; characterType: string; isActive: number }
>((db, parameter) =>
  db
    .selectFrom("payment_code_formats")
    .select([
      "prefix",
      "suffix_from as suffixFrom",
      "suffix_to as suffixTo",
      "character_type as characterType",
      "is_active as isActive",
    ])
    .where("company_id", "=", parameter("companyId"))
    .where("mode", "=", parameter("mode"))
    .orderBy("position")
    .orderBy("id"),
)

/** A VA that matches. */
export interface MatchableVirtualAccount {
  readonly id: number
  readonly accountNumber: string
  readonly accountKey: string
}

/** The active VAs of an account, all or only those whose number lies in a range of keys. */
export const selectVirtualAccounts = prepared<
  { bankAccountId: number; fromKey: string; toKey: string },
  MatchableVirtualAccount
>((db, parameter) =>
  db
    .selectFrom("sub_accounts")
    .select(["id", "account_number as accountNumber", "account_key as accountKey"])
    .where("bank_account_id", "=", parameter("bankAccountId"))
    .where("active", "=", 1)
    .where("account_key", ">=", parameter("fromKey"))
    .where("account_key", "<=", parameter("toKey")),
)

/** An observation already recorded, with the transaction it belongs to. */
export interface KnownObservation {
  readonly id: number
  readonly status: string
  readonly content: string
  readonly bankAccountId: BankAccountId
  readonly transactionId: TransactionId | null
  readonly transactionUuid: string | null
}

/** The observation of an identity within its feed; there is at most one. */
export const selectObservation = prepared<{ feedId: number; identity: string }, KnownObservation>((db, parameter) =>
  db
    .selectFrom("observations")
    .leftJoin("transactions", "transactions.id", "observations.transaction_id")
    .select([
      "observations.id",
      "observations.status",
      "observations.content",
      "observations.bank_account_id as bankAccountId",
      "observations.transaction_id as transactionId",
      "transactions.uuid as transactionUuid",
    ])
    .where("observations.feed_id", "=", parameter("feedId"))
    .where("observations.identity", "=", parameter("identity"))
    .$castTo<KnownObservation>(),
)

/** What is kept of an observation. */
export interface ObservationRow {
  readonly feedId: FeedId
  readonly identity: string
  readonly rawItemId: number
  readonly line: number
  readonly bankAccountId: BankAccountId
  readonly transactionId: TransactionId | null
  readonly fingerprint: string
  readonly content: string
  readonly status: string
  readonly now: Instant
}

const insertObservationRow = prepared<Bound<ObservationRow>, { id: number }>((db, parameter) =>
  db
    .insertInto("observations")
    .values({
      feed_id: parameter("feedId"),
      identity: parameter("identity"),
      raw_item_id: parameter("rawItemId"),
      line: parameter("line"),
      bank_account_id: parameter("bankAccountId"),
      transaction_id: parameter("transactionId"),
      fingerprint: parameter("fingerprint"),
      content: parameter("content"),
      status: parameter("status"),
      observed_at: parameter("now"),
    })
    .onConflict((conflict) => conflict.columns(["feed_id", "identity"]).doNothing())
    .returning("id"),
)

/** Inserts an observation; undefined when its identity was taken meanwhile by an item of another account. */
export async function insertObservation(tx: Queries, row: ObservationRow): Promise<number | undefined> {
  const [inserted] = await insertObservationRow(tx, row)
  return inserted?.id
}

/** What of an observation a later reading of the same identity replaces. */
export type ObservationUpdate = Pick<
  ObservationRow,
  "rawItemId" | "transactionId" | "fingerprint" | "content" | "status" | "bankAccountId"
>

/**
 * Replaces what an observation says, under its id; false when it is not `of` that transaction (null: pending) any more,
 * which only an item of another account can have changed.
 */
export async function updateObservation(
  tx: Queries,
  { id, of }: { readonly id: number; readonly of: TransactionId | null },
  row: ObservationUpdate,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("observations")
    .set({
      raw_item_id: row.rawItemId,
      bank_account_id: row.bankAccountId,
      transaction_id: row.transactionId,
      fingerprint: row.fingerprint,
      content: row.content,
      status: row.status,
    })
    .where("id", "=", id)
    .where("transaction_id", "is not distinct from", of)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** The row of a new transaction. */
export interface NewTransactionRow {
  readonly uuid: string
  readonly companyId: CompanyId
  readonly mode: Mode
  readonly bankAccountId: BankAccountId
  readonly bookedAt: Instant
  readonly bookedDay: number
  readonly precision: string
  readonly amount: number
  readonly balanceAfter: number | null
  readonly balanceSource: string | null
  readonly memo: string
  readonly description: string
  readonly reference: string | null
  readonly code: string | null
  readonly subAccountId: number | null
  readonly subAccountNumber: string | null
  readonly kind: string
  readonly reversesId: TransactionId | null
  readonly now: Instant
}

const insertTransactionRow = prepared<Bound<NewTransactionRow>, { id: TransactionId }>((db, parameter) =>
  db
    .insertInto("transactions")
    .values({
      uuid: parameter("uuid"),
      company_id: parameter("companyId"),
      mode: parameter("mode"),
      bank_account_id: parameter("bankAccountId"),
      booked_at: parameter("bookedAt"),
      booked_day: parameter("bookedDay"),
      precision: parameter("precision"),
      amount: parameter("amount"),
      balance_after: parameter("balanceAfter"),
      balance_source: parameter("balanceSource"),
      memo: parameter("memo"),
      description: parameter("description"),
      reference: parameter("reference"),
      code: parameter("code"),
      sub_account_id: parameter("subAccountId"),
      sub_account_number: parameter("subAccountNumber"),
      kind: parameter("kind"),
      reverses_id: parameter("reversesId"),
      listed: sql<number>`1`,
      recorded_at: parameter("now"),
    })
    .returning("id")
    .$castTo<{ id: TransactionId }>(),
)

/** Inserts a transaction and answers its id. */
export async function insertTransaction(tx: Queries, row: NewTransactionRow): Promise<TransactionId> {
  const [inserted] = await insertTransactionRow(tx, row)
  if (inserted === undefined) throw new Error("The database inserted a transaction without an id.")
  return inserted.id
}

const updateAccount = prepared<
  { id: number; countIn: number; countOut: number; balance: number | null; balanceAt: number | null },
  never
>(
  (db, parameter) =>
    db
      .updateTable("bank_accounts")
      .set((column) => ({
        count_in: column("count_in", "+", parameter("countIn")),
        count_out: column("count_out", "+", parameter("countOut")),
        balance: parameter("balance"),
        balance_at: parameter("balanceAt"),
      }))
      .where("id", "=", parameter("id")) as never,
)

/** Sets what an account's balance is known to be. */
export async function setBalance(tx: Queries, known: KnownBalance & { readonly id: BankAccountId }): Promise<void> {
  await updateAccount(tx, { ...known, countIn: 0, countOut: 0 })
}

/** Balance of an account and when it held; null when unknown. */
export interface KnownBalance {
  readonly balance: number | null
  readonly balanceAt: number | null
}

/** Counts a transaction of that sign in (`by` 1) or out again (`by` −1) of its account, and sets the balance. */
export async function countInAccount(
  tx: Queries,
  id: BankAccountId,
  { amount, by }: { readonly amount: number; readonly by: 1 | -1 },
  balance: KnownBalance,
): Promise<void> {
  const [countIn, countOut] = amount > 0 ? [by, 0] : [0, by]
  await updateAccount(tx, { id, countIn, countOut, ...balance })
}

/** An event as it is written: its payload never changes again. */
export interface EventRow {
  readonly uuid: string
  readonly companyId: CompanyId
  readonly mode: Mode
  readonly transactionId: TransactionId
  readonly payload: string
  readonly silent: 0 | 1
  /** JSON list of what was decided for each webhook. */
  readonly verdicts: string
  readonly now: Instant
}

const insertEventRow = prepared<Bound<EventRow>, { id: number }>(
  (db, parameter) =>
    db
      .insertInto("events")
      .values({
        uuid: parameter("uuid"),
        company_id: parameter("companyId"),
        mode: parameter("mode"),
        transaction_id: parameter("transactionId"),
        payload: parameter("payload"),
        silent: parameter("silent"),
        verdicts: parameter("verdicts"),
        created_at: parameter("now"),
      })
      .returning("id") as never,
)

/** Writes the event of a new transaction (contract/webhooks.md §1), and returns its id. */
export async function insertEvent(tx: Queries, row: EventRow): Promise<number> {
  const [event] = await insertEventRow(tx, row)
  if (event === undefined) throw new Error("An insert answered no row.")
  return event.id
}
