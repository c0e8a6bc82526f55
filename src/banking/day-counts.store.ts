import { type RawBuilder, sql } from "kysely"
import { prepared, type Queries } from "../database/engine.ts"
import { withinMost } from "../database/within-most.ts"
import type { BankAccountId } from "../ids.ts"
import type { Direction, Slice, TransactionSource } from "./transactions.store.ts"

/** Vietnamese days as yyyymmdd, both included. */
export interface DayRange {
  readonly firstDay: number
  readonly lastDay: number
}

/** How many listed transactions the days of the range hold. */
export async function sumDayCounts(
  db: Queries,
  source: TransactionSource,
  direction: Direction | undefined,
  { firstDay, lastDay }: DayRange,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select coalesce(sum(${countOf(direction)}), 0) as count
    from transaction_day_counts
    where bank_account_id in ${accountsOf(source)} and day between ${firstDay} and ${lastDay}`.execute(db)
  return rows[0]?.count ?? 0
}

/** A day that holds a part of the slice, and how many listed transactions stand before it in the slice's direction. */
export interface CoveredDay {
  readonly day: number
  readonly count: number
  readonly before: number
}

/**
 * The days that hold a slice of the list, in its direction. It adds up counts of days, so its cost follows the number
 * of days and accounts, never that of transactions.
 */
export async function selectCoveredDays(
  db: Queries,
  source: TransactionSource,
  direction: Direction | undefined,
  { firstDay, lastDay }: DayRange,
  { from, skip, take }: Slice,
): Promise<CoveredDay[]> {
  const order = from === "newest" ? sql`desc` : sql`asc`
  const { rows } = await sql<CoveredDay>`
    select day, n as count, upto - n as before
    from (
      select day, n, sum(n) over (order by day ${order}) as upto
      from (
        select day, sum(${countOf(direction)}) as n
        from transaction_day_counts
        where bank_account_id in ${accountsOf(source)} and day between ${firstDay} and ${lastDay}
        group by day
      ) as days
      where n > 0
    ) as running
    where upto > ${skip} and upto - n < ${skip + take}
    order by day ${order}`.execute(db)
  return rows
}

function countOf(direction: Direction | undefined): RawBuilder<number> {
  if (direction === "in") return sql`count_in`
  return direction === "out" ? sql`count_out` : sql`count_in + count_out`
}

function accountsOf({ companyId, mode, accountIds }: TransactionSource): RawBuilder<unknown> {
  if (accountIds !== undefined) return sql`(${sql.join(accountIds)})`
  return sql`(select id from bank_accounts where company_id = ${companyId} and mode = ${mode})`
}

const upsertDayCount = prepared<
  { bankAccountId: number; day: number; countIn: number; countOut: number; sumIn: number; sumOut: number },
  never
>(
  (db, parameter) =>
    db
      .insertInto("transaction_day_counts")
      .values({
        bank_account_id: parameter("bankAccountId"),
        day: parameter("day"),
        count_in: parameter("countIn"),
        count_out: parameter("countOut"),
        sum_in: parameter("sumIn"),
        sum_out: parameter("sumOut"),
      })
      .onConflict((conflict) =>
        conflict.columns(["bank_account_id", "day"]).doUpdateSet({
          count_in: sql<number>`transaction_day_counts.count_in + excluded.count_in`,
          count_out: sql<number>`transaction_day_counts.count_out + excluded.count_out`,
          sum_in: withinMost(sql`transaction_day_counts.sum_in + excluded.sum_in`),
          sum_out: withinMost(sql`transaction_day_counts.sum_out + excluded.sum_out`),
        }),
      ) as never,
)

/** Counts a transaction and its amount in (`by` 1) or out again (`by` −1) of its day and account. */
export async function addToDay(
  tx: Queries,
  bankAccountId: BankAccountId,
  { amount, day, by }: { readonly amount: number; readonly day: number; readonly by: 1 | -1 },
): Promise<void> {
  const [countIn, countOut] = amount > 0 ? [by, 0] : [0, by]
  const [sumIn, sumOut] = amount > 0 ? [by * amount, 0] : [0, by * -amount]
  await upsertDayCount(tx, { bankAccountId, day, countIn, countOut, sumIn, sumOut })
}

/** What one day moved, over all accounts of a source; sums in đồng, both 0 or more. */
export interface DaySum {
  readonly day: number
  readonly countIn: number
  readonly countOut: number
  readonly sumIn: number
  readonly sumOut: number
}

/** The counts and sums of each day and account of the range that has any, a row an account and day. */
export async function selectDaySums(
  db: Queries,
  source: TransactionSource,
  { firstDay, lastDay }: DayRange,
): Promise<DaySum[]> {
  const { rows } = await sql<DaySum>`
    select day, count_in as "countIn", count_out as "countOut", sum_in as "sumIn", sum_out as "sumOut"
    from transaction_day_counts
    where bank_account_id in ${accountsOf(source)} and day between ${firstDay} and ${lastDay}`.execute(db)
  return rows
}

/** The months (yyyymm) of the range that hold listed transactions, newest first. */
export async function selectMonths(
  db: Queries,
  source: TransactionSource,
  { firstDay, lastDay }: DayRange,
): Promise<number[]> {
  const { rows } = await sql<{ month: number }>`
    select distinct day / 100 as month from transaction_day_counts
    where bank_account_id in ${accountsOf(source)} and day between ${firstDay} and ${lastDay}
      and count_in + count_out > 0
    order by month desc`.execute(db)
  return rows.map(({ month }) => month)
}
