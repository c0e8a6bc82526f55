import { sql } from "kysely"
import type { Queries } from "../database/engine.ts"
import type { Mode } from "../ids.ts"

/** A row of the log as somebody who follows it looks at it. */
export interface FollowedAttempt {
  readonly n: number
  /** 1 for the first of its delivery, unless nothing was to be sent. */
  readonly opens: number
}

interface Of {
  readonly companyId: number
  readonly mode: Mode
}

/** Log rows of a company's mode after a number, in order. */
export async function selectAttemptsAfter(
  db: Queries,
  { companyId, mode, after, limit }: Of & { readonly after: number; readonly limit: number },
): Promise<FollowedAttempt[]> {
  return db
    .selectFrom("attempts as a")
    .select([
      "a.n",
      sql<number>`case when a.class <> 'cancelled' and not exists (select 1 from attempts as earlier
        where earlier.delivery_id = a.delivery_id and earlier.n < a.n) then 1 else 0 end`.as("opens"),
    ])
    .where("a.company_id", "=", companyId)
    .where("a.mode", "=", mode)
    .where("a.n", ">", after)
    .orderBy("a.n")
    .limit(limit)
    .execute()
}

/** Number of the newest log row of a company's mode, 0 when there is none. */
export async function selectNewestAttempt(db: Queries, { companyId, mode }: Of): Promise<number> {
  const row = await db
    .selectFrom("attempts")
    .select((e) => e.fn.max<number | null>("n").as("n"))
    .where("company_id", "=", companyId)
    .where("mode", "=", mode)
    .executeTakeFirst()
  return row?.n ?? 0
}
