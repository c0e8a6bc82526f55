import { type Html, html } from "../http/html.ts"
import { layout } from "../http/layout.page.ts"
import { momentText } from "../http/moment.page.ts"
import { emptyState, pageHead } from "../http/pieces.page.ts"
import type { StoredMail } from "../mail-files.ts"
import { mailboxMessages } from "../messages/account.ts"
import { type Language, speak } from "../messages/catalogue.ts"

/** All mails of the demo, with the links of this site to click on. */
export function mailboxPage(data: {
  readonly language: Language
  readonly mails: readonly StoredMail[]
  /** Public base URL: only its links become links. */
  readonly siteUrl: string
}): Html {
  const { language, mails, siteUrl } = data
  const words = speak(mailboxMessages, language)
  return layout(
    { language, title: words.title },
    html`${pageHead(words.title, words.lead)}
${
  mails.length === 0
    ? emptyState(words.empty, words.emptyText)
    : mails.map(
        (mail) => html`<article class="card mail"><div><h2 class="break">${mail.subject}</h2>
<p class="soft small break">${words.to(mail.to)} · ${momentText(mail.sentAt, language)}</p></div>
<div class="mail-text">${mail.text.split("\n").map((line) => html`${lineOf(line, siteUrl)}\n`)}</div></article>`,
      )
}`,
  )
}

function lineOf(line: string, siteUrl: string): Html {
  return line.startsWith(`${siteUrl}/`) ? html`<a href="${line}">${line}</a>` : html`${line}`
}
