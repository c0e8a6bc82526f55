import { selectField, textField } from "../../http/fields.page.ts"
import { attributes, type Html, html, noHtml } from "../../http/html.ts"
import { badge, dataTable, emptyState } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { requestLogMessages } from "../../messages/request-log.ts"
import { reasonText } from "../../messages/request-reasons.ts"
import type { ClientRequest } from "../../oauth/client-requests.ts"
import { type AppPageData, appFrame } from "./app-frame.page.ts"
import { exactMoment } from "./exact-moment.page.ts"
import type { AskedRequests } from "./request-filter.ts"

export interface RequestsPageData extends AppPageData {
  readonly asked: AskedRequests
  readonly requests: readonly ClientRequest[]
  /** Query of the page with older calls. */
  readonly olderQuery: string | undefined
  /** What the selects offer. */
  readonly endpoints: readonly string[]
  readonly errors: readonly string[]
}

/** The request log of an app. */
export function requestsPage(data: RequestsPageData): Html {
  const words = speak(requestLogMessages, data.language)
  const { app, asked, requests, olderQuery } = data
  const path = pathOf(data)
  const actions = html`<a class="button plain" href="${`${path}?${data.query ?? ""}`}">${words.refresh}</a>`
  const older =
    olderQuery === undefined
      ? noHtml
      : html`<a class="button plain" href="${`${path}?${olderQuery}`}">${words.older}</a>`
  const newest = asked.before === undefined ? noHtml : html`<a class="button plain" href="${path}">${words.newest}</a>`
  return appFrame(
    data,
    { tab: "requests", title: words.title, lead: words.lead(app.name), actions },
    html`${filterForm(data)}${requests.length === 0 ? nothing(data) : requestTable(data)}<p class="actions">${newest}${older}</p>`,
  )
}

function pathOf({ app }: AppPageData): string {
  return `/developer/apps/${app.clientId}/requests`
}

function nothing({ language, asked, olderQuery, app }: RequestsPageData): Html {
  const words = speak(requestLogMessages, language)
  if (olderQuery !== undefined) return emptyState(words.noMatchTitle, words.noMatchHere)
  if (asked.filters || asked.before !== undefined) return emptyState(words.noMatchTitle, words.noMatch)
  const action = html`<a class="button" href="${`/developer/apps/${app.clientId}/quick-start`}">${words.toQuickStart}</a>`
  return emptyState(words.noneTitle, words.none, action)
}

function filterForm(data: RequestsPageData): Html {
  const { language, asked, endpoints, errors } = data
  const words = speak(requestLogMessages, language)
  const { fields, problems } = asked
  const day = (name: "from" | "to") =>
    textField({
      name,
      type: "date",
      label: words[name],
      value: fields[name],
      problem:
        problems[name] === "reversed" ? words.daysReversed : problems[name] === "day" ? words.wrongDay : undefined,
    })
  const choose = (name: "endpoint" | "error", any: string, offered: readonly string[]) =>
    selectField({
      name,
      label: words[name],
      value: fields[name],
      options: [{ value: "", text: any }, ...offered.map((value) => ({ value, text: value }))],
    })
  const outcome = selectField({
    name: "outcome",
    label: words.outcome,
    value: fields.outcome,
    options: [
      { value: "", text: words.anyOutcome },
      { value: "failed", text: words.onlyFailures },
    ],
  })
  const requestId = textField({
    name: "request_id",
    label: words.requestId,
    hint: words.requestIdHint,
    value: fields.request_id,
    problem: problems.request_id === undefined ? undefined : words.wrongRequestId,
    more: { maxlength: "128", autocomplete: "off", spellcheck: "false" },
  })
  const clear = asked.filters ? html`<a class="button plain" href="${pathOf(data)}">${words.clear}</a>` : noHtml
  return html`<details class="card log-filters" ${attributes({ open: asked.filters })}><summary>${words.filters}</summary>
<form method="get" action="${pathOf(data)}" class="stack"><div class="form-grid">${outcome}${choose("endpoint", words.anyEndpoint, endpoints)}${choose("error", words.anyError, errors)}${day("from")}${day("to")}${requestId}</div>
<p class="actions"><button class="button">${words.apply}</button>${clear}</p></form></details>`
}

function requestTable({ language, requests, app }: RequestsPageData): Html {
  const words = speak(requestLogMessages, language)
  return dataTable(
    words.title,
    [
      { title: words.call },
      { title: words.status },
      { title: words.reason },
      { title: words.duration, align: "end", wide: true },
    ],
    requests.map((request) => [
      html`<div class="call-cell"><a class="line-link" href="${`/developer/apps/${app.clientId}/requests/${request.id}`}">${exactMoment(request.at)}</a><span class="call-line"><span class="method" data-method="${request.method.toLowerCase()}">${request.method}</span> <code>${request.endpoint}</code></span></div>`,
      html`<span class="badges">${statusBadge(request)}${request.repeats > 1 ? badge(words.repeats(request.repeats)) : noHtml}${
        request.proven ? noHtml : badge(words.unproven)
      }</span>`,
      shortReason(request, language),
      durationOf(request),
    ]),
  )
}

function shortReason({ reason, facts, error }: ClientRequest, language: Language): Html {
  const words = speak(requestLogMessages, language)
  const code = error === null ? noHtml : html`<code>${error}</code> `
  if (reason === undefined) return error === null ? html`<span class="soft">${words.ok}</span>` : code
  return html`${code}<span class="reason-text">${reasonText(reason, facts, language)}</span>`
}

/** The status of a call with a colour that says whether it went well. */
export function statusBadge({ status, failed }: ClientRequest): Html {
  return badge(String(status), status >= 500 ? "danger" : failed ? "warn" : "good")
}

/** How long we took to answer. */
export function durationOf({ durationMs }: ClientRequest): string {
  return durationMs < 10 ? `${durationMs.toFixed(1)} ms` : `${Math.round(durationMs)} ms`
}
