import { type Html, html } from "../../http/html.ts"
import { badge, dataTable } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { statementMessages } from "../../messages/statement-pages.ts"

/** A line of a file as it is read; money and time are texts already, since a trial may read what is no đồng. */
export interface LineView {
  readonly line: number
  readonly time: string
  readonly amount: string
  readonly isIn: boolean
  readonly balance: string
  readonly memo: string
  readonly reference: string
  readonly code: string
  /** Undefined where that is not known yet. */
  readonly isNew: boolean | undefined
}

/** Lines of a file as a table. */
export function lineTable(caption: string, lines: readonly LineView[], language: Language): Html {
  const words = speak(statementMessages, language)
  const isChecked = lines.some(({ isNew }) => isNew !== undefined)
  const columns = [
    { title: words.row },
    { title: words.lineTime },
    { title: words.amount, align: "end" as const },
    { title: words.memo },
    { title: words.reference, wide: true },
    { title: words.balance, align: "end" as const, wide: true },
    ...(isChecked ? [{ title: words.lineCode }, { title: words.lineState }] : []),
  ]
  const rows = lines.map((line) => [
    line.line,
    line.time,
    html`<span class="${line.isIn ? "money-in" : ""}">${line.amount}</span>`,
    html`<span class="memo-cell">${line.memo}</span>`,
    html`<span class="break">${line.reference}</span>`,
    line.balance,
    ...(isChecked ? [line.code, line.isNew === true ? badge(words.isNew, "good") : badge(words.isKnown)] : []),
  ])
  return dataTable(caption, columns, rows)
}
