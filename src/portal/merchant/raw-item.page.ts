import type { RawItemView } from "../../feeds/raw-item.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { backLink, facts, note, pageHead } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { transactionMessages } from "../../messages/transactions.ts"

interface RawPageData {
  readonly language: Language
  readonly user: FrameUser
  readonly transactionId: number
  readonly item: RawItemView
  readonly query: string
}

/** What a transaction was read from, exactly as it came. */
export function rawItemPage({ language, user, transactionId, item, query }: RawPageData): Html {
  const words = speak(transactionMessages, language)
  const { feedKind, excerpt } = item
  const kind =
    feedKind === "push" ? words.feedPush : feedKind === "simulator" ? words.feedSimulator : words.feedStatement
  const title = words.rawTitle(transactionId)
  const heading = excerpt === undefined ? words.rawText : words.rawLines(excerpt.firstLine)
  return layout(
    { language, title, user, current: "transactions", query },
    html`${backLink(`/transactions/${transactionId}`, words.title(transactionId))}
${pageHead(title)}
<section class="card">${facts([
      [words.feedKind, kind],
      [words.feed, item.feedName],
      ...(item.fileName === undefined ? [] : [[words.file, item.fileName] as const]),
      [words.receivedAt, momentText(item.receivedAt, language)],
      [words.size, words.bytes(item.size)],
      [words.sha256, html`<span class="number break">${item.sha256}</span>`],
    ])}
<h2>${heading}</h2><pre tabindex="0">${excerpt?.text ?? item.text ?? ""}</pre>${excerpt?.isCut === true ? note("warn", words.rawCut) : noHtml}</section>`,
  )
}
