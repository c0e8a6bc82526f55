import type { Instant } from "../clock.ts"
import { prepared, type Queries } from "../database/engine.ts"
import type { CompanyId, FeedId } from "../ids.ts"

/** The exact bytes of one received item (contract/feeds.md §1). */
export interface RawItemRow {
  readonly feedId: FeedId
  readonly companyId: CompanyId
  readonly content: Uint8Array
  readonly size: number
  readonly sha256: string
  readonly parserVersion: number
  readonly outcome: string
  readonly reason: string | null
  readonly now: Instant
}

const insertRow = prepared<{ readonly [Column in keyof RawItemRow]: RawItemRow[Column] }, { id: number }>(
  (db, parameter) =>
    db
      .insertInto("raw_items")
      .values({
        feed_id: parameter("feedId"),
        company_id: parameter("companyId"),
        content: parameter("content"),
        size: parameter("size"),
        sha256: parameter("sha256"),
        parser_version: parameter("parserVersion"),
        outcome: parameter("outcome"),
        reason: parameter("reason"),
        received_at: parameter("now"),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning("id"),
)

/** Keeps a raw item and answers its id; undefined when the same bytes had left no observation before and are kept. */
export async function insertRawItem(tx: Queries, row: RawItemRow): Promise<number | undefined> {
  const [inserted] = await insertRow(tx, row)
  return inserted?.id
}
