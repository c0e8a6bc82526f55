import type { Queries } from "../database/engine.ts"
import { parseCsv, parseTable } from "./csv.ts"
import { type CsvColumns, findColumns } from "./csv-columns.ts"
import { detectCsvProfile } from "./csv-detect.ts"
import type { CsvProfile } from "./csv-profile.ts"
import { newCsvSplitter, splitRecords } from "./csv-records.ts"
import { collectStatements } from "./read-statement.ts"
import type { StatementEncoding, StatementEntry, StatementError } from "./statement.ts"
import { readUpload, type StatementUpload } from "./statement-upload.ts"
import { decodeText } from "./text-decoding.ts"
import { readSheet, sheetRows, workbookError } from "./xlsx.ts"
import type { Sheet } from "./xlsx-cell.ts"

/** The start of a table, as texts: for choosing its columns. */
export interface TableSample {
  /** Sheets of a workbook; none for CSV. */
  readonly sheetNames: readonly string[]
  readonly sheet: string | undefined
  readonly rows: readonly (readonly string[])[]
  /** What the words of its header suggest; undefined when none is known. */
  readonly detected: CsvProfile | undefined
  /** Why nothing, or only a part, could be read. */
  readonly problem: StatementError | undefined
  /** Reads the start once more, by a profile. */
  tryProfile(profile: CsvProfile): Promise<TableTrial>
}

/** The first rows as a profile reads them. */
export interface TableTrial {
  /** Where its columns are; undefined when the header does not have them. */
  readonly columns: CsvColumns | undefined
  readonly entries: readonly StatementEntry[]
  readonly errors: readonly StatementError[]
}

const sampleBytes = 64 * 1024
const sampleRows = 200
const sampleLines = 2000
const shownEntries = 10
const shownErrors = 5

/** Reads the start of an uploaded CSV file or workbook; `delimiter` and `encoding` matter to CSV, `sheet` to workbooks. */
export function sampleTable(
  db: Queries,
  upload: Pick<StatementUpload, "id" | "format" | "companyId">,
  chosen: {
    readonly delimiter?: CsvProfile["delimiter"] | undefined
    readonly encoding?: StatementEncoding | undefined
    readonly sheet?: string | undefined
  },
): Promise<TableSample> {
  const chunks = readUpload(db, upload.id)
  return upload.format === "xlsx" ? sampleWorkbook(chunks, chosen.sheet, upload.companyId) : sampleCsv(chunks, chosen)
}

async function sampleWorkbook(
  chunks: AsyncIterable<Uint8Array>,
  wanted: string | undefined,
  owner: number,
): Promise<TableSample> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  const reading = await readLikelySheet(Buffer.concat(parts), wanted, owner)
  if (reading.kind === "refused") {
    const nothing = { sheetNames: [], sheet: undefined, rows: [], detected: undefined }
    return { ...nothing, problem: workbookError(reading), tryProfile: async () => noTrial }
  }
  const { sheetNames, sheet } = reading
  const rows = textRows(sheet)
  return {
    sheetNames,
    sheet: sheet.name,
    rows,
    detected: detectCsvProfile(toCsvText(rows)),
    problem: undefined,
    tryProfile: (profile) => trySheet(sheet, profile),
  }
}

const mostSheetsLookedAt = 8

// Banks put a cover sheet first: unless one is asked for, the first whose header is known.
async function readLikelySheet(bytes: Buffer, wanted: string | undefined, owner: number) {
  const first = await readSheet({ bytes, sheet: wanted, rowsMax: sampleRows }, owner)
  if (first.kind === "refused" || wanted !== undefined || isStatement(first.sheet)) return first
  for (const sheet of first.sheetNames.filter((name) => name !== first.sheet.name).slice(0, mostSheetsLookedAt)) {
    const other = await readSheet({ bytes, sheet, rowsMax: sampleRows }, owner)
    if (other.kind !== "refused" && isStatement(other.sheet)) return other
  }
  return first
}

function isStatement(sheet: Sheet): boolean {
  return detectCsvProfile(toCsvText(textRows(sheet))) !== undefined
}

const plainNumbers = { thousand: "", decimal: "." } as const
const noTrial: TableTrial = { columns: undefined, entries: [], errors: [] }

function textRows(sheet: Sheet): readonly (readonly string[])[] {
  return [...sheetRows(sheet, plainNumbers)].map(({ cells }) => cells)
}

function toCsvText(rows: readonly (readonly string[])[]): string {
  const quote = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
  return rows.map((row) => `${row.map(quote).join(",")}\n`).join("")
}

async function trySheet(sheet: Sheet, profile: CsvProfile): Promise<TableTrial> {
  const read = await collectStatements(parseTable(sheetRows(sheet, profile.number), profile))
  return toTrial(textRows(sheet), profile, read)
}

async function sampleCsv(
  chunks: AsyncIterable<Uint8Array>,
  {
    delimiter,
    encoding,
  }: { readonly delimiter?: CsvProfile["delimiter"] | undefined; readonly encoding?: StatementEncoding | undefined },
): Promise<TableSample> {
  const { text, problem } = await decodeStart(chunks, encoding)
  const detected = detectCsvProfile(text)
  const rows = splitRows(text, delimiter ?? detected?.delimiter ?? guessDelimiter(text))
  const withEncoding = detected && encoding !== undefined ? { ...detected, encoding } : detected
  const tryProfile = async (profile: CsvProfile): Promise<TableTrial> => {
    // The text is decoded already, and what was named for the file holds for nothing else.
    const read = await collectStatements(
      parseCsv(oneChunk(text), { encoding: "utf-8", profile: { ...profile, encoding: "utf-8" } }),
    )
    return toTrial(splitRows(text, profile.delimiter), profile, read)
  }
  return { sheetNames: [], sheet: undefined, rows, detected: withEncoding, problem, tryProfile }
}

async function decodeStart(
  chunks: AsyncIterable<Uint8Array>,
  encoding: StatementEncoding | undefined,
): Promise<{ readonly text: string; readonly problem: StatementError | undefined }> {
  let text = ""
  let length = 0
  for await (const piece of decodeText(chunks, encoding)) {
    if (piece.kind === "damage") return { text: wholeRows(text), problem: piece.error }
    text += piece.text
    length = piece.bytes
    if (length >= sampleBytes) return { text: wholeRows(firstLines(text.slice(0, sampleBytes))), problem: undefined }
  }
  return { text: firstLines(text), problem: undefined }
}

// Tens of thousands of empty lines say nothing, and each costs as much as one that does.
function firstLines(text: string): string {
  let end = 0
  for (let lines = 0; lines < sampleLines; lines += 1) {
    const next = text.indexOf("\n", end)
    if (next === -1) return text
    end = next + 1
  }
  return text.slice(0, end)
}

// A row that the sample cuts would look damaged.
function wholeRows(text: string): string {
  const end = Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r"))
  return end === -1 ? text : text.slice(0, end + 1)
}

async function* oneChunk(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text, "utf8")
}

const flush = "\n".repeat(16)

function splitRows(text: string, delimiter: string): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = []
  splitRecords(
    newCsvSplitter(delimiter, ({ cells }) => rows.push(cells)),
    text + flush,
  )
  while (rows.at(-1)?.every((cell) => cell === "") === true) rows.pop()
  return rows.slice(0, sampleRows)
}

const delimiters = [",", ";", "\t", "|"] as const

/** The delimiter that most rows have as often as each other. */
function guessDelimiter(text: string): CsvProfile["delimiter"] {
  const score = (delimiter: string) => {
    const widths = splitRows(text, delimiter).map((row) => row.length)
    const usual = Math.max(1, ...widths)
    return usual === 1 ? 0 : widths.filter((width) => width === usual).length
  }
  return delimiters.toSorted((a, b) => score(b) - score(a))[0] ?? ","
}

function toTrial(
  rows: readonly (readonly string[])[],
  profile: CsvProfile,
  read: Awaited<ReturnType<typeof collectStatements>>,
): TableTrial {
  const first = rows.slice(profile.skip).find((row) => row.some((cell) => cell.trim() !== ""))
  const columns = first === undefined ? undefined : findColumns(profile, first)
  return {
    columns: columns === undefined || "reason" in columns ? undefined : columns,
    entries: read.statements.flatMap(({ entries }) => entries).slice(0, shownEntries),
    // What only the cut end of the sample shows is no fault of the file.
    errors: read.errors.filter(({ reason }) => reason !== "truncated").slice(0, shownErrors),
  }
}
