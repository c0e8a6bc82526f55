import type { Instant } from "../../clock.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { badge, dataTable, facts, note, pageHead } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { statementMessages } from "../../messages/statement-pages.ts"
import type { AccountView } from "./bank-account-view.ts"
import { type FindingView, findingTable } from "./import-findings.page.ts"
import { type StatementView, statementTable } from "./import-statements.page.ts"

/** An import as the pages show it. */
export interface ImportView {
  readonly id: number
  readonly fileName: string
  readonly sheet: string | null
  readonly isRecorded: boolean
  readonly inserted: number
  readonly duplicates: number
  readonly pending: number
  readonly ignored: number
  readonly importedBy: string
  readonly endedAt: Instant
}

/** The section of an account's page that lists its newest imports. */
export function importSection(data: {
  readonly language: Language
  readonly accountId: number
  readonly imports: readonly ImportView[]
  readonly isActive: boolean
  readonly isAdministrator: boolean
}): Html {
  const { language, accountId, imports, isActive, isAdministrator } = data
  const words = speak(statementMessages, language)
  const columns = [
    { title: words.fileName },
    { title: words.importedAt },
    { title: words.inserted, align: "end" as const },
    { title: words.duplicates, align: "end" as const, wide: true },
    { title: words.lineState },
  ]
  const rows = imports.map((one) => [
    html`<a class="file-cell" href="${`/bank-accounts/${accountId}/imports/${one.id}`}">${one.fileName}</a>`,
    momentText(one.endedAt, language),
    one.inserted,
    one.duplicates,
    one.isRecorded ? badge(words.stateRecorded, "good") : badge(words.stateRefused, "warn"),
  ])
  return html`<section class="card" id="imports"><div class="section-head"><h2>${words.importsTitle}</h2>${
    isAdministrator && isActive
      ? html`<a class="button" href="${`/bank-accounts/${accountId}/import`}">${words.title}</a>`
      : noHtml
  }</div>${imports.length === 0 ? html`<p class="soft">${words.importsNone}</p>` : dataTable(words.importsTitle, columns, rows)}</section>`
}

/** What an import brought, or why the file was refused. */
export function importResultPage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly account: AccountView
  readonly result: ImportView
  readonly statements: readonly StatementView[]
  readonly errors: readonly FindingView[]
  readonly skipped: readonly FindingView[]
  readonly isAlready: boolean
}): Html {
  const { language, user, account, result, statements, errors, skipped } = data
  const words = speak(statementMessages, language)
  const path = `/bank-accounts/${account.id}`
  const actions = html`<a class="button" href="${`/transactions?bank_account_id=${account.id}`}">${words.seeTransactions}</a><a class="button plain" href="${path}">${words.backToAccount}</a>`
  const sheet = result.sheet === null ? [] : [[words.sheet, result.sheet] as const]
  return layout(
    { language, user, title: words.resultTitle, current: "bank-accounts" },
    html`${pageHead(words.resultTitle, html`<span class="break">${result.fileName}</span>`, actions)}
${data.isAlready ? note("warn", words.already) : result.isRecorded ? note("good", words.resultDone) : note("danger", words.resultRefused)}
${counts(result, language)}
<section class="card">${facts([
      [words.fileName, html`<span class="break">${result.fileName}</span>`],
      ...sheet,
      [words.importedBy, result.importedBy],
      [words.importedAt, momentText(result.endedAt, language)],
    ])}</section>
${statements.length === 0 ? noHtml : html`<section class="card"><h2>${words.statementsTitle}</h2>${statementTable(statements, language)}</section>`}
${errors.length === 0 ? noHtml : html`<section class="card"><h2>${words.problem}</h2>${findingTable(errors, language)}</section>`}
${skipped.length === 0 ? noHtml : html`<section class="card"><h2>${words.skippedCount}</h2>${findingTable(skipped, language)}</section>`}`,
  )
}

function counts({ inserted, duplicates, pending, ignored }: ImportView, language: Language): Html {
  const words = speak(statementMessages, language)
  return countTiles(
    [
      [words.inserted, inserted],
      [words.duplicates, duplicates],
      [words.pending, pending],
      [words.ignored, ignored],
    ],
    language,
  )
}

/** Counts, each large with its name; those of nothing are left out behind the first two. */
export function countTiles(pairs: readonly (readonly [name: string, count: number])[], language: Language): Html {
  const shown = pairs.filter(([, count], index) => index < 2 || count > 0)
  const number = new Intl.NumberFormat(language)
  return html`<dl class="count-tiles">${shown.map(([name, count]) => html`<div class="card"><dt>${name}</dt><dd>${number.format(count)}</dd></div>`)}</dl>`
}
