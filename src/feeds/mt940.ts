import { closeFrame, type Mt940State, newMt940State, openFrame, report, takeField } from "./mt940-statement.ts"
import { readStatement, type StatementReader } from "./read-statement.ts"
import type { StatementEvent, StatementOptions } from "./statement.ts"
import { type LineSplitter, newLineSplitter, splitLines } from "./text-lines.ts"

const TAG_LINE = /^:([0-9]{2}[A-Z]?):(.*)$/
const FRAME_LINE = /^\{[1-5S]:/
const FIELD_LENGTH_MAX = 65_536

/** The tag being read: every line that starts no other one continues it. */
interface OpenField {
  readonly tag: string
  readonly line: number
  readonly lines: string[]
  length: number
}

interface Mt940File {
  readonly splitter: LineSplitter
  readonly state: Mt940State
  line: number
  field: OpenField | undefined
  /** Line of text outside of any statement already warned of. */
  warnedOutside: boolean
  failed: boolean
}

/**
 * Parses MT940 statements, framed in SWIFT blocks or not, several to a file (contract/feeds.md §5.2).
 *
 * A statement without `:62F:`/`:62M:` and a block left open are reported as `truncated`, and so is a file cut inside
 * its last balance. Never throws on content.
 */
export function parseMt940(
  chunks: AsyncIterable<Uint8Array>,
  options: StatementOptions = {},
): AsyncGenerator<StatementEvent> {
  const file: Mt940File = {
    splitter: newLineSplitter(),
    state: newMt940State(options.skipUnreadable === true),
    line: 0,
    field: undefined,
    warnedOutside: false,
    failed: false,
  }
  const reader: StatementReader = {
    read: (text) => {
      for (const line of splitLines(file.splitter, text)) takeLine(file, line)
      if (file.splitter.tail.length > FIELD_LENGTH_MAX) refuseLength(file)
      return takeEvents(file.state)
    },
    end: () => {
      endFile(file)
      return takeEvents(file.state)
    },
  }
  return readStatement(chunks, options, reader)
}

function takeEvents(state: Mt940State): StatementEvent[] {
  return state.events.splice(0)
}

function takeLine(file: Mt940File, raw: string): void {
  if (file.failed) return
  file.line += 1
  let rest: string | undefined = withoutTransferMarks(raw)
  while (rest !== undefined) rest = readLine(file, rest)
}

const START_OF_TRANSFER = ["\u0001", "\u0002"]
const END_OF_TRANSFER = ["\u0003", "\u001a"]

/** Some transfer programs frame a file in SOH … ETX or end it with Ctrl-Z. */
function withoutTransferMarks(line: string): string {
  const start = START_OF_TRANSFER.includes(line.charAt(0)) ? 1 : 0
  return line.slice(start, END_OF_TRANSFER.includes(line.slice(-1)) ? -1 : undefined)
}

/** Reads a line, or its first part when a block begins or ends in it; then returns the rest. */
function readLine(file: Mt940File, line: string): string | undefined {
  const tag = line.startsWith(":") ? TAG_LINE.exec(line) : null
  if (tag !== null) {
    endField(file)
    file.warnedOutside = false
    const text = tag[2] ?? ""
    file.field = { tag: tag[1] ?? "", line: file.line, lines: [text], length: text.length }
  } else if (line.startsWith("-}")) {
    endField(file)
    closeFrame(file.state, file.line, true)
    return line.slice(2)
  } else if (line.startsWith("-") && line.trimEnd() === "-") {
    endField(file)
    closeFrame(file.state, file.line, false)
  } else if (FRAME_LINE.test(line)) {
    endField(file)
    return openFrame(file.state, file.line, line)
  } else if (file.field !== undefined) {
    continueField(file, file.field, line)
  } else if (line.trim() !== "" && !file.warnedOutside) {
    file.warnedOutside = true
    const message = "Text outside of a statement was not read."
    file.state.events.push({ kind: "warning", warning: { line: file.line, message } })
  }
  return undefined
}

function continueField(file: Mt940File, field: OpenField, line: string): void {
  field.lines.push(line)
  field.length += line.length + 1
  if (field.length > FIELD_LENGTH_MAX) refuseLength(file)
}

function refuseLength(file: Mt940File): void {
  if (file.failed) return
  file.failed = true
  const line = file.field?.line ?? file.line + 1
  const error = { line, reason: "unreadable_line", message: "A field is longer than 64 KiB." } as const
  file.state.events.push({ kind: "error", error, fatal: true })
}

function endField(file: Mt940File, isCut = false): void {
  const field = file.field
  file.field = undefined
  if (field === undefined) return
  while (field.lines.length > 1 && field.lines.at(-1)?.trim() === "") field.lines.pop()
  takeField(file.state, { tag: field.tag, line: field.line, lines: field.lines, isCut })
}

function endFile(file: Mt940File): void {
  const hasTail = file.splitter.tail !== ""
  if (hasTail) takeLine(file, file.splitter.tail)
  if (file.failed) return
  endField(file, hasTail)
  closeFrame(file.state, file.line, false)
  if (file.state.blockLine !== undefined) {
    report(file.state, file.line, { reason: "truncated", message: "The SWIFT block of the statement has no end." })
  }
  if (file.state.statementCount > 0) return
  report(file.state, 1, { reason: "unknown_format", message: "The file contains no MT940 statement." })
}
