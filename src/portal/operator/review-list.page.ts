import { textField } from "../../http/fields.page.ts"
import { attributes, type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { badge, dataTable, emptyState, pageHead } from "../../http/pieces.page.ts"
import { appStateMessages } from "../../messages/app-pages.ts"
import { appReviewMessages } from "../../messages/app-review.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import type { ReviewedApp, ReviewPage, ReviewQuery } from "../../oauth/review-queue.ts"
import { stateBadge } from "../developer/app-state.page.ts"

/** The states that the list can be filtered by, in the order shown. */
export const reviewStates = ["review", "all", "draft", "pending_review", "approved", "rejected", "suspended"] as const

export interface ReviewListData {
  readonly language: Language
  readonly user: FrameUser
  readonly query: ReviewQuery
  readonly found: ReviewPage
}

/** The operator's list of apps. */
export function reviewListPage(data: ReviewListData): Html {
  const { language, user, query, found } = data
  const words = speak(appReviewMessages, language)
  const { state, search } = query
  return layout(
    { language, title: words.title, user, current: "operator-apps", query: queryText(state, search) },
    html`${pageHead(words.title, words.lead)}
<nav class="chips" aria-label="${words.filters}"><ul>${reviewStates.map((one) => filterLink(one, data))}</ul></nav>
<form method="get" action="/operator/apps" class="search-row" role="search"><input type="hidden" name="state" value="${state === "review" ? "all" : state}">
${textField({ name: "q", label: words.search, hint: words.searchHint, value: search, type: "search", more: { maxlength: "254" } })}<button class="button plain">${words.find}</button></form>
${found.apps.length === 0 ? nothing(data) : appTable(found.apps, query, language)}
${found.hasMore ? html`<p class="actions"><a class="button plain" href="${`/operator/apps?${queryText(state, search)}${afterText(found.apps.at(-1))}`}">${words.more}</a></p>` : noHtml}`,
  )
}

function filterLink(state: (typeof reviewStates)[number], { language, query, found }: ReviewListData): Html {
  const words = speak(appReviewMessages, language)
  const text =
    state === "review" ? words.review : state === "all" ? words.all : speak(appStateMessages, language)[state]
  const current = attributes({ "aria-current": query.state === state ? "page" : undefined })
  return html`<li><a href="${`/operator/apps?${queryText(state, "")}`}" ${current}>${text} <span class="count">${found.counts.get(state) ?? 0}</span></a></li>`
}

function nothing({ language, query }: ReviewListData): Html {
  const words = speak(appReviewMessages, language)
  const all = html`<a class="button plain" href="/operator/apps?state=all">${words.showAll}</a>`
  const isQueue = query.state === "review" && query.search === ""
  return isQueue
    ? emptyState(words.emptyQueueTitle, words.emptyQueue, all)
    : emptyState(words.emptyTitle, words.empty, all)
}

function appTable(apps: readonly ReviewedApp[], query: ReviewQuery, language: Language): Html {
  const words = speak(appReviewMessages, language)
  const isQueue = query.state === "review"
  const columns = [
    { title: words.app },
    { title: words.company, wide: true },
    { title: words.owner, wide: true },
    { title: words.state },
    { title: isQueue ? words.waitingSince : words.registered },
  ]
  const rows = apps.map((app) => [
    html`<a class="cell-text" href="${`/operator/apps/${app.clientId}`}">${app.name}</a>`,
    html`<span class="cell-text">${app.company}</span>`,
    html`<span class="cell-text">${app.ownerEmail}</span>`,
    html`<span class="tags">${stateBadge(app.state, language)}${app.state === "approved" && app.reviewSince !== null ? badge(words.changes, "warn") : noHtml}</span>`,
    momentText(isQueue ? (app.reviewSince ?? app.createdAt) : app.createdAt, language),
  ])
  return dataTable(words.title, columns, rows)
}

function queryText(state: ReviewQuery["state"], search: string): string {
  return search === "" ? `state=${state}` : `state=${state}&q=${encodeURIComponent(search)}`
}

function afterText(last: ReviewedApp | undefined): string {
  return last === undefined ? "" : `&after=${last.rowId}.${last.reviewSince ?? 0}`
}
