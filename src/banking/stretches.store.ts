import { type RawBuilder, type SqlBool, sql } from "kysely"
import type { Queries } from "../database/engine.ts"
import { idList, isAmong } from "../database/id-list.ts"
import type { Direction, Span, Transaction, TransactionSource } from "./transactions.store.ts"

// Reads the list by cursor, under conditions that have no counts.

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

/** Where a transaction stands in a list, newest first. */
export interface Position {
  readonly bookedAt: number
  readonly id: number
}

/** What a reading by cursor is narrowed to, besides its source and span. */
export interface TransactionConditions {
  readonly direction?: Direction | undefined
  /** Bounds of the amount without its sign, both included. */
  readonly amountFrom?: number | undefined
  readonly amountTo?: number | undefined
  readonly reference?: string | undefined
}

/** A stretch of the list: below `before`, at most `examine` rows of it. */
export interface Stretch {
  readonly span: Span
  readonly before: Position | undefined
  readonly examine: number
}

// Written so that an index gives the order and the bounds.
function stretchQuery(db: Queries, source: TransactionSource, conditions: TransactionConditions, stretch: Stretch) {
  const [accountId] = source.accountIds ?? []
  const { before, span, examine } = stretch
  return db
    .selectFrom("transactions as t")
    .where("t.listed", "=", 1)
    .$if(accountId !== undefined, (query) => query.where("t.bank_account_id", "=", accountId ?? 0))
    .$if(accountId === undefined, (query) =>
      query.where("t.company_id", "=", source.companyId).where("t.mode", "=", source.mode),
    )
    .$if(conditions.reference !== undefined, (query) => query.where("t.reference", "=", conditions.reference ?? ""))
    .where("t.booked_at", ">=", span.fromAt)
    .where("t.booked_at", "<", span.beforeAt)
    .$if(before !== undefined, (query) =>
      query.where(sql<SqlBool>`(t.booked_at, t.id) < (${before?.bookedAt ?? 0}, ${before?.id ?? 0})`),
    )
    .orderBy("t.booked_at", "desc")
    .orderBy("t.id", "desc")
    .limit(examine)
}

/** Reads those of a stretch that meet the conditions, at most `take`. One account at most is meant by the source. */
export function selectStretch(
  db: Queries,
  source: TransactionSource,
  conditions: TransactionConditions,
  stretch: Stretch & { readonly take: number },
): Promise<Transaction[]> {
  return db
    .selectFrom(stretchQuery(db, source, conditions, stretch).selectAll("t").as("t"))
    .leftJoin("bank_accounts as a", "a.id", "t.bank_account_id")
    .select(transactionColumns)
    .where(meets(conditions))
    .orderBy("t.booked_at", "desc")
    .orderBy("t.id", "desc")
    .limit(stretch.take)
    .$castTo<Transaction>()
    .execute()
}

/** Where a stretch ends: its last row; undefined when the list ends within it. */
export async function findStretchEnd(
  db: Queries,
  source: TransactionSource,
  conditions: TransactionConditions,
  stretch: Stretch,
): Promise<Position | undefined> {
  const row = await stretchQuery(db, source, conditions, { ...stretch, examine: 1 })
    .select(["t.booked_at as bookedAt", "t.id"])
    .offset(stretch.examine - 1)
    .executeTakeFirst()
  return row
}

/** Those of some transactions that are listed in the source and meet the conditions, in no order. */
export async function selectAmongIds(
  db: Queries,
  { companyId, mode, accountIds }: TransactionSource,
  conditions: TransactionConditions,
  ids: readonly number[],
): Promise<Transaction[]> {
  const [accountId] = accountIds ?? []
  if (ids.length === 0) return []
  return (
    db
      .selectFrom("transactions as t")
      .leftJoin("bank_accounts as a", "a.id", "t.bank_account_id")
      .select(transactionColumns)
      .where(isAmong(db, "t.id", idList(ids)))
      // By the ids and by no other index: SQLite would rather read a company's whole list than look up a list of ids.
      .where(sql<SqlBool>`+t.company_id = ${companyId}`)
      .where("t.mode", "=", mode)
      .where("t.listed", "=", 1)
      .$if(accountId !== undefined, (query) => query.where(sql<SqlBool>`+t.bank_account_id = ${accountId ?? 0}`))
      .$if(conditions.reference !== undefined, (query) => query.where("t.reference", "=", conditions.reference ?? ""))
      .where(meets(conditions))
      .$castTo<Transaction>()
      .execute()
  )
}

/** Positions of listed transactions whose amount is within the conditions, from the index of amounts, at most `limit`. */
export async function selectByAmount(
  db: Queries,
  { companyId, mode }: TransactionSource,
  conditions: TransactionConditions,
  { span, limit }: { readonly span: Span; readonly limit: number },
): Promise<(Position & { readonly bankAccountId: number })[]> {
  const found: (Position & { bankAccountId: number })[] = []
  for (const [from, to] of amountRanges(conditions)) {
    const rows = await db
      .selectFrom("transactions as t")
      .select(["t.booked_at as bookedAt", "t.id", "t.bank_account_id as bankAccountId"])
      .where("t.company_id", "=", companyId)
      .where("t.mode", "=", mode)
      .where("t.amount", ">=", from)
      .where("t.amount", "<=", to)
      .where("t.listed", "=", 1)
      .where("t.booked_at", ">=", span.fromAt)
      .where("t.booked_at", "<", span.beforeAt)
      .limit(limit)
      .execute()
    found.push(...rows)
  }
  return found
}

function amountRanges({ direction, amountFrom = 1, amountTo = mostVnd }: TransactionConditions) {
  const into = [amountFrom, amountTo] as const
  const out = [-amountTo, -amountFrom] as const
  return direction === "in" ? [into] : direction === "out" ? [out] : [into, out]
}

const mostVnd = Number.MAX_SAFE_INTEGER

function meets(conditions: TransactionConditions): RawBuilder<SqlBool> {
  const ranges = amountRanges(conditions).map(([from, to]) => sql<SqlBool>`t.amount between ${from} and ${to}`)
  return sql<SqlBool>`(${sql.join(ranges, sql` or `)})`
}
