import { type Html, html } from "../../http/html.ts"
import { dataTable } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { findingMessages, statementMessages } from "../../messages/statement-pages.ts"

/** One finding against a file: where, why, and the parser's own (English) words. */
export interface FindingView {
  readonly line: number
  readonly column?: number
  /** In a sheet: the cell's address. */
  readonly cell?: string
  readonly reason: keyof typeof findingMessages
  readonly message: string
}

/** Findings as a table: the place, and what is wrong. */
export function findingTable(findings: readonly FindingView[], language: Language): Html {
  const words = speak(statementMessages, language)
  const reasons = speak(findingMessages, language)
  const rows = findings.map((finding) => [
    html`<span class="place">${placeText(finding, language)}</span>`,
    html`${reasons[finding.reason]}<span class="soft small block break" lang="en">${finding.message}</span>`,
  ])
  return dataTable(words.problem, [{ title: words.place }, { title: words.problem }], rows)
}

function placeText({ line, column, cell }: FindingView, language: Language): string {
  const words = speak(statementMessages, language)
  if (cell !== undefined) return words.cell(cell)
  return column === undefined ? words.line(line) : words.lineColumn({ line, column })
}
