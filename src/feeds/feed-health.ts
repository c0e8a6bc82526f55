import type { Instant } from "../clock.ts"
import type { Database } from "../database/engine.ts"
import { FILE_FEED_NAME } from "./feed.ts"
import { countRecentOutcomes, type FeedHealth, type RecentOutcome, selectFeedHealth } from "./feed-health.store.ts"

/** How many raw items, of all feeds together, the counts look back on. */
export const recentItems = 2000

/** A feed, when it was last heard of, and what became of its latest items. */
export interface FeedReport extends FeedHealth {
  /** Outcomes among the newest `recentItems` items of all feeds: `created`, `refused`, …. */
  readonly recent: readonly Pick<RecentOutcome, "outcome" | "count">[]
  /** The newest of them that was not taken. */
  readonly lastProblemAt: Instant | undefined
}

// Items of which nothing was recorded, or not what they said.
const problems: readonly string[] = ["refused", "conflict"]

/** How the feeds of all companies do, by id, those after `after` (0: from the first), at most `limit`. */
export async function reportFeeds(
  db: Database,
  page: { readonly after: number; readonly limit: number },
): Promise<readonly FeedReport[]> {
  const [feeds, outcomes] = await Promise.all([
    selectFeedHealth(db, { ...page, unlessNamed: FILE_FEED_NAME }),
    countRecentOutcomes(db, recentItems),
  ])
  const byFeed = Map.groupBy(outcomes, ({ feedId }) => feedId)
  return feeds.map((feed) => {
    const recent = byFeed.get(feed.id) ?? []
    const problemsAt = recent.filter(({ outcome }) => problems.includes(outcome)).map(({ lastAt }) => lastAt)
    const lastProblemAt = problemsAt.length === 0 ? undefined : (Math.max(...problemsAt) as Instant)
    return { ...feed, recent: recent.map(({ outcome, count }) => ({ outcome, count })), lastProblemAt }
  })
}
