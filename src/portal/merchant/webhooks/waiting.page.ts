import { type Html, html, noHtml } from "../../../http/html.ts"
import { momentText } from "../../../http/moment.page.ts"
import { note } from "../../../http/pieces.page.ts"
import type { Language } from "../../../messages/catalogue.ts"
import { speak } from "../../../messages/catalogue.ts"
import { webhookDetailMessages } from "../../../messages/webhook-list.ts"
import type { Waiting } from "./to-waiting.ts"

/** A hint about deliveries that wait and deliveries that failed; nothing where all is well. */
export function waitingNote(
  { language, webhook }: { readonly language: Language; readonly webhook: { readonly id: number } },
  { waiting, next, failures }: Waiting,
): Html {
  const words = speak(webhookDetailMessages, language)
  const hasFailures = failures !== "0"
  if (waiting === "0" && !hasFailures) return noHtml
  const nextText =
    next === undefined
      ? noHtml
      : next === "now"
        ? html` ${words.nextNow}`
        : html` ${words.nextAt} ${momentText(next, language)}.`
  return note(
    hasFailures ? "warn" : "good",
    html`${waiting === "0" ? noHtml : html`<p>${words.waitingNote(waiting)}${nextText}</p>`}${
      hasFailures
        ? html`<p>${words.failing(failures)} <a href="${`/webhooks/${webhook.id}/log?outcome=failed`}">${words.seeFailures}</a></p>`
        : noHtml
    }`,
  )
}
