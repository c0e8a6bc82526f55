import type { Compilable } from "kysely"
import type { Instant } from "../clock.ts"
import { prepared, type Queries } from "../database/engine.ts"
import type { BankAccountId, TransactionId } from "../ids.ts"
import type { Vnd } from "../money.ts"

/** A movement of money on a linked account, with what its account adds to it. */
export interface Transaction {
  readonly id: TransactionId
  readonly bankAccountId: BankAccountId
  /** Short name of the bank, and what is shown instead of it if that was set. */
  readonly bank: string
  readonly brandName: string | null
  readonly accountNumber: string
  readonly bookedAt: Instant
  /** Above 0 in, below 0 out. */
  readonly amount: Vnd
  readonly balanceAfter: Vnd | null
  readonly memo: string
  readonly reference: string | null
  readonly code: string | null
  readonly subAccountNumber: string | null
}

/** Which rows of a company's mode are meant; every list and count is made from one. */
export interface TransactionSource {
  readonly companyId: number
  readonly mode: string
  /** undefined: all accounts of the company. */
  readonly accountIds: readonly number[] | undefined
}

export type Direction = "in" | "out"

/** Narrows a source further; what is absent does not narrow. */
export interface TransactionNarrowing {
  readonly direction?: Direction | undefined
  readonly amount?: number | undefined
  readonly reference?: string | undefined
}

/** From `fromAt`, before `beforeAt`. */
export interface Span {
  readonly fromAt: number
  readonly beforeAt: number
}

/** A piece of the list, counted from its newest or from its oldest end. */
export interface Slice {
  readonly from: "newest" | "oldest"
  readonly skip: number
  readonly take: number
}

type Parameters = {
  companyId: number
  mode: string
  account: number
  amount: number
  reference: string
  fromAt: number
  beforeAt: number
  take: number
  skip: number
}
type Value = <K extends keyof Parameters>(name: K) => Parameters[K]

interface Shape {
  readonly company: boolean
  /** One account is a parameter; several are written out. */
  readonly accountIds: readonly number[] | undefined
  readonly oneAccount: boolean
  readonly direction: Direction | undefined
  readonly amount: boolean
  readonly reference: boolean
  readonly from: Slice["from"]
}

const transactionColumns = [
  "t.id",
  "t.bank_account_id as bankAccountId",
  "a.bank",
  "a.brand_name as brandName",
  "a.account_number as accountNumber",
  "t.booked_at as bookedAt",
  "t.amount",
  "t.balance_after as balanceAfter",
  "t.memo",
  "t.reference",
  "t.code",
  "t.sub_account_number as subAccountNumber",
] as const

/**
 * Reads a slice of the listed transactions of a span, newest first from the newest end, oldest first from the oldest.
 * What is skipped is read by the database, so keep `skip` small: take the span from the day counts.
 */
export function selectSlice(
  db: Queries,
  source: TransactionSource,
  narrowing: TransactionNarrowing,
  span: Span,
  slice: Slice,
): Promise<Transaction[]> {
  const shape = toShape(source, narrowing, slice.from)
  return run(db, "slice", shape, sliceQuery, { ...toParameters(source, narrowing, span), ...slice })
}

/** A row of a plain list, with the number of all rows in it. */
export interface CountedTransaction extends Transaction {
  readonly total: number
}

/**
 * Reads the newest listed transactions of a company's mode and their number at one go: the commonest question there is,
 * and opening a read costs as much as answering it.
 */
export const selectNewest = prepared<
  { companyId: number; mode: string; take: number; skip: number },
  CountedTransaction
>((db, parameter) =>
  db
    .selectFrom("transactions as t")
    .leftJoin("bank_accounts as a", "a.id", "t.bank_account_id")
    .select(transactionColumns)
    .select((eb) =>
      eb
        .selectFrom("bank_accounts as b")
        .select(({ fn, eb: inner }) => inner(fn.sum<number>("b.count_in"), "+", fn.sum<number>("b.count_out")).as("n"))
        .where("b.company_id", "=", parameter("companyId"))
        .where("b.mode", "=", parameter("mode"))
        .as("total"),
    )
    .where("t.listed", "=", 1)
    .where("t.company_id", "=", parameter("companyId"))
    .where("t.mode", "=", parameter("mode"))
    .orderBy("t.booked_at", "desc")
    .orderBy("t.id", "desc")
    .limit(parameter("take"))
    .offset(parameter("skip"))
    .$castTo<CountedTransaction>(),
)

/** Counts the listed transactions of a span: for an amount or a reference, which their indexes answer. */
export async function countTransactions(
  db: Queries,
  source: TransactionSource,
  narrowing: TransactionNarrowing,
  span: Span,
): Promise<number> {
  const shape = toShape(source, narrowing, "newest")
  const [row] = await run(db, "count", shape, countQuery, {
    ...toParameters(source, narrowing, span),
    take: 0,
    skip: 0,
  })
  return row?.count ?? 0
}

function toShape(source: TransactionSource, narrowing: TransactionNarrowing, from: Slice["from"]): Shape {
  const { accountIds } = source
  const exact = narrowing.amount !== undefined || narrowing.reference !== undefined
  const oneAccount = accountIds?.length === 1
  return {
    // One account alone is found by its own index; a company condition would only blur the choice of index.
    company: exact || !oneAccount,
    accountIds: oneAccount ? undefined : accountIds,
    oneAccount,
    direction: narrowing.direction,
    amount: narrowing.amount !== undefined,
    reference: narrowing.reference !== undefined,
    from,
  }
}

function toParameters(
  source: TransactionSource,
  narrowing: TransactionNarrowing,
  span: Span,
): Omit<Parameters, "take" | "skip"> {
  return {
    companyId: source.companyId,
    mode: source.mode,
    account: source.accountIds?.[0] ?? 0,
    amount: narrowing.amount ?? 0,
    reference: narrowing.reference ?? "",
    fromAt: span.fromAt,
    beforeAt: span.beforeAt,
  }
}

type Build<R> = (db: Queries, shape: Shape, value: Value) => Compilable<R>

const compiled = new Map<string, (db: Queries, parameters: never) => Promise<unknown[]>>()

// Few shapes, each compiled once; a list of accounts is of any length and compiled each time.
async function run<R>(db: Queries, name: string, shape: Shape, build: Build<R>, parameters: Parameters): Promise<R[]> {
  if (shape.accountIds !== undefined) {
    const query = build(db, shape, (key) => parameters[key]).compile()
    return (await db.executeQuery<R>(query as never)).rows
  }
  const { company, oneAccount, direction, amount, reference, from } = shape
  const key = `${name} ${company} ${oneAccount} ${direction} ${amount} ${reference} ${from}`
  let query = compiled.get(key)
  if (query === undefined) {
    query = prepared<Parameters, R>((queries, parameter) => build(queries, shape, parameter))
    compiled.set(key, query)
  }
  return (await query(db, parameters as never)) as R[]
}

const sliceQuery: Build<Transaction> = (db, shape, value) => {
  const order = shape.from === "newest" ? "desc" : "asc"
  // A left join, so that no engine begins with the accounts and sorts all their transactions.
  return listedTransactions(db, shape, value)
    .leftJoin("bank_accounts as a", "a.id", "t.bank_account_id")
    .select(transactionColumns)
    .orderBy("t.booked_at", order)
    .orderBy("t.id", order)
    .limit(value("take"))
    .offset(value("skip"))
    .$castTo<Transaction>()
}

const countQuery: Build<{ count: number }> = (db, shape, value) =>
  listedTransactions(db, shape, value).select((eb) => eb.fn.countAll<number>().as("count"))

function listedTransactions(db: Queries, shape: Shape, value: Value) {
  return db
    .selectFrom("transactions as t")
    .where("t.listed", "=", 1)
    .$if(shape.company, (query) =>
      query.where("t.company_id", "=", value("companyId")).where("t.mode", "=", value("mode")),
    )
    .$if(shape.oneAccount, (query) => query.where("t.bank_account_id", "=", value("account")))
    .$if(shape.accountIds !== undefined, (query) => query.where("t.bank_account_id", "in", shape.accountIds ?? []))
    .$if(shape.amount, (query) => query.where("t.amount", "=", value("amount")))
    .$if(shape.reference, (query) => query.where("t.reference", "=", value("reference")))
    .$if(shape.direction === "in", (query) => query.where("t.amount", ">", 0))
    .$if(shape.direction === "out", (query) => query.where("t.amount", "<", 0))
    .where("t.booked_at", ">=", value("fromAt"))
    .where("t.booked_at", "<", value("beforeAt"))
}

const transactionById = prepared<
  { id: number; companyId: number; mode: string },
  Transaction & { readonly listed: number }
>((db, parameter) =>
  db
    .selectFrom("transactions as t")
    .innerJoin("bank_accounts as a", "a.id", "t.bank_account_id")
    .select([...transactionColumns, "t.listed"])
    .where("t.id", "=", parameter("id"))
    .where("t.company_id", "=", parameter("companyId"))
    .where("t.mode", "=", parameter("mode"))
    .$castTo<Transaction & { readonly listed: number }>(),
)

export async function selectTransaction(
  db: Queries,
  { companyId, mode }: { readonly companyId: number; readonly mode: string },
  id: number,
): Promise<{ transaction: Transaction; removed: boolean } | undefined> {
  const [row] = await transactionById(db, { id, companyId, mode })
  return row && { transaction: row, removed: row.listed === 0 }
}

/** How many transactions an account lists, in each direction. */
export interface AccountCounts {
  readonly id: number
  readonly accountNumber: string
  readonly countIn: number
  readonly countOut: number
}

/** The accounts of a company's mode with their counts. */
export const selectAccountCounts = prepared<{ companyId: number; mode: string }, AccountCounts>((db, parameter) =>
  db
    .selectFrom("bank_accounts")
    .select(["id", "account_number as accountNumber", "count_in as countIn", "count_out as countOut"])
    .where("company_id", "=", parameter("companyId"))
    .where("mode", "=", parameter("mode")),
)

/** The counts of all accounts of a company's mode together. */
export const sumAccountCounts = prepared<
  { companyId: number; mode: string },
  { readonly countIn: number; readonly countOut: number }
>((db, parameter) =>
  db
    .selectFrom("bank_accounts")
    .select((eb) => [
      eb.fn.coalesce(eb.fn.sum<number>("count_in"), eb.lit(0)).as("countIn"),
      eb.fn.coalesce(eb.fn.sum<number>("count_out"), eb.lit(0)).as("countOut"),
    ])
    .where("company_id", "=", parameter("companyId"))
    .where("mode", "=", parameter("mode")),
)

/** One account of a company's mode with its counts. */
export const selectOneAccountCounts = prepared<{ id: number; companyId: number; mode: string }, AccountCounts>(
  (db, parameter) =>
    db
      .selectFrom("bank_accounts")
      .select(["id", "account_number as accountNumber", "count_in as countIn", "count_out as countOut"])
      .where("id", "=", parameter("id"))
      .where("company_id", "=", parameter("companyId"))
      .where("mode", "=", parameter("mode")),
)
