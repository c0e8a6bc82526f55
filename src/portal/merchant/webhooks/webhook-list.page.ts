import type { Instant } from "../../../clock.ts"
import { selectField, textField } from "../../../http/fields.page.ts"
import { type Html, type HtmlValue, html, noHtml } from "../../../http/html.ts"
import { type FrameUser, layout } from "../../../http/layout.page.ts"
import { momentText } from "../../../http/moment.page.ts"
import { badge, emptyState, note, pageHead } from "../../../http/pieces.page.ts"
import { type Language, speak } from "../../../messages/catalogue.ts"
import { webhookListMessages } from "../../../messages/webhook-list.ts"
import type { HeadedWebhook } from "./headed-webhook.ts"
import { modeBadge, stateBadge } from "./webhook-frame.page.ts"

/** A line of the list. */
export interface ListedWebhook extends HeadedWebhook {
  readonly host: string
  /** The app that made it. */
  readonly app: string | undefined
  readonly last:
    | { readonly at: Instant; readonly good: boolean; readonly result: string; readonly trial: boolean }
    | undefined
  /** As text, as they are counted only so far. */
  readonly failures: string
  readonly waiting: string
}

/** What the list is narrowed to. */
export interface ListFilter {
  readonly text: string
  readonly mode: "live" | "test" | ""
  readonly state: "on" | "off" | ""
}

/** The webhooks of the company. */
export function webhookListPage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly webhooks: readonly ListedWebhook[]
  readonly filter: ListFilter
  /** Whether the company has any at all. */
  readonly hasAny: boolean
  readonly mayCreate: boolean
  /** Of the webhook that was just deleted. */
  readonly deletedId: number | undefined
}): Html {
  const { language, user, filter } = data
  const words = speak(webhookListMessages, language)
  const create = data.mayCreate ? html`<a class="button" href="/webhooks/new">${words.create}</a>` : noHtml
  const query = new URLSearchParams({ q: filter.text, mode: filter.mode, state: filter.state })
  return layout(
    { language, title: words.title, user, current: "webhooks", query: query.toString() },
    html`${pageHead(words.title, words.lead, data.hasAny ? create : noHtml)}
${data.deletedId === undefined ? noHtml : note("good", html`${words.doneDeleted} <a class="line-link" href="${`/webhooks/${data.deletedId}/log`}">${words.seeLog}</a>`)}
${data.hasAny ? html`${filterForm(filter, language)}${listed(data.webhooks, language)}` : emptyState(words.emptyTitle, data.mayCreate ? words.empty : words.emptyReader, create)}`,
  )
}

function filterForm({ text, mode, state }: ListFilter, language: Language): Html {
  const words = speak(webhookListMessages, language)
  const any = { value: "", text: words.any }
  return html`<form method="get" action="/webhooks" class="filter-row" role="search">
${textField({ name: "q", label: words.search, value: text, type: "search", more: { maxlength: "300" } })}
${selectField({ name: "mode", label: words.modeFilter, value: mode, options: [any, { value: "live", text: words.live }, { value: "test", text: words.test }] })}
${selectField({ name: "state", label: words.stateFilter, value: state, options: [any, { value: "on", text: words.on }, { value: "off", text: words.off }] })}
<p class="actions"><button class="button plain">${words.apply}</button></p></form>`
}

function listed(webhooks: readonly ListedWebhook[], language: Language): Html {
  const words = speak(webhookListMessages, language)
  if (webhooks.length === 0) {
    return html`<section class="card"><p>${words.nothingMatches} <a class="line-link short-link" href="/webhooks">${words.clearFilter}</a></p></section>`
  }
  return html`<ul class="card webhook-rows">${webhooks.map((webhook) => html`<li>${row(webhook, language)}</li>`)}</ul>`
}

function row(webhook: ListedWebhook, language: Language): Html {
  const words = speak(webhookListMessages, language)
  const { failures, waiting } = webhook
  const failed =
    failures === "0"
      ? html`<span class="soft">0</span>`
      : html`<a class="bad" href="${`/webhooks/${webhook.id}/log?outcome=failed`}">${failures}</a>`
  const fact = (title: string, value: HtmlValue) => html`<div><dt>${title}</dt><dd>${value}</dd></div>`
  return html`<div class="webhook-who"><h2><a class="row-name" href="${`/webhooks/${webhook.id}`}">${webhook.name}</a></h2>
<p class="soft small break">${webhook.host}${webhook.app === undefined ? noHtml : html` · ${words.byApp(webhook.app)}`}</p>
<p class="tags">${modeBadge(webhook.mode, language)}${stateBadge(webhook, language)}</p></div>
<dl class="webhook-facts">${fact(words.lastCall, lastCall(webhook, language))}${fact(words.failures, failed)}${fact(
    words.waiting,
    waiting === "0" ? html`<span class="soft">0</span>` : waiting,
  )}</dl>`
}

function lastCall({ last }: ListedWebhook, language: Language): Html {
  const words = speak(webhookListMessages, language)
  if (last === undefined) return html`<span class="soft">${words.neverCalled}</span>`
  return html`${badge(last.result, last.good ? "good" : "danger")}<span class="soft small block">${momentText(last.at, language)}${last.trial ? ` · ${words.trial}` : ""}</span>`
}
