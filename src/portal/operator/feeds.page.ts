import type { Instant } from "../../clock.ts"
import type { FeedReport } from "../../feeds/feed-health.ts"
import { ageText } from "../../http/duration.page.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { badge, dataTable, emptyState, pageHead } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { feedOutcomeMessages, operatorHealthMessages } from "../../messages/operator-health.ts"

interface FeedsPageData {
  readonly language: Language
  readonly user: FrameUser
  readonly feeds: readonly FeedReport[]
  /** The id to go on after; undefined on the last page. */
  readonly next: number | undefined
  readonly isFirst: boolean
  readonly now: Instant
}

/** The feeds of all companies: when each was last heard of, and what became of its latest items. */
export function operatorFeedsPage(data: FeedsPageData): Html {
  const { language, user, feeds, next, isFirst } = data
  const words = speak(operatorHealthMessages, language)
  const columns = [
    { title: words.feed },
    { title: words.company },
    { title: words.lastSeen },
    { title: words.recentItems },
    { title: words.lastProblem, wide: true },
  ]
  return layout(
    { language, title: words.feedsTitle, user, current: "operator-feeds" },
    html`${pageHead(words.feedsTitle, words.feedsLead)}
${
  feeds.length === 0 && isFirst
    ? emptyState(words.noFeedsTitle, words.noFeeds)
    : dataTable(
        words.feedsTitle,
        columns,
        feeds.map((feed) => feedRow(feed, data)),
      )
}
${
  isFirst && next === undefined
    ? noHtml
    : html`<p class="actions">${isFirst ? noHtml : html`<a class="button plain" href="/operator/feeds">${words.firstPage}</a>`}${
        next === undefined
          ? noHtml
          : html`<a class="button plain" href="${`/operator/feeds?after=${next}`}">${words.nextPage}</a>`
      }</p>`
}`,
  )
}

function feedRow(feed: FeedReport, { language, now }: FeedsPageData): readonly Html[] {
  const words = speak(operatorHealthMessages, language)
  const outcomes = speak(feedOutcomeMessages, language)
  const kinds = { push: words.kindPush, statement: words.kindStatement, simulator: words.kindSimulator }
  return [
    html`<strong class="break">${feed.name}</strong> <span class="soft small block">${kinds[feed.kind]} · <span class="number">${feed.id}</span></span>${
      feed.mode === "test" ? badge(words.test, "warn") : noHtml
    }${feed.active ? noHtml : badge(words.off)}`,
    html`<a href="${`/operator/companies/${feed.companyId}`}">${feed.companyName}</a>`,
    feed.lastSeenAt === null
      ? html`<span class="soft">${words.neverSeen}</span>`
      : html`${words.ago(ageText((now - feed.lastSeenAt) / 1000, language))}<span class="soft small block">${momentText(feed.lastSeenAt, language)}</span>`,
    feed.recent.length === 0
      ? html`<span class="soft">${words.none}</span>`
      : html`${feed.recent.map(({ outcome, count }) => html`<span class="block">${nameOf(outcomes, outcome)}: ${count}</span>`)}`,
    feed.lastProblemAt === undefined
      ? html`<span class="soft">${words.none}</span>`
      : momentText(feed.lastProblemAt, language),
  ]
}

// An outcome of a newer version, kept in the database, is shown as it is called there.
function nameOf(outcomes: Readonly<Record<string, string>>, outcome: string): string {
  return outcomes[outcome] ?? outcome
}
