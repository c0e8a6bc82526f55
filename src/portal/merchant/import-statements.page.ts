import { type Html, html } from "../../http/html.ts"
import { dataTable } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { statementMessages } from "../../messages/statement-pages.ts"
import { formatVnd, type Vnd } from "../../money.ts"
import { formatDay, type VietnamDay } from "../../vietnam-time.ts"

/** A statement of a file; days are yyyymmdd. */
export interface StatementView {
  readonly number: string | null
  readonly fromDay: number | null
  readonly toDay: number | null
  readonly opening: number | null
  readonly closing: number | null
  /** Undefined where it was not kept. */
  readonly lines?: number | undefined
}

/** Statements with their balances. */
export function statementTable(statements: readonly StatementView[], language: Language): Html {
  const words = speak(statementMessages, language)
  const hasLines = statements.some(({ lines }) => lines !== undefined)
  const money = (amount: number | null) => (amount === null ? words.unknown : formatVnd(amount as Vnd, language))
  const columns = [
    { title: words.statementNumber },
    { title: words.period },
    { title: words.opening, align: "end" as const },
    { title: words.closing, align: "end" as const },
    ...(hasLines ? [{ title: words.lines, align: "end" as const }] : []),
  ]
  const rows = statements.map((one) => [
    one.number ?? words.unknown,
    html`${periodText(one)}`,
    money(one.opening),
    money(one.closing),
    ...(hasLines ? [one.lines ?? 0] : []),
  ])
  return dataTable(words.statementsTitle, columns, rows)
}

function periodText({ fromDay, toDay }: StatementView): string {
  const day = (value: number | null) =>
    value === null
      ? "…"
      : formatDay(value as VietnamDay)
          .split("-")
          .reverse()
          .join("/")
  return fromDay === toDay ? day(fromDay) : `${day(fromDay)} – ${day(toDay)}`
}
