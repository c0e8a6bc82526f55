import { type Html, html } from "../../http/html.ts"
import { dataTable } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { vietnameseDetail } from "../../messages/finding-details.ts"
import { findingMessages, statementMessages } from "../../messages/statement-pages.ts"
import type { FindingView } from "./import-shapes.ts"

/** Findings as a table: the place, and what is wrong. */
export function findingTable(findings: readonly FindingView[], language: Language): Html {
  const words = speak(statementMessages, language)
  const reasons = speak(findingMessages, language)
  const rows = findings.map((finding) => [
    html`<span class="place">${placeText(finding, language)}</span>`,
    html`${reasons[finding.reason]}<span class="soft small block break">${detailText(finding.message, language)}</span>`,
  ])
  return dataTable(words.problem, [{ title: words.place }, { title: words.problem }], rows)
}

/** What a parser said of a line, in the reader's language; a sentence that has no other words stays as it is, marked so. */
export function detailText(message: string, language: Language): Html {
  const spoken = language === "vi" ? vietnameseDetail(message) : message
  return spoken === undefined ? html`<span lang="en">${message}</span>` : html`${spoken}`
}

function placeText({ line, column, cell }: FindingView, language: Language): string {
  const words = speak(statementMessages, language)
  if (cell !== undefined) return words.cell(cell)
  return column === undefined ? words.line(line) : words.lineColumn({ line, column })
}
