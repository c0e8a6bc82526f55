import { type Html, html } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { emptyState, pageHead } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { transactionMessages, transactionsMessages } from "../../messages/transactions.ts"

/** Says that the user's other download must end first. */
export function exportBusyPage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly list: string
  readonly query: string
}): Html {
  const { language, user, list, query } = data
  const words = speak(transactionsMessages, language)
  const back = html`<a class="button" href="${list}">${speak(transactionMessages, language).back}</a>`
  return layout(
    { language, title: words.exportBusyTitle, user, current: "transactions", query },
    html`${pageHead(words.title)}${emptyState(words.exportBusyTitle, words.exportBusy, back)}`,
  )
}
