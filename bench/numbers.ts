import { type RawBuilder, sql } from "kysely"

/** The whole numbers from `first` on, as the table `numbers (n)` of the select that follows; `count` is at least 1. */
export function numbers(first: number, count: number): RawBuilder<unknown> {
  return sql`with recursive numbers (n) as (
    select cast(${sql.lit(first)} as bigint) union all select n + 1 from numbers where n + 1 < ${sql.lit(first + count)})`
}

/** How many rows of something there are beside so many transactions, if it is `ofMillion` beside a million; at least `least`. */
export function beside(transactions: number, ofMillion: number, least = 1): number {
  return Math.max(least, Math.round((transactions * ofMillion) / 1_000_000))
}
