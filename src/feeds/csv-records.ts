import { type Info, type Parser, parse } from "csv-parse"
import type { Damage } from "./statement.ts"

const RECORD_SIZE_MAX = 1024 * 1024
const SEPARATOR_LINE = /^"?sep=(.)"?$/i

/** One row of a CSV file with the line it starts in. */
export interface CsvRecord {
  readonly line: number
  readonly cells: readonly string[]
}

/** A splitter of CSV text into rows, fed with text in any pieces. */
export interface CsvSplitter {
  readonly delimiter: string
  readonly takeRecord: (record: CsvRecord) => void
  /** Text held back until it is clear whether the first line is `sep=…`; undefined afterwards. */
  head: string | undefined
  parser: Parser | undefined
  line: number
  endsWithLineBreak: boolean
}

/** A splitter at the start of a file; a first line `sep=;` overrules the delimiter (contract/feeds.md §5.5). */
export function newCsvSplitter(delimiter: string, takeRecord: (record: CsvRecord) => void): CsvSplitter {
  return { delimiter, takeRecord, head: "", parser: undefined, line: 1, endsWithLineBreak: true }
}

/** Hands over the rows that are complete by now; answers why it can't go on, if so. */
export function splitRecords(splitter: CsvSplitter, text: string): Damage | undefined {
  if (text === "") return undefined
  splitter.endsWithLineBreak = text.endsWith("\n") || text.endsWith("\r")
  if (splitter.head === undefined) return writeText(splitter, text)
  splitter.head += text
  return isHeadComplete(splitter.head) ? writeHead(splitter, splitter.head) : undefined
}

/** Hands over the last row; answers why the file is not whole, if so. */
export async function endRecords(splitter: CsvSplitter): Promise<Damage | undefined> {
  if (splitter.head !== undefined) writeHead(splitter, splitter.head)
  const parser = splitter.parser
  if (parser === undefined) return undefined
  if (parser.errored === null) {
    const closed = new Promise((resolve) => parser.once("close", resolve))
    parser.end()
    await closed
  }
  return damageOf(parser)
}

/** A line break needs its follower: the LF of a CR LF may come with the next piece. */
function isHeadComplete(head: string): boolean {
  const lineBreak = head.search(/[\r\n]/)
  return lineBreak === -1 ? head.length > 8 : head[lineBreak] === "\n" || head.length > lineBreak + 1
}

function writeHead(splitter: CsvSplitter, head: string): Damage | undefined {
  splitter.head = undefined
  const [first = ""] = head.split(/[\r\n]/, 1)
  const separator = SEPARATOR_LINE.exec(first)?.[1]
  splitter.parser = openParser(splitter, separator ?? splitter.delimiter)
  if (separator === undefined) return writeText(splitter, head)
  splitter.line += 1
  return writeText(splitter, head.slice(first.length).replace(/^(?:\r\n|\r|\n)/, ""))
}

function writeText(splitter: CsvSplitter, text: string): Damage | undefined {
  const parser = splitter.parser
  if (parser === undefined || text === "") return undefined
  if (parser.errored === null) parser.write(text)
  return damageOf(parser)
}

/** Rows leave through `on_record`, at once and without a queue: that is what keeps reading independent of chunks. */
function openParser(splitter: CsvSplitter, delimiter: string): Parser {
  const parser = parse({
    delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: RECORD_SIZE_MAX,
    on_record: (cells: string[], _: Info) => {
      const line = splitter.line
      splitter.line += 1
      for (const cell of cells) splitter.line += countLineBreaks(cell)
      splitter.takeRecord({ line, cells })
      return null
    },
  })
  parser.on("error", () => undefined) // Read from `errored`, in step with the text.
  return parser.resume()
}

function countLineBreaks(cell: string): number {
  return cell.includes("\n") || cell.includes("\r") ? cell.split(/\r\n|\n|\r/).length - 1 : 0
}

function damageOf(parser: Parser): Damage | undefined {
  const error = parser.errored
  if (error === null || error === undefined) return undefined
  if ("code" in error && error.code === "CSV_QUOTE_NOT_CLOSED") {
    return { reason: "truncated", message: "The file ends inside a quoted cell." }
  }
  return { reason: "unreadable_line", message: "The row is not readable as CSV." }
}
