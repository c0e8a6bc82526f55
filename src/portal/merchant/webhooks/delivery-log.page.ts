import type { Instant } from "../../../clock.ts"
import { hiddenField, selectField, textField } from "../../../http/fields.page.ts"
import { attributes, type Html, type HtmlValue, html, noHtml } from "../../../http/html.ts"
import { exactMomentText, momentText } from "../../../http/moment.page.ts"
import { badge, dataTable, emptyState, note } from "../../../http/pieces.page.ts"
import { speak } from "../../../messages/catalogue.ts"
import { webhookDetailMessages } from "../../../messages/webhook-list.ts"
import { webhookLogMessages } from "../../../messages/webhook-log.ts"
import type { TypedWish } from "./log-wish.ts"
import type { Waiting } from "./to-waiting.ts"
import { waitingNote } from "./waiting.page.ts"
import { type WebhookPageData, webhookFrame } from "./webhook-frame.page.ts"

/** A line of the log. */
export interface LogLine {
  readonly n: number
  readonly startedAt: Instant
  readonly good: boolean
  readonly result: string
  readonly httpStatus: number | null
  readonly kind: "auto" | "replay" | "test"
  readonly attemptNumber: number
  readonly transactionId: number | null
  readonly responseTimeMs: number
  readonly nextRetryAt: Instant | null
}

/** What the log is rendered from. */
export type LogPageData = WebhookPageData & {
  readonly lines: readonly LogLine[]
  readonly typed: TypedWish
  readonly isWhole: boolean
  readonly isFiltered: boolean
  readonly isFirst: boolean
  readonly outcomes: readonly { readonly value: string; readonly text: string }[]
  readonly next: number | undefined
  readonly searchedBackTo: Instant | undefined
  readonly waiting: Waiting
  readonly done: LogDone | undefined
  readonly formKey: string
  readonly maySeeTransactions: boolean
}

/** What happened before the log was asked for; a number: so many were queued. */
export type LogDone = number | "again" | "none" | "deleted"

/** The delivery log of a webhook, newest first (contract/webhooks.md §9). */
export function deliveryLogPage(data: LogPageData): Html {
  const { language, webhook, lines, isFiltered, isFirst } = data
  const words = speak(webhookLogMessages, language)
  const isEmpty = lines.length === 0 && !isFiltered && isFirst
  const actions =
    data.mayUpdate && !webhook.deleted
      ? html`<a class="button plain" href="${`/webhooks/${webhook.id}/replay`}">${words.replayMany}</a>`
      : noHtml
  const test = html`<a class="button" href="${`/webhooks/${webhook.id}/test`}">${speak(webhookDetailMessages, language).test}</a>`
  return webhookFrame(
    data,
    { tab: "log", query: queryOf(data.typed).toString(), actions },
    html`<p class="soft">${words.lead}</p>${doneNote(data.done, words)}${data.isWhole ? noHtml : note("warn", words.filterProblem)}
${waitingNote(data, data.waiting)}
${isEmpty ? emptyState(words.emptyTitle, words.empty, data.mayUpdate && !webhook.deleted ? test : noHtml) : html`${filters(data, words)}${lines.length === 0 ? noHtml : table(data, words)}${paging(data, words)}`}`,
  )
}

type Words = ReturnType<typeof speak<typeof webhookLogMessages>>

function doneNote(done: LogDone | undefined, words: Words): Html {
  if (done === undefined) return noHtml
  if (typeof done === "number") return note("good", words.doneReplayed(done))
  const texts = { again: words.doneReplayedAgain, none: words.doneNoneSelected, deleted: words.doneDeletedMeanwhile }
  return note(done === "again" ? "good" : "danger", texts[done])
}

function filters({ webhook, typed, outcomes, isFiltered }: LogPageData, words: Words): Html {
  const any = { value: "", text: words.any }
  const base = `/webhooks/${webhook.id}/log`
  const local = (name: "from" | "to", label: string) =>
    textField({ name, label, value: typed[name], type: "datetime-local" })
  return html`<details class="fold" ${attributes({ open: isFiltered })}><summary>${words.filter}</summary><form method="get" action="${base}" class="filter-row" role="search">
${selectField({ name: "outcome", label: words.outcome, value: typed.outcome, options: [any, { value: "delivered", text: words.delivered }, { value: "failed", text: words.failed }, ...outcomes] })}
${selectField({ name: "kind", label: words.kind, value: typed.kind, options: [any, { value: "auto", text: words.auto }, { value: "replay", text: words.replay }, { value: "test", text: words.trial }] })}
${textField({ name: "status", label: words.httpStatus, value: typed.status, more: { inputmode: "numeric", maxlength: "3", autocomplete: "off" } })}
${textField({ name: "transaction", label: words.transaction, value: typed.transaction, more: { inputmode: "numeric", maxlength: "15", autocomplete: "off" } })}
${local("from", words.from)}${local("to", words.to)}
<p class="actions"><button class="button plain">${words.apply}</button>${isFiltered ? html`<a class="line-link short-link" href="${base}">${words.clearFilter}</a>` : noHtml}</p></form></details>`
}

function table(data: LogPageData, words: Words): Html {
  const { webhook, user, mayUpdate, lines, formKey } = data
  const maySelect = mayUpdate && !webhook.deleted
  const columns = [
    ...(maySelect ? [{ title: words.select, unseenTitle: true }] : []),
    { title: words.time },
    { title: words.result },
    { title: words.transaction, wide: true },
    { title: words.took, align: "end" as const, wide: true },
    { title: words.kind, wide: true },
  ]
  const rows = lines.map((line) => [...(maySelect ? [tick(line, words)] : []), ...cells(line, data, words)])
  const content = dataTable(words.title, columns, rows)
  if (!maySelect) return content
  return html`<form method="post" action="${`/webhooks/${webhook.id}/log/replay`}" class="stack">${hiddenField("csrf_token", user.csrfToken)}${hiddenField("form_key", formKey)}${content}
<p class="actions"><button class="button plain">${words.replaySelected}</button></p></form>`
}

function tick({ n }: LogLine, words: Words): Html {
  return html`<label class="row-tick"><input type="checkbox" name="n" value="${n}"><span class="unseen">${words.selectRow(n)}</span></label>`
}

function cells(line: LogLine, { webhook, language, maySeeTransactions }: LogPageData, words: Words): HtmlValue[] {
  const kinds = { auto: words.auto, replay: words.replay, test: words.trial }
  const { transactionId } = line
  const transaction =
    transactionId === null
      ? "–"
      : maySeeTransactions
        ? html`<a class="line-link short-link" href="${`/transactions/${transactionId}`}">${transactionId}</a>`
        : transactionId
  const again =
    line.nextRetryAt === null
      ? noHtml
      : html`<span class="soft small block">${words.nextRetry} ${momentText(line.nextRetryAt, language)}</span>`
  return [
    html`<a class="row-name" href="${`/webhooks/${webhook.id}/log/${line.n}`}">${exactMomentText(line.startedAt, language)}</a><span class="soft small block">#${line.n}</span>`,
    html`${badge(line.result, line.good ? "good" : "danger")}${line.httpStatus === null ? noHtml : html` <span class="number">${line.httpStatus}</span>`}${again}`,
    transaction,
    words.milliseconds(new Intl.NumberFormat(language).format(line.responseTimeMs)),
    html`${kinds[line.kind]}<span class="soft small block">${words.attempt} ${line.attemptNumber}</span>`,
  ]
}

function paging({ webhook, typed, lines, next, searchedBackTo, isFirst, language }: LogPageData, words: Words): Html {
  const to = (below: number) => `/webhooks/${webhook.id}/log?${queryOf(typed, below)}`
  const first = isFirst
    ? noHtml
    : html`<a class="button plain" href="${`/webhooks/${webhook.id}/log?${queryOf(typed)}`}">${words.newest}</a>`
  const nothing = lines.length === 0 ? html`<p>${words.nothingMatches}</p>` : noHtml
  const searched =
    searchedBackTo === undefined
      ? noHtml
      : html`<p class="soft">${words.searchedBack} ${momentText(searchedBackTo, language)}.</p>`
  const older =
    next === undefined
      ? noHtml
      : html`<a class="button plain" rel="next" href="${to(next)}">${searchedBackTo === undefined ? words.older : words.goOn}</a>`
  return html`${nothing}${searched}<nav class="actions paging" aria-label="${words.title}">${first}${older}</nav>`
}

/** The query of a log's page. */
export function queryOf(typed: TypedWish, below?: number): URLSearchParams {
  const given = Object.entries(typed).filter(([, text]) => text !== "")
  return new URLSearchParams([...given, ...(below === undefined ? [] : [["below", String(below)] as [string, string]])])
}
