import { type RawBuilder, sql } from "kysely"
import type { Queries } from "../database/engine.ts"
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
