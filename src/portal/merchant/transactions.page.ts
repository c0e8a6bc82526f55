import type { Transaction } from "../../banking/transaction.ts"
import { selectField, textField } from "../../http/fields.page.ts"
import { attributes, type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { emptyState, note, pageHead } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { transactionsMessages } from "../../messages/transactions.ts"
import type { NamedAccount } from "./named-accounts.ts"
import type { FilterField, FilterReading } from "./transaction-filter.ts"
import { transactionRow } from "./transaction-row.page.ts"

/** Where the other pages of a list are; absent where there is none. */
export interface PageLinks {
  readonly newest?: string | undefined
  readonly newer?: string | undefined
  readonly older?: string | undefined
  readonly oldest?: string | undefined
}

interface ListData {
  readonly language: Language
  readonly user: FrameUser
  readonly reading: FilterReading
  readonly accounts: readonly NamedAccount[]
  readonly transactions: readonly Transaction[]
  /** How many there are; undefined when only what is shown was counted. */
  readonly pages: { readonly total: number; readonly page: number; readonly last: number } | undefined
  readonly links: PageLinks
  readonly paths: { readonly live: string; readonly test: string; readonly clear: string; readonly export: string }
  readonly isBehind: boolean
  readonly query: string
}

/** The list of a company's transactions with its filters; it works without script. */
export function transactionsPage(data: ListData): Html {
  const { language, user, reading, transactions, paths, isBehind } = data
  const words = speak(transactionsMessages, language)
  const exporting =
    transactions.length === 0
      ? noHtml
      : html`<a class="button plain" href="${paths.export}" download>${words.exportCsv}</a>`
  return layout(
    { language, title: words.title, user, current: "transactions", query: data.query },
    html`${pageHead(words.title, words.lead, exporting)}
${modeSwitch(words.modes, [
  { text: words.live, path: paths.live, isCurrent: reading.mode === "live" },
  { text: words.test, path: paths.test, isCurrent: reading.mode === "test" },
])}
${filterForm(data)}
${isBehind ? note("warn", words.isBehind) : noHtml}
${list(data)}`,
  )
}

/** Links between live and test, of which one is where one is. */
export function modeSwitch(
  label: string,
  modes: readonly { readonly text: string; readonly path: string; readonly isCurrent: boolean }[],
): Html {
  return html`<nav class="mode-switch" aria-label="${label}"><ul>${modes.map(
    ({ text, path, isCurrent }) =>
      html`<li><a href="${path}" ${attributes({ "aria-current": isCurrent ? "true" : undefined })}>${text}</a></li>`,
  )}</ul></nav>`
}

function filterForm({ language, reading, accounts, paths }: ListData): Html {
  const words = speak(transactionsMessages, language)
  const { text, problems, mode } = reading
  const field = (name: FilterField, label: string) => {
    const problem = problems[name]
    return { name, label, value: text[name], problem: problem === undefined ? undefined : words[problem] }
  }
  const rare = (["amount_from", "amount_to", "reference", "code", "sub_account"] as const).some(
    (name) => text[name] !== undefined,
  )
  const money = { inputmode: "numeric", autocomplete: "off" }
  const plain = { autocomplete: "off" }
  return html`<form class="card filters" method="get" action="/transactions" role="search" aria-label="${words.filters}">
${mode === "test" ? html`<input type="hidden" name="mode" value="test">` : noHtml}
${textField({ ...field("q", words.search), type: "search", hint: words.searchHint, more: plain })}
<div class="form-grid">${selectField({
    ...field("account", words.account),
    options: [
      { value: "", text: words.everyAccount },
      ...accounts.map(({ id, bankName, label, accountNumber }) => ({
        value: String(id),
        text: `${label ?? bankName} · ${accountNumber}`,
      })),
    ],
  })}${selectField({
    ...field("direction", words.direction),
    options: [
      { value: "", text: words.bothDirections },
      { value: "in", text: words.moneyIn },
      { value: "out", text: words.moneyOut },
    ],
  })}${textField({ ...field("from", words.fromDate), type: "date" })}${textField({ ...field("to", words.toDate), type: "date" })}</div>
<details ${attributes({ open: rare })}><summary>${words.moreFilters}</summary><div class="form-grid">
${textField({ ...field("amount_from", words.amountFrom), more: money })}${textField({ ...field("amount_to", words.amountTo), more: money })}
${textField({ ...field("reference", words.reference), more: plain })}${textField({ ...field("code", words.code), more: plain })}
${textField({ ...field("sub_account", words.subAccount), more: plain })}</div></details>
<p class="actions"><button class="button">${words.apply}</button>${
    Object.keys(text).length === 0 ? noHtml : html`<a class="button plain" href="${paths.clear}">${words.clear}</a>`
  }</p></form>`
}

function list(data: ListData): Html {
  const { language, transactions, accounts, reading, links } = data
  const words = speak(transactionsMessages, language)
  if (Object.keys(reading.problems).length > 0) return noHtml
  if (transactions.length === 0) {
    if (links.older !== undefined) return html`${note("good", words.noMatchHere)}${pageLinks(data)}`
    return Object.keys(reading.text).length === 0
      ? emptyState(words.noneTitle, words.none, html`<a class="button" href="/bank-accounts">${words.toAccounts}</a>`)
      : html`${emptyState(words.noMatchTitle, words.noMatch, html`<a class="button plain" href="${data.paths.clear}">${words.clear}</a>`)}${pageLinks(data)}`
  }
  const byId = new Map(accounts.map((account) => [account.id, account]))
  return html`<section class="card flush" aria-label="${words.list}"><p class="list-head soft small">${countText(data)}</p>
<ol class="money-rows">${transactions.map((one) => transactionRow(one, { language, account: byId.get(one.bankAccountId) }))}</ol></section>
${pageLinks(data)}`
}

function countText({ language, pages, transactions, links }: ListData): string {
  const words = speak(transactionsMessages, language)
  if (pages !== undefined) return words.total(pages.total)
  return words.shown({ count: transactions.length, more: links.older !== undefined || links.newest !== undefined })
}

function pageLinks({ language, links, pages, transactions }: ListData): Html {
  const words = speak(transactionsMessages, language)
  if (Object.values(links).every((path) => path === undefined)) return noHtml
  const further = transactions.length === 0 ? words.lookFurther : words.older
  const link = (path: string | undefined, text: string) =>
    path === undefined ? noHtml : html`<a class="button plain" href="${path}">${text}</a>`
  return html`<nav class="pages" aria-label="${words.pages}">${link(links.newest, words.newest)}${link(links.newer, words.newer)}${
    pages === undefined ? noHtml : html`<span class="soft small">${words.pageOf(pages)}</span>`
  }${link(links.older, further)}${link(links.oldest, words.oldest)}</nav>`
}
