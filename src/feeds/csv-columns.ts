import { type CsvColumn, type CsvProfile, columnsMax, foldWords } from "./csv-profile.ts"
import type { Damage } from "./statement.ts"

/** Indexes from 0 of the columns a profile uses; undefined where it names none. */
export interface CsvColumns {
  readonly count: number
  readonly date: number
  readonly time: number | undefined
  readonly valueDate: number | undefined
  readonly debit: number | undefined
  readonly credit: number | undefined
  readonly amount: number | undefined
  readonly sign: number | undefined
  readonly balance: number | undefined
  readonly reference: number | undefined
  readonly memo: number | undefined
  readonly description: number | undefined
  readonly account: number | undefined
  readonly currency: number | undefined
  readonly partyName: number | undefined
  readonly partyAccount: number | undefined
  readonly partyBank: number | undefined
}

/**
 * Finds a profile's columns in the first row: by header, exactly or without case and accents, or by place.
 *
 * Empty header cells at the end are no columns. A header that occurs twice must be given by its place.
 */
export function findColumns(profile: CsvProfile, row: readonly string[]): CsvColumns | Damage {
  const cells = profile.header ? withoutEmptyTail(row) : row
  const problems: string[] = []
  const find = (col: CsvColumn | undefined): number | undefined => {
    const found = col === undefined ? undefined : findColumn(profile.header, cells, col)
    if (typeof found === "string") problems.push(found)
    return typeof found === "number" ? found : undefined
  }
  const columns = {
    count: cells.length,
    date: find(profile.date.col) ?? 0,
    time: find(profile.time?.col),
    valueDate: find(profile.value_date?.col),
    debit: find(profile.debit),
    credit: find(profile.credit),
    amount: find(profile.amount),
    sign: find(profile.sign?.col),
    balance: find(profile.balance),
    reference: find(profile.reference),
    memo: find(profile.memo),
    description: find(profile.description),
    account: find(profile.account),
    currency: find(profile.currency),
    partyName: find(profile.counterparty?.name),
    partyAccount: find(profile.counterparty?.account),
    partyBank: find(profile.counterparty?.bank),
  }
  return problems.length === 0 ? columns : { reason: "unreadable_line", message: problems.join(" ") }
}

function findColumn(hasHeader: boolean, cells: readonly string[], col: CsvColumn): number | string {
  if (typeof col === "number") {
    return col <= cells.length ? col - 1 : `There is no column ${col}: the row has ${cells.length}.`
  }
  if (!hasHeader) return `Without a header the column "${col}" can't be found.`
  // A name further out than a place can be given is not looked for: rows of hundreds of thousands of cells exist.
  const near = cells.slice(0, columnsMax)
  const exact = matches(near, (cell) => cell.trim() === col.trim())
  const folded = foldWords(col)
  const found = exact.length > 0 ? exact : matches(near, (cell) => foldWords(cell) === folded)
  if (found.length > 1) return `The header "${col}" occurs twice: give its column by number.`
  return found[0] ?? `The header "${col}" is missing.`
}

function matches(cells: readonly string[], test: (cell: string) => boolean): number[] {
  return cells.flatMap((cell, index) => (test(cell) ? [index] : []))
}

/** Cuts empty cells off the end of a row. */
export function withoutEmptyTail(row: readonly string[]): readonly string[] {
  let length = row.length
  while (length > 0 && (row[length - 1] ?? "").trim() === "") length -= 1
  return row.slice(0, length)
}
