import { copyScript } from "../../../http/copy-button.page.ts"
import { hiddenField } from "../../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../../http/html.ts"
import { note } from "../../../http/pieces.page.ts"
import { speak } from "../../../messages/catalogue.ts"
import { webhookTestMessages } from "../../../messages/webhook-log.ts"
import { attemptDetail } from "./attempt.page.ts"
import type { ShownAttempt } from "./to-shown-attempt.ts"
import { type WebhookPageData, webhookFrame } from "./webhook-frame.page.ts"

/** Sends a test, and shows what came of the last one (contract/webhooks.md §9, test send). */
export function webhookTestPage(
  data: WebhookPageData & {
    readonly formKey: string
    /** `under-way`: no answer yet. */
    readonly result: ShownAttempt | "under-way" | undefined
    /** The address of this page with its result. */
    readonly self: string
    readonly maySeeTransactions: boolean
  },
): Html {
  const { language, webhook, user, formKey, result, self } = data
  const words = speak(webhookTestMessages, language)
  const isDone = typeof result === "object"
  return webhookFrame(
    data,
    { tab: "test", scripts: result === "under-way" ? ["reload.js"] : [copyScript] },
    html`${result === "under-way" ? underWay(self, words) : noHtml}${
      isDone && result.good
        ? note("good", html`${words.good} <a href="${`/webhooks/${webhook.id}/log/${result.n}`}">${words.seeInLog}</a>`)
        : noHtml
    }<section class="card"><h2>${words.title}</h2><p>${words.lead}</p><p class="hint">${words.tip}${webhook.active ? noHtml : ` ${words.offNote}`}</p>
<form method="post" action="${`/webhooks/${webhook.id}/test`}" class="actions">${hiddenField("csrf_token", user.csrfToken)}${hiddenField("form_key", formKey)}
<button class="button">${result === undefined ? words.send : words.sendAgain}</button></form></section>
${isDone ? attemptDetail(result, { language, webhookId: webhook.id, maySeeTransactions: data.maySeeTransactions }) : noHtml}`,
  )
}

function underWay(self: string, words: ReturnType<typeof speak<typeof webhookTestMessages>>): Html {
  return html`<div class="note good" role="status" data-reload-after="2">${words.underWay} <a href="${self}">${words.refresh}</a></div>`
}
