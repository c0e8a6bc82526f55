import type { Revision, TransactionStory } from "../../banking/transaction-story.ts"
import { type Html, type HtmlValue, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { bookedText, momentText } from "../../http/moment.page.ts"
import { backLink, badge, dataTable, facts, note, pageHead } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { transactionMessages, transactionsMessages } from "../../messages/transactions.ts"
import { formatVnd, toVnd } from "../../money.ts"
import type { NamedAccount } from "./named-accounts.ts"
import { signedAmount } from "./transaction-row.page.ts"

interface TransactionPageData {
  readonly language: Language
  readonly user: FrameUser
  readonly story: TransactionStory
  readonly account: NamedAccount | undefined
  /** What became of it at the webhooks, if the user may see them. */
  readonly webhooks: Html | undefined
}

/** A transaction: its fields, revisions, where it came from, and its webhooks. */
export function transactionPage(data: TransactionPageData): Html {
  const { language, user, story, account, webhooks } = data
  const words = speak(transactionMessages, language)
  const { transaction, removed, revisions } = story
  const { id } = transaction
  const icon =
    account === undefined || account.bankIcon === ""
      ? noHtml
      : html`<img class="bank-icon" src="${account.bankIcon}" alt="" width="40" height="40">`
  return layout(
    { language, title: words.title(id), user, current: "transactions" },
    html`${backLink(story.mode === "test" ? "/transactions?mode=test" : "/transactions", speak(transactionsMessages, language).title)}
${pageHead(words.title(id))}
${removed ? note("warn", words.removed) : noHtml}
<section class="card"><div class="money-head">${icon}<div>${signedAmount(transaction.amount, language)}<p class="soft">${account?.label ?? transaction.brandName ?? transaction.bank} · <span class="number">${transaction.accountNumber}</span></p></div></div>
<h2>${words.detailsTitle}</h2>${facts(pairsOf(story, language))}</section>
${webhooks ?? noHtml}
${revisions.length === 0 ? noHtml : html`<section class="stack"><h2>${words.revisionsTitle}</h2>${revisionTable(revisions, language)}</section>`}
${sources(story, language)}`,
  )
}

function pairsOf(story: TransactionStory, language: Language): (readonly [string, HtmlValue])[] {
  const words = speak(transactionMessages, language)
  const environments = speak(transactionsMessages, language)
  const { transaction, precision, kind, reversesId, description } = story
  const text = (value: string | null) =>
    value === null || value === "" ? html`<span class="soft">${words.none}</span>` : value
  const reverses =
    reversesId === null ? noHtml : html` <a href="${`/transactions/${reversesId}`}">${words.reverses(reversesId)}</a>`
  return [
    [
      words.time,
      html`${bookedText(transaction.bookedAt, language)}${precision === "day" ? html` <span class="soft">(${words.dayOnly})</span>` : noHtml}`,
    ],
    [words.memo, text(transaction.memo)],
    ...(description === "" || description === transaction.memo ? [] : [[words.description, description] as const]),
    [words.code, transaction.code === null ? text(null) : badge(transaction.code, "good")],
    [words.subAccount, text(transaction.subAccountNumber)],
    [words.reference, text(transaction.reference)],
    [words.balanceAfter, balanceText(story, language)],
    [words.kind, kind === "reversal" ? html`${words.kindReversal}${reverses}` : words.kindNormal],
    [words.environment, story.mode === "live" ? environments.live : badge(environments.test, "warn")],
    [words.recordedAt, momentText(story.recordedAt, language)],
    [words.uuid, html`<span class="number break">${story.uuid}</span>`],
  ]
}

function balanceText({ transaction: { balanceAfter }, balanceSource }: TransactionStory, language: Language): Html {
  const words = speak(transactionMessages, language)
  if (balanceAfter === null) return html`<span class="soft">${words.none}</span>`
  const sources = { reported: words.reported, derived: words.derived, computed: words.computed }
  const source =
    balanceSource !== null && balanceSource in sources ? sources[balanceSource as keyof typeof sources] : ""
  return html`${formatVnd(balanceAfter, language)}${source === "" ? noHtml : html` <span class="soft">(${source})</span>`}`
}

function revisionTable(revisions: readonly Revision[], language: Language): Html {
  const words = speak(transactionMessages, language)
  const columns = [{ title: words.revisedAt }, { title: words.field }, { title: words.before }, { title: words.after }]
  const rows = revisions.flatMap(({ revisedAt, changes }) =>
    changes.map(({ field, before, after }) => [
      momentText(revisedAt, language),
      fieldName(field, language),
      revisedValue(field, before, language),
      revisedValue(field, after, language),
    ]),
  )
  return dataTable(words.revisionsTitle, columns, rows)
}

type RevisedChange = Revision["changes"][number]

function fieldName(field: RevisedChange["field"], language: Language): string {
  const words = speak(transactionMessages, language)
  const names: Readonly<Record<RevisedChange["field"], string>> = {
    booked_at: words.time,
    precision: words.precision,
    balance_after: words.balanceAfter,
    memo: words.memo,
    description: words.description,
    reference: words.reference,
    code: words.code,
    sub_account_number: words.subAccount,
    listed: words.listed,
  }
  return names[field]
}

function revisedValue(field: RevisedChange["field"], value: RevisedChange["before"], language: Language): HtmlValue {
  const words = speak(transactionMessages, language)
  if (value === null || value === "") return html`<span class="soft">${words.none}</span>`
  if (field === "booked_at") return momentText(Number(value) as never, language)
  if (field === "balance_after") return formatVnd(toVnd(Number(value)), language)
  if (field === "precision") return value === "day" ? words.day : words.second
  if (field === "listed") return value === 1 ? words.yes : words.no
  return html`<span class="break">${value}</span>`
}

function sources({ transaction, places }: TransactionStory, language: Language): Html {
  const words = speak(transactionMessages, language)
  if (places.length === 0) return noHtml
  return html`<section class="card"><div><h2>${words.sourceTitle}</h2><p class="soft small">${words.sourceLead}</p></div>
<ul class="plain-list">${places.map(({ observedAt }, index) => html`<li class="source"><span class="soft">${words.receivedAt} ${momentText(observedAt, language)}</span> <a class="button plain" href="${`/transactions/${transaction.id}/raw?n=${index + 1}`}">${words.openRaw}</a></li>`)}</ul></section>`
}
