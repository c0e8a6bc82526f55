import { hiddenField, textField } from "../../../http/fields.page.ts"
import { type Html, type HtmlValue, html, noHtml } from "../../../http/html.ts"
import { momentText } from "../../../http/moment.page.ts"
import { badge, dataTable, note } from "../../../http/pieces.page.ts"
import { speak } from "../../../messages/catalogue.ts"
import { explainMessages, webhookLogMessages } from "../../../messages/webhook-log.ts"
import type { ShownCheck, ShownExplanation } from "./to-shown-explanation.ts"
import { type WebhookPageData, webhookFrame } from "./webhook-frame.page.ts"

/** Why a webhook heard of a transaction, or did not (contract/webhooks.md §6). */
export function explainPage(
  data: WebhookPageData & {
    readonly typed: string
    readonly isBadId: boolean
    readonly explanation: ShownExplanation | undefined
    readonly formKey: string
    readonly isSent: boolean
    readonly isAgain: boolean
  },
): Html {
  const { language, webhook, typed, isBadId, explanation } = data
  const words = speak(explainMessages, language)
  const log = speak(webhookLogMessages, language)
  return webhookFrame(
    data,
    { tab: "explain", query: typed === "" ? undefined : new URLSearchParams({ transaction: typed }).toString() },
    html`<h2>${words.title}</h2><p class="soft">${words.lead}</p>${data.isSent ? note("good", words.doneSent) : noHtml}${data.isAgain ? note("good", log.doneReplayedAgain) : noHtml}
<section class="card"><form method="get" action="${`/webhooks/${webhook.id}/explain`}" class="stack">${textField({
      name: "transaction",
      label: words.transaction,
      hint: words.transactionHint,
      value: typed,
      problem: isBadId ? words.badId : undefined,
      more: { inputmode: "numeric", maxlength: "15", autocomplete: "off" },
    })}<p class="actions"><button class="button plain">${words.show}</button></p></form></section>
${explanation === undefined ? noHtml : explained(data, explanation, words)}`,
  )
}

type Words = ReturnType<typeof speak<typeof explainMessages>>
type Data = Parameters<typeof explainPage>[0]

function explained(data: Data, explanation: ShownExplanation, words: Words): Html {
  const { whenRecorded, now, recordedAt } = explanation
  return html`${verdictNote(whenRecorded, words)}
<section class="card"><h2>${words.whenRecorded}</h2><p class="soft">${words.recordedAt} ${momentText(recordedAt, data.language)}${
    whenRecorded === undefined ? noHtml : html` · ${words.versionThen(whenRecorded.configVersion)}`
  }</p>${
    whenRecorded === undefined
      ? html`<p>${words.createdLater}</p>`
      : whenRecorded.checks.length === 0
        ? html`<p>${words.unknownThen}</p>`
        : checks(whenRecorded.checks, words.whenRecorded, words)
  }</section>
<section class="card"><h2>${words.now}</h2><p class="soft">${now.isSent ? words.nowSent : words.nowNotSent}</p>${checks(now.checks, words.now, words)}</section>
${deliveries(data, explanation, words)}${sendForm(data, explanation, words)}`
}

function verdictNote(judged: ShownExplanation["whenRecorded"], words: Words): Html {
  if (judged === undefined) return note("warn", words.createdLater)
  return judged.isSent
    ? note("good", words.verdictSent)
    : note("warn", words.verdictNotSent(judged.failed ?? words.condition))
}

function checks(list: readonly ShownCheck[], caption: string, words: Words): Html {
  const columns = [
    { title: words.condition },
    { title: words.outcome },
    { title: words.wanted, wide: true },
    { title: words.found, wide: true },
  ]
  return dataTable(
    caption,
    columns,
    list.map(({ name, wanted, found, passed }) => [
      html`${name}<span class="narrow-only soft small">${words.wanted}: ${wanted}</span><span class="narrow-only soft small">${words.found}: ${found}</span>`,
      passed ? badge(words.passed, "good") : badge(words.failed, "danger"),
      wanted,
      found,
    ]),
  )
}

function deliveries({ webhook, language }: Data, { deliveries: made }: ShownExplanation, words: Words): Html {
  if (made.length === 0) {
    return html`<section class="card"><h2>${words.deliveries}</h2><p class="soft">${words.noDeliveries}</p></section>`
  }
  const log = speak(webhookLogMessages, language)
  const kinds: Readonly<Record<string, string>> = { auto: log.auto, replay: log.replay, test: log.trial }
  const states: Readonly<Record<string, Html>> = {
    pending: badge(words.statePending),
    delivered: badge(words.stateDelivered, "good"),
    failed: badge(words.stateFailed, "danger"),
    cancelled: badge(words.stateCancelled, "warn"),
  }
  const columns = [
    { title: words.madeAt },
    { title: log.kind, wide: true },
    { title: words.outcome },
    { title: words.attempts, wide: true },
    { title: words.lastCall },
  ]
  const rows = made.map((one): readonly HtmlValue[] => [
    momentText(one.createdAt, language),
    kinds[one.kind] ?? one.kind,
    html`${states[one.state] ?? one.state}${one.nextRetryAt === null || one.state !== "pending" ? noHtml : html`<span class="soft small block">${log.nextRetry} ${momentText(one.nextRetryAt, language)}</span>`}`,
    one.attempts,
    one.lastNumber === null
      ? "–"
      : html`<a class="line-link short-link" href="${`/webhooks/${webhook.id}/log/${one.lastNumber}`}">#${one.lastNumber}</a>`,
  ])
  return html`<section class="card"><h2>${words.deliveries}</h2>${dataTable(words.deliveries, columns, rows)}</section>`
}

function sendForm(
  { webhook, user, mayUpdate, formKey }: Data,
  { transactionId }: ShownExplanation,
  words: Words,
): Html {
  if (!mayUpdate) return noHtml
  return html`<section class="card"><h2>${words.send}</h2><p class="soft">${words.sendNote}</p><form method="post" action="${`/webhooks/${webhook.id}/explain`}" class="actions">${hiddenField("csrf_token", user.csrfToken)}${hiddenField("form_key", formKey)}${hiddenField("transaction", String(transactionId))}
<button class="button plain">${words.send}</button></form></section>`
}
