import { unwrapCell } from "./csv-cell.ts"
import { type CsvColumns, findColumns } from "./csv-columns.ts"
import { type CsvProfile, foldWords } from "./csv-profile.ts"
import { type CsvRecord, type CsvSplitter, endRecords, newCsvSplitter, splitRecords } from "./csv-records.ts"
import { type CsvReaders, type CsvRow, makeCsvReaders, readCsvRow } from "./csv-row.ts"
import { ERRORS_MAX, readStatement, type StatementReader } from "./read-statement.ts"
import { compileRowPattern, type RowPattern } from "./row-pattern.ts"
import type { Damage, StatementEntry, StatementEvent, StatementOptions } from "./statement.ts"

// So much of a cell is tried by the patterns of a profile, characters.
const longestTried = 200
const TORN: Damage = { reason: "unreadable_line", message: "A quoted cell of the row is not closed properly." }

interface CsvFile {
  readonly readers: CsvReaders
  readonly stopAt: RowPattern | undefined
  readonly ignore: RowPattern | undefined
  events: StatementEvent[]
  rowsToSkip: number
  columns: CsvColumns | undefined
  /** A row with missing columns: the cut end of the file if no other row follows. */
  shortRow: CsvRecord | undefined
  header: { readonly account: string | undefined; readonly currency: string | undefined } | undefined
  entryCount: number
  from: string | undefined
  to: string | undefined
  lastLine: number
  hasStopped: boolean
  failed: boolean
  /** The rows are a sheet's cells, which need no quotes. */
  readonly isSheet: boolean
}

/**
 * Parses a CSV export by a profile that a person chose (contract/feeds.md §5.5): one statement without balances, whose
 * entries carry the balance column. The encoding is the one of the options, else the profile's.
 *
 * Row order does not matter to the result. A last row without line end is read, with a warning: it may have been cut
 * inside its last cell. Never throws on content.
 */
export function parseCsv(
  chunks: AsyncIterable<Uint8Array>,
  options: StatementOptions & { readonly profile: CsvProfile },
): AsyncGenerator<StatementEvent> {
  const { profile } = options
  const readers = makeCsvReaders(profile)
  if ("reason" in readers) return refuseProfile(readers)
  const file = newFile(readers, false)
  const splitter = newCsvSplitter(profile.delimiter, (record) => takeRecord(file, record))
  return readStatement(chunks, { encoding: profile.encoding, ...options }, toReader(file, splitter))
}

const ROWS_AT_ONCE = 1000

/** Parses the rows of a sheet by a profile, as `parseCsv` does those of a file: all of them have the sheet's width. */
export async function* parseTable(rows: Iterable<CsvRecord>, profile: CsvProfile): AsyncGenerator<StatementEvent> {
  const readers = makeCsvReaders(profile)
  if ("reason" in readers) {
    yield* refuseProfile(readers)
    return
  }
  const file = newFile(readers, true)
  let errorCount = 0
  for (const row of rows) {
    takeRecord(file, row)
    if (row.line % ROWS_AT_ONCE === 0) yield { kind: "progress", bytes: 0, lines: row.line }
    for (const event of file.events.splice(0)) {
      yield event
      if (event.kind === "error" && (event.fatal || ++errorCount >= ERRORS_MAX)) return
    }
  }
  endFile(file, { endsWithLineBreak: true })
  yield* file.events
}

function newFile(readers: CsvReaders, isSheet: boolean): CsvFile {
  const { profile } = readers
  return {
    readers,
    stopAt: toPattern(profile.stop_at),
    ignore: toPattern(profile.ignore),
    events: [],
    rowsToSkip: profile.skip,
    columns: undefined,
    shortRow: undefined,
    header: undefined,
    entryCount: 0,
    from: undefined,
    to: undefined,
    lastLine: 1,
    hasStopped: false,
    failed: false,
    isSheet,
  }
}

async function* refuseProfile(damage: Damage): AsyncGenerator<StatementEvent> {
  yield { kind: "error", error: { line: 1, ...damage }, fatal: true }
}

function toReader(file: CsvFile, splitter: CsvSplitter): StatementReader {
  const takeDamage = (damage: Damage | undefined) => {
    if (damage !== undefined && !file.hasStopped) fail(file, splitter.line, damage)
  }
  const takeEvents = () => file.events.splice(0)
  return {
    read: (text) => {
      takeDamage(splitRecords(splitter, text))
      return takeEvents()
    },
    end: async () => {
      takeDamage(await endRecords(splitter))
      endFile(file, splitter)
      return takeEvents()
    },
  }
}

/** A pattern of a profile, tried on a row's first cell that is not empty. */
function toPattern(source: string | undefined): RowPattern | undefined {
  return source === undefined ? undefined : compileRowPattern(source)
}

function takeRecord(file: CsvFile, record: CsvRecord): void {
  file.lastLine = record.line
  if (file.failed || file.hasStopped) return
  if (file.rowsToSkip > 0) {
    file.rowsToSkip -= 1
    return
  }
  const first = firstCell(file, record.cells)
  if (first === undefined) return
  if (file.columns === undefined) {
    const columns = findColumns(file.readers.profile, record.cells)
    if ("reason" in columns) {
      fail(file, record.line, columns)
      return
    }
    file.columns = columns
    if (file.readers.profile.header) return
  }
  if (file.stopAt !== undefined && isMatch(file.stopAt, first)) {
    reportShortRow(file, false)
    file.hasStopped = true
    return
  }
  if (file.ignore !== undefined && isMatch(file.ignore, first)) return
  reportShortRow(file, false)
  takeRow(file, file.columns, record)
}

function firstCell({ isSheet }: CsvFile, cells: readonly string[]): string | undefined {
  for (const cell of cells) {
    const text = (isSheet ? cell : unwrapCell(cell)).trim()
    if (text !== "") return text
  }
  return undefined
}

function isMatch(pattern: RowPattern, cell: string): boolean {
  const text = cell.slice(0, longestTried)
  // Folding can make a character into many.
  return pattern(text) || pattern(foldWords(text).slice(0, longestTried))
}

function takeRow(file: CsvFile, columns: CsvColumns, record: CsvRecord): void {
  const { line } = record
  if (record.cells.length < columns.count) {
    file.shortRow = record
    return
  }
  const isTooLong = record.cells.slice(columns.count).some((cell) => cell.trim() !== "")
  // The CSV reader leaves the quotes on a cell whose closing quote is not followed by a delimiter; with a line break in
  // it, it has swallowed the start of another row.
  const isTorn = !file.isSheet && record.cells.some((cell) => cell.startsWith('"') && /[\r\n]/.test(cell))
  if (isTooLong || isTorn) {
    report(file, line, isTorn ? TORN : countDamage(record, columns))
    return
  }
  const cells = file.isSheet ? record.cells : record.cells.map(unwrapCell)
  const row = readCsvRow(file.readers, columns, cells, line)
  if ("reason" in row) {
    report(file, line, row)
    return
  }
  announce(file, row, line)
  if (!isSameStatement(file, row)) return
  noteDay(file, row.entry)
  file.entryCount += 1
  file.events.push({ kind: "entry", entry: row.entry })
}

function isSameStatement(file: CsvFile, row: CsvRow): boolean {
  const { line, currency } = row.entry
  if (row.account !== file.header?.account) {
    const message = `The row is of account ${row.account}, the first one of ${file.header?.account}.`
    report(file, line, { reason: "account_mismatch", message })
    return false
  }
  if (currency !== file.header?.currency) {
    const message = `The row is in ${currency}, the first one in ${file.header?.currency}.`
    report(file, line, { reason: "currency_mismatch", message })
    return false
  }
  return true
}

function announce(file: CsvFile, row: CsvRow | undefined, line: number): void {
  if (file.header !== undefined) return
  file.header = { account: row?.account, currency: row?.entry.currency }
  file.events.push({
    kind: "statement",
    header: {
      line,
      format: "csv",
      version: undefined,
      ...file.header,
      bank: undefined,
      number: undefined,
      opening: undefined,
      range: undefined,
    },
  })
}

function noteDay(file: CsvFile, { day }: StatementEntry): void {
  if (file.from === undefined || day < file.from) file.from = day
  if (file.to === undefined || day > file.to) file.to = day
}

function endFile(file: CsvFile, splitter: Pick<CsvSplitter, "endsWithLineBreak">): void {
  if (file.failed) return
  if (file.columns === undefined) {
    fail(file, 1, { reason: "unknown_format", message: "The file has no row the profile could read." })
    return
  }
  reportShortRow(file, true)
  if (!file.hasStopped && !splitter.endsWithLineBreak) warn(file, "The last row has no line end: is the file whole?")
  if (!file.hasStopped && file.stopAt !== undefined) warn(file, "The row the profile stops at was not found.")
  announce(file, undefined, file.lastLine)
  const { entryCount, from, to } = file
  const end = { line: file.lastLine, opening: undefined, closing: undefined, otherBalances: [], entryCount, from, to }
  file.events.push({ kind: "statementEnd", end })
}

function reportShortRow(file: CsvFile, isLast: boolean): void {
  const row = file.shortRow
  file.shortRow = undefined
  if (row === undefined || file.columns === undefined) return
  const damage = countDamage(row, file.columns)
  report(file, row.line, isLast ? { ...damage, reason: "truncated" } : damage)
}

function countDamage(record: CsvRecord, columns: CsvColumns): Damage {
  const message = `The row has ${record.cells.length} cells, ${columns.count} were expected.`
  return { reason: "unreadable_line", message }
}

function report(file: CsvFile, line: number, damage: Damage): void {
  file.events.push({ kind: "error", error: { line, ...damage }, fatal: false })
}

function fail(file: CsvFile, line: number, damage: Damage): void {
  if (file.failed) return
  file.failed = true
  file.events.push({ kind: "error", error: { line, ...damage }, fatal: true })
}

function warn(file: CsvFile, message: string): void {
  file.events.push({ kind: "warning", warning: { line: file.lastLine, message } })
}
