import { copyButton, copyScript } from "../../../http/copy-button.page.ts"
import { type Html, type HtmlValue, html, noHtml } from "../../../http/html.ts"
import { exactMomentText, momentText } from "../../../http/moment.page.ts"
import { backLink, badge, buttonForm, facts, note } from "../../../http/pieces.page.ts"
import { type Language, speak } from "../../../messages/catalogue.ts"
import { attemptMessages, webhookLogMessages } from "../../../messages/webhook-log.ts"
import type { ShownBody } from "./shown-body.ts"
import { timingBar } from "./timing-bar.page.ts"
import type { ShownAttempt } from "./to-shown-attempt.ts"
import { type WebhookPageData, webhookFrame } from "./webhook-frame.page.ts"

type HeaderList = NonNullable<ShownAttempt["request"]>["headers"]

/** One call with all that was sent and answered (contract/webhooks.md §9). */
export function attemptPage(
  data: WebhookPageData & {
    readonly attempt: ShownAttempt
    readonly formKey: string
    readonly maySeeTransactions: boolean
  },
): Html {
  const { language, webhook, user, attempt, mayUpdate, formKey } = data
  const words = speak(attemptMessages, language)
  const base = `/webhooks/${webhook.id}`
  const replay =
    mayUpdate && !webhook.deleted
      ? html`<section class="card"><h2>${words.replay}</h2><p class="soft">${words.replayNote}</p><p class="actions">${buttonForm(
          {
            action: `${base}/log/replay`,
            csrfToken: user.csrfToken,
            text: words.replay,
            fields: { form_key: formKey, n: String(attempt.n) },
          },
        )}</p></section>`
      : noHtml
  return webhookFrame(
    data,
    { tab: "log", scripts: [copyScript] },
    html`${backLink(`${base}/log`, words.toLog)}<h2>${words.title(attempt.n)}</h2>
${attemptDetail(attempt, { language, webhookId: webhook.id, maySeeTransactions: data.maySeeTransactions })}${replay}`,
  )
}

interface Around {
  readonly language: Language
  readonly webhookId: number
  readonly maySeeTransactions: boolean
}

/** A call in all detail, for its own page and for the test send. */
export function attemptDetail(attempt: ShownAttempt, around: Around): Html {
  const words = speak(attemptMessages, around.language)
  const { hint } = attempt
  const retry = attempt.nextRetryAt === null ? noHtml : html` ${words.retryPlanned}`
  return html`${hint === undefined ? noHtml : note("warn", html`${sentence(hint)}${retry}`)}
<section class="card"><h2>${words.summary}</h2>${facts(summary(attempt, around))}</section>
<section class="card"><h2>${words.timings}</h2>${timingBar(attempt.timings, around.language)}</section>
${sent(attempt, around.language)}${answered(attempt, around.language)}${curl(attempt, around.language)}`
}

// The hints are worded as parts of a sentence.
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replaceAll("`", "")}.`
}

function summary(attempt: ShownAttempt, { language, webhookId, maySeeTransactions }: Around) {
  const words = speak(attemptMessages, language)
  const log = speak(webhookLogMessages, language)
  const kinds = { auto: log.auto, replay: log.replay, test: log.trial }
  const { transactionId, replayOf, nextRetryAt } = attempt
  const pairs: (readonly [name: string, value: HtmlValue])[] = [
    [
      words.result,
      html`<span class="tags">${badge(attempt.result, attempt.good ? "good" : "danger")}${attempt.httpStatus === null ? noHtml : html`<span>HTTP ${attempt.httpStatus}</span>`}</span>`,
    ],
  ]
  if (attempt.message !== null) pairs.push([words.detail, attempt.message])
  if (attempt.errorCode !== 0) pairs.push([words.errorCode, attempt.errorCode])
  pairs.push(
    [words.begun, exactMomentText(attempt.startedAt, language)],
    [words.ended, exactMomentText(attempt.endedAt, language)],
    [words.kind, kinds[attempt.kind]],
  )
  if (replayOf !== null)
    pairs.push([
      words.replayOf,
      html`<a class="line-link short-link" href="${`/webhooks/${webhookId}/log/${replayOf}`}">#${replayOf}</a>`,
    ])
  pairs.push([words.attempt, attempt.attemptNumber])
  if (nextRetryAt !== null) pairs.push([words.nextRetry, momentText(nextRetryAt, language)])
  if (transactionId !== null) {
    const why = html`<a class="line-link" href="${`/webhooks/${webhookId}/explain?transaction=${transactionId}`}">${words.why}</a>`
    const name = maySeeTransactions
      ? html`<a class="line-link short-link" href="${`/transactions/${transactionId}`}">${transactionId}</a>`
      : html`<span>${transactionId}</span>`
    const link = html`<span class="tags">${name}${why}</span>`
    pairs.push([words.transaction, link])
  }
  pairs.push(
    [words.deliveryId, html`<code class="break">${attempt.deliveryUuid}</code>`],
    [words.version, attempt.configVersion],
  )
  return pairs
}

function sent({ request, url }: ShownAttempt, language: Language): Html {
  const words = speak(attemptMessages, language)
  if (request === undefined) {
    return html`<section class="card"><h2>${words.request}</h2><pre>POST ${url}</pre><p class="soft">${words.nothingSent}</p></section>`
  }
  return html`<section class="card"><h2>${words.request}</h2><pre>POST ${url} HTTP/1.1</pre>
<h3>${words.headers}</h3>${headerList(request.headers)}<h3>${words.body}</h3>${body(request.body, language)}</section>`
}

function answered({ response, httpStatus }: ShownAttempt, language: Language): Html {
  const words = speak(attemptMessages, language)
  if (response === undefined) {
    return html`<section class="card"><h2>${words.response}</h2><p class="soft">${words.noResponse}</p></section>`
  }
  return html`<section class="card"><h2>${words.response}</h2><pre>HTTP/1.1 ${httpStatus}</pre>
<h3>${words.headers}</h3>${headerList(response.headers)}<h3>${words.body}</h3>${body(response.body, language)}</section>`
}

function headerList(headers: HeaderList): Html {
  return html`<pre class="headers">${headers.map(([name, value]) => html`<span class="soft">${name}:</span> ${value}\n`)}</pre>`
}

const largestRead = 64 * 1024

function body(shown: ShownBody, language: Language): Html {
  const words = speak(attemptMessages, language)
  if (shown.kind === "empty") return html`<p class="soft">${words.emptyBody}</p>`
  const count = (value: number) => new Intl.NumberFormat(language).format(value)
  const text = shown.kind === "text" ? shown.text : shown.dump
  return html`<pre>
${text}</pre><p class="hint">${words.bodySize(count(shown.size))}. ${
    shown.kind === "binary" ? words.binary(count(shown.shown)) : noHtml
  } ${shown.size >= largestRead ? words.cut : noHtml}</p>`
}

function curl({ request }: ShownAttempt, language: Language): Html {
  if (request === undefined) return noHtml
  const words = speak(attemptMessages, language)
  return html`<section class="card"><h2>${words.curl}</h2><p class="soft">${words.curlNote}</p><pre id="curl">${request.curl}</pre>${copyButton("curl", language, words.curl)}</section>`
}
