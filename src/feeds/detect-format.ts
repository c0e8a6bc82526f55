import { parseCamt } from "./camt.ts"
import { parseCsv } from "./csv.ts"
import type { CsvProfile } from "./csv-profile.ts"
import { parseMt940 } from "./mt940.ts"
import type { StatementEvent, StatementOptions } from "./statement.ts"
import { parseXlsx } from "./xlsx.ts"

/** What a file looks like; `xls` (the old binary form, or a workbook with a password), `pdf` and `mt942` are known but not read. */
export type DetectedFormat = "mt940" | "mt942" | "camt" | "csv" | "xlsx" | "xls" | "pdf" | "unknown"

/**
 * Recognises a statement file by its start, some kilobytes at best (contract/feeds.md §5.1 `--format auto`).
 *
 * Looks for ASCII marks only, so the encoding need not be known.
 */
export function detectFormat(start: Uint8Array): DetectedFormat {
  const marks = Buffer.from(start.subarray(0, 65_536)).toString("latin1").replaceAll("\0", "")
  if (marks.startsWith("PK\u0003\u0004")) return "xlsx"
  if (marks.startsWith("\u00d0\u00cf\u0011\u00e0")) return "xls"
  if (marks.startsWith("%PDF-")) return "pdf"
  if (pictures.some((mark) => marks.startsWith(mark))) return "unknown"
  if (/<(?:[\w.-]+:)?BkToCstmr(?:Stmt|AcctRpt|DbtCdtNtfctn)[\s>/]/.test(marks)) return "camt"
  const text = marks.replace(/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/, "")
  if (/^\s*</.test(text)) return /urn:iso:std:iso:20022|^\s*<\?xml/.test(text) ? "camt" : "unknown"
  if (/^:6[0-9][A-Z]?:/m.test(text) || /^(?:\{4:)?:20:/m.test(text)) {
    return /^:(?:34F|13D):/m.test(text) && !/^:60[FM]:/m.test(text) ? "mt942" : "mt940"
  }
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== "")
  const isTable = lines.some((line) => /[,;\t|]/.test(line))
  return isTable ? "csv" : "unknown"
}

// PNG, JPEG, GIF and WebP: photos of a statement, whose bytes hold commas enough to pass for a table.
const pictures = ["\u0089PNG", "\u00ff\u00d8\u00ff", "GIF8", "RIFF"]

/** Options for a file of any format: `auto` looks at its start; CSV and workbooks need the profile a person chose. */
export interface AnyStatementOptions extends StatementOptions {
  readonly format: "auto" | "mt940" | "camt" | "csv" | "xlsx"
  readonly profile?: CsvProfile
  /** A workbook's sheet by name; the first that has rows, if left out. */
  readonly sheet?: string
  /** The company that waits for it. */
  readonly owner?: number
}

const START_LENGTH = 65_536

/** Parses a statement file of a named or detected format; what can't be read is one `unknown_format` error. */
export async function* parseStatement(
  chunks: AsyncIterable<Uint8Array>,
  options: AnyStatementOptions,
): AsyncGenerator<StatementEvent> {
  const iterator = chunks[Symbol.asyncIterator]()
  try {
    const start = await readStart(iterator)
    const whole = replay(start, iterator)
    const format = options.format === "auto" ? detectFormat(Buffer.concat(start)) : options.format
    const { profile, sheet, owner, ...rest } = options
    if (format === "mt940") yield* parseMt940(whole, rest)
    else if (format === "camt") yield* parseCamt(whole, rest)
    else if (format === "csv" && profile !== undefined) yield* parseCsv(whole, { ...rest, profile })
    else if (format === "xlsx" && profile !== undefined) yield* parseXlsx(whole, { profile, sheet, owner })
    else yield { kind: "error", error: { line: 1, reason: "unknown_format", message: ADVICE[format] }, fatal: true }
  } finally {
    await iterator.return?.()
  }
}

const ADVICE = {
  mt942: "The file is MT942 (movements of the running day); only MT940 statements are read.",
  csv: "A CSV file needs a profile that says which column is what.",
  xlsx: "A workbook needs a profile that says which column is what.",
  xls: "The file is an old .xls workbook, or has a password: save it as .xlsx without one, or as CSV.",
  pdf: "The file is a PDF: export the statement as .xlsx or CSV instead.",
  unknown: "The file is neither MT940, camt.053, camt.054, CSV nor .xlsx.",
}

async function readStart(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array[]> {
  const start: Uint8Array[] = []
  let length = 0
  while (length < START_LENGTH) {
    const next = await iterator.next()
    if (next.done === true) break
    start.push(next.value)
    length += next.value.length
  }
  return start
}

async function* replay(start: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* start
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}
