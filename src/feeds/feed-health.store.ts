import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { CompanyId, FeedId, Mode } from "../ids.ts"
import type { FeedKind } from "./feeds.store.ts"

export interface FeedHealth {
  readonly id: FeedId
  readonly companyId: CompanyId
  readonly companyName: string
  readonly kind: FeedKind
  readonly name: string
  readonly mode: Mode
  readonly active: boolean
  readonly lastSeenAt: Instant | null
}

/** Feeds of all companies but those of whole files, those seen longest ago first within the ones in use. */
export async function selectFeedHealth(
  db: Queries,
  page: { readonly after: number; readonly limit: number; readonly unlessNamed: string },
): Promise<readonly FeedHealth[]> {
  const rows = await db
    .selectFrom("feeds")
    .innerJoin("companies", "companies.id", "feeds.company_id")
    .select([
      "feeds.id",
      "feeds.company_id as companyId",
      "companies.short_name as companyName",
      "feeds.kind",
      "feeds.name",
      "feeds.mode",
      "feeds.active",
      "feeds.last_seen_at as lastSeenAt",
    ])
    .where("feeds.id", ">", page.after)
    .where((where) => where.or([where("feeds.kind", "!=", "statement"), where("feeds.name", "!=", page.unlessNamed)]))
    .orderBy("feeds.id")
    .limit(page.limit)
    .execute()
  return rows.map((row) => ({ ...row, active: row.active === 1 }) as FeedHealth)
}

export interface RecentOutcome {
  readonly feedId: FeedId
  readonly outcome: string
  readonly count: number
  readonly lastAt: Instant
}

/** What became of the newest `limit` raw items, by feed and outcome: bounded, however many there are. */
export async function countRecentOutcomes(db: Queries, limit: number): Promise<readonly RecentOutcome[]> {
  const rows = await db
    .selectFrom((from) =>
      from
        .selectFrom("raw_items")
        .select(["feed_id", "outcome", "received_at"])
        .orderBy("id", "desc")
        .limit(limit)
        .as("recent"),
    )
    .select((select) => [
      "feed_id as feedId",
      "outcome",
      select.fn.countAll<number>().as("count"),
      select.fn.max("received_at").as("lastAt"),
    ])
    .groupBy(["feed_id", "outcome"])
    .execute()
  return rows.map((row) => ({ ...row, count: Number(row.count) }) as RecentOutcome)
}
