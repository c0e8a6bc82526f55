import { type Html, html, noHtml } from "../../http/html.ts"
import { momentText } from "../../http/moment.page.ts"
import { badge, dataTable } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { checkMessages, explanationMessages, verdictMessages } from "../../messages/transactions.ts"
import type { NamedExplanation } from "../../webhooks/explain.ts"

/** What became of a transaction at each webhook, and why (contract/webhooks.md §6). */
export function webhookExplanations(
  explanations: readonly NamedExplanation[],
  { language, mayCreate }: { readonly language: Language; readonly mayCreate: boolean },
): Html {
  const words = speak(explanationMessages, language)
  if (explanations.length === 0) {
    const add = mayCreate ? html` <a class="button plain" href="/webhooks/new">${words.addWebhook}</a>` : noHtml
    return html`<section class="card"><h2>${words.title}</h2><p class="soft">${words.noWebhooks}</p>${add === noHtml ? noHtml : html`<p class="actions">${add}</p>`}</section>`
  }
  return html`<section class="card"><div><h2>${words.title}</h2><p class="soft small">${words.lead}</p></div>
<ul class="webhook-states">${explanations.map((one) => html`<li>${explanation(one, language)}</li>`)}</ul></section>`
}

function explanation(one: NamedExplanation, language: Language): Html {
  const words = speak(explanationMessages, language)
  const log = `/webhooks/${one.webhookId}/log?transaction=${one.transactionId}`
  const isSent = one.deliveries.length > 0
  return html`<div class="webhook-state"><div class="webhook-name"><h3>${one.name}</h3><p class="soft small break">${one.webhookUrl}</p></div>
<div class="webhook-outcome">${isSent ? one.deliveries.map((delivery) => deliveryLine(delivery, language)) : badge(words.stateNotSent)}</div></div>
${isSent ? noHtml : html`<p>${whyNot(one, language)}</p>`}
<details><summary>${isSent ? words.whySent : words.why}</summary>${checks(one, language)}</details>
${isSent ? html`<p><a class="row-link" href="${log}" aria-label="${words.logOf(one.name)}">${words.log}</a></p>` : noHtml}`
}

function deliveryLine(delivery: NamedExplanation["deliveries"][number], language: Language): Html {
  const words = speak(explanationMessages, language)
  const { state, attempts, nextRetryAt, kind } = delivery
  const replayed = kind === "replay" ? html` · ${words.replayed}` : noHtml
  const next =
    state === "pending" && nextRetryAt !== null
      ? html` · ${words.nextTry} ${momentText(nextRetryAt, language)}`
      : noHtml
  return html`<p class="small">${stateBadge(state, attempts, language)} <span class="soft">${attempts === 0 ? noHtml : words.attempts(attempts)}${next}${replayed}</span></p>`
}

function stateBadge(state: string, attempts: number, language: Language): Html {
  const words = speak(explanationMessages, language)
  switch (state) {
    case "delivered":
      return badge(words.stateDelivered, "good")
    case "failed":
      return badge(words.stateFailed, "danger")
    case "cancelled":
      return badge(words.stateCancelled)
    default:
      return attempts === 0 ? badge(words.stateWaiting, "warn") : badge(words.stateRetrying, "warn")
  }
}

function whyNot({ decided, now }: NamedExplanation, language: Language): string {
  const words = speak(explanationMessages, language)
  const verdicts = speak(verdictMessages, language)
  const then = decided === undefined ? words.younger : verdicts[decided.verdict]
  return now.verdict === "sent" ? `${then} ${words.wouldSendNow}` : then
}

function checks({ decided, now }: NamedExplanation, language: Language): Html {
  const words = speak(explanationMessages, language)
  const names = speak(checkMessages, language)
  const word = (passed: boolean | undefined) =>
    passed === undefined ? words.unknown : passed ? badge(words.passed, "good") : badge(words.notPassed, "danger")
  const columns = [{ title: words.condition }, { title: words.whenRecorded }, { title: words.asOfNow }]
  return dataTable(
    words.why,
    columns,
    now.checks.map((check) => {
      const before = decided?.checks.find((one) => one.check === check.check)
      return [names[check.check], word(before?.passed), word(check.passed)]
    }),
  )
}
