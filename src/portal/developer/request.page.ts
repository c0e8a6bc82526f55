import { type Html, type HtmlValue, html, noHtml } from "../../http/html.ts"
import { badge, facts, note } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { modeMessages } from "../../messages/oauth.ts"
import { requestLogMessages } from "../../messages/request-log.ts"
import { adviceText, reasonText } from "../../messages/request-reasons.ts"
import type { ClientRequest } from "../../oauth/client-requests.ts"
import { formatVietnamTime } from "../../vietnam-time.ts"
import { type AppPageData, appFrame } from "./app-frame.page.ts"
import { exactMoment } from "./exact-moment.page.ts"
import { durationOf, statusBadge } from "./requests.page.ts"

export interface RequestPageData extends AppPageData {
  readonly request: ClientRequest
  /** Where the rules stand and where the reference explains the call. */
  readonly rules: { readonly section: string; readonly href: string | undefined }
}

/** One call of an app: what happened, why, and what to do. */
export function requestPage(data: RequestPageData): Html {
  const { language, app, request } = data
  const words = speak(requestLogMessages, language)
  const back = html`<a class="button plain" href="${`/developer/apps/${app.clientId}/requests`}">${words.back}</a>`
  return appFrame(
    data,
    { tab: "requests", title: words.detailTitle, lead: callLine(request), actions: back },
    html`${request.proven ? noHtml : note("warn", words.unprovenNote)}${
      request.repeats > 1
        ? note("warn", words.repeatsNote({ count: request.repeats, last: formatVietnamTime(request.lastAt) }))
        : noHtml
    }<section class="card stack"><h2>${words.whatHappened}</h2>${happened(request, language)}</section>
<section class="card stack"><h2>${words.facts}</h2>${callFacts(data)}</section>`,
  )
}

function callLine({ method, endpoint }: ClientRequest): Html {
  return html`<span class="call-line"><span class="method" data-method="${method.toLowerCase()}">${method}</span> <code class="break">${endpoint}</code></span>`
}

function happened(request: ClientRequest, language: Language): Html {
  const words = speak(requestLogMessages, language)
  const { reason, failed } = request
  if (reason === undefined) return html`<p>${failed ? words.noReason : words.passed}</p>`
  return html`<p class="reason-text">${reasonText(reason, request.facts, language)}</p>${difference(request.facts, language)}
<h3>${words.whatToDo}</h3><p>${adviceText(reason, language)}</p>`
}

// Two texts under each other, with what differs marked, say more than a number.
function difference(reasonFacts: unknown, language: Language): HtmlValue {
  const { sent, expected, position } = (reasonFacts ?? {}) as Readonly<Record<string, unknown>>
  if (typeof sent !== "string" || typeof expected !== "string" || typeof position !== "number") return noHtml
  const words = speak(requestLogMessages, language)
  const marked = (text: string) => {
    const rest = text.slice(position - 1)
    return html`<code class="break">${text.slice(0, position - 1)}${
      rest === "" ? html`<mark class="soft">${words.nothingThere}</mark>` : html`<mark>${rest}</mark>`
    }</code>`
  }
  return html`${facts([
    [words.expected, marked(expected)],
    [words.sent, marked(sent)],
  ])}<p class="hint">${words.differsFrom(position)}</p>`
}

function callFacts({ language, request, rules }: RequestPageData): Html {
  const words = speak(requestLogMessages, language)
  const modes: Readonly<Record<string, string>> = speak(modeMessages, language)
  return facts([
    [words.time, exactMoment(request.at)],
    [
      words.status,
      html`${statusBadge(request)}${request.error === null ? noHtml : html` <code>${request.error}</code>`}`,
    ],
    [words.requestId, html`<code class="break">${request.requestId}</code>`],
    [words.duration, durationOf(request)],
    [words.mode, request.mode === null ? "–" : badge(modes[request.mode] ?? request.mode)],
    [
      words.ip,
      request.ip === null
        ? html`<span class="soft">${words.ipOfUser}</span>`
        : html`<code class="break">${request.ip}</code>`,
    ],
    [words.userAgent, html`<span class="break">${request.userAgent === "" ? "–" : request.userAgent}</span>`],
    [
      words.contract,
      html`<code>${rules.section}</code>${
        rules.href === undefined
          ? noHtml
          : html` · <a class="line-link" href="${rules.href}">${rules.href.startsWith("/docs") ? words.reference : words.quickStartOf}</a>`
      }`,
    ],
  ])
}
