import { type RawBuilder, sql } from "kysely"

/**
 * A sum of đồng, at most 2^53−1: of amounts that no bank moves a sum may be beyond what a number holds, and must not stop
 * what adds it up.
 */
export function withinMost(sum: RawBuilder<unknown>): RawBuilder<number> {
  const most = sql.lit(Number.MAX_SAFE_INTEGER)
  return sql<number>`case when ${sum} > ${most} then ${most} else ${sum} end`
}
