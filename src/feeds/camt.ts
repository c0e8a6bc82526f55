import { SaxesParser } from "saxes"
import { type CamtDetail, readCamtDetail } from "./camt-detail.ts"
import type { CamtNode } from "./camt-node.ts"
import { type CamtStatement, endCamtStatement, newCamtStatement, takeCamtChild } from "./camt-statement.ts"
import { readStatement, type StatementReader } from "./read-statement.ts"
import type { StatementErrorReason, StatementEvent, StatementFormat, StatementOptions } from "./statement.ts"

const MESSAGES: Readonly<Record<string, StatementFormat>> = {
  BkToCstmrAcctRpt: "camt.052",
  BkToCstmrStmt: "camt.053",
  BkToCstmrDbtCdtNtfctn: "camt.054",
}
const STATEMENTS = ["Stmt", "Rpt", "Ntfctn"]
const ELEMENT_SIZE_MAX = 4 * 1024 * 1024
const NODE_SIZE = 100
const DETAILS_MAX = 100_000
const DEPTH_MAX = 50

interface CamtFile {
  readonly parser: SaxesParser<object>
  /** The start of the file, until its first tag is whole; undefined afterwards. */
  head: string | undefined
  events: StatementEvent[]
  message: string | undefined
  version: string | undefined
  statement: CamtStatement | undefined
  statementCount: number
  /** The child of the statement being built, and what is open in it. */
  readonly building: CamtNode[]
  details: CamtDetail[]
  size: number
  lastPosition: number
  isEnding: boolean
  failed: boolean
}

/**
 * Parses camt.053 and camt.054, and camt.052 alike, of any version, by local names (contract/feeds.md §5.3).
 *
 * A DOCTYPE is refused. What is not well-formed is reported once, with line and column: `truncated` at the end of the
 * file, `unreadable_line` before it. An entry is held in memory until its end tag: up to 4 MiB of text, its details
 * reduced and at most 100,000. Never throws on content.
 */
export function parseCamt(
  chunks: AsyncIterable<Uint8Array>,
  options: StatementOptions = {},
): AsyncGenerator<StatementEvent> {
  const file = openFile()
  const reader: StatementReader = {
    read: (text) => {
      writeText(file, text)
      if (file.parser.position - file.lastPosition > ELEMENT_SIZE_MAX) parse(file, () => refuseSize(file))
      return takeEvents(file)
    },
    end: () => {
      file.isEnding = true
      if (!file.failed) parse(file, () => file.parser.write(file.head ?? "").close())
      if (!file.failed && file.statementCount === 0) {
        const problem = "The XML file contains no camt.052, camt.053 or camt.054 statement."
        parse(file, () => fail(file, "unknown_format", problem, 1))
      }
      return takeEvents(file)
    },
  }
  return readStatement(chunks, options, reader)
}

/** Saxes judges what stands before an XML declaration by the piece it comes in, so it gets the first tag whole. */
function writeText(file: CamtFile, text: string): void {
  if (file.failed) return
  if (file.head === undefined) {
    parse(file, () => file.parser.write(text))
    return
  }
  file.head += text
  if (!text.includes(">") && file.head.length < ELEMENT_SIZE_MAX) return
  const { head } = file
  file.head = undefined
  parse(file, () => file.parser.write(head))
}

/** Thrown by `fail` out of the parser, which would go through the rest of its text and tell of every fault in it. */
class Stopped extends Error {}

function parse(file: CamtFile, write: () => void): void {
  try {
    write()
  } catch (error) {
    if (!(error instanceof Stopped) || !file.failed) throw error
  }
}

function openFile(): CamtFile {
  const file: CamtFile = {
    parser: new SaxesParser<object>(),
    head: "",
    events: [],
    message: undefined,
    version: undefined,
    statement: undefined,
    statementCount: 0,
    building: [],
    details: [],
    size: 0,
    lastPosition: 0,
    isEnding: false,
    failed: false,
  }
  const { parser } = file
  parser.on("opentag", (tag) => {
    if (!file.failed) openElement(file, tag.name, tag.attributes)
  })
  parser.on("closetag", (tag) => {
    if (!file.failed) closeElement(file, localName(tag.name))
  })
  parser.on("text", (text) => addText(file, text))
  parser.on("cdata", (text) => addText(file, text))
  parser.on("doctype", () => fail(file, "doctype_refused", "A DOCTYPE is not allowed in a statement."))
  parser.on("error", (error) => {
    const place = /^(?:[0-9]+:[0-9]+: )?/
    fail(file, file.isEnding ? "truncated" : "unreadable_line", `Not well-formed: ${error.message.replace(place, "")}`)
  })
  return file
}

function takeEvents(file: CamtFile): StatementEvent[] {
  const events = file.events
  file.events = []
  return events
}

function fail(file: CamtFile, reason: StatementErrorReason, message: string, line = file.parser.line): never {
  if (file.failed) throw new Stopped()
  file.failed = true
  const column = Math.max(1, file.parser.columnIndex)
  file.events.push({ kind: "error", error: { line, column, reason, message }, fatal: true })
  throw new Stopped()
}

function refuseSize(file: CamtFile): never {
  fail(file, "unreadable_line", "An element is too large to be read.")
}

function openElement(file: CamtFile, name: string, attributes: Record<string, string>): void {
  const local = localName(name)
  file.lastPosition = file.parser.position
  const isInside = file.building.length > 0 || file.statement !== undefined
  if (isInside) {
    file.size += NODE_SIZE
    if (file.building.length >= DEPTH_MAX) fail(file, "unreadable_line", "Elements are nested too deeply.")
    file.building.push({
      name: local,
      line: file.parser.line,
      currency: attributes["Ccy"],
      text: "",
      children: [],
    })
    return
  }
  if (local === "Document") file.version = versionOf(attributes)
  const format = MESSAGES[file.message ?? ""]
  if (format !== undefined && STATEMENTS.includes(local)) {
    file.statement = newCamtStatement(file.parser.line, format, file.version)
    file.statementCount += 1
    file.size = 0
  } else if (MESSAGES[local] !== undefined) {
    file.message = local
  }
}

function closeElement(file: CamtFile, local: string): void {
  file.lastPosition = file.parser.position
  const node = file.building.pop()
  if (node === undefined) {
    closeOuter(file, local)
    return
  }
  const parent = file.building.at(-1)
  if (node.name === "TxDtls") {
    file.details.push(readCamtDetail(node))
    file.size = 0
    if (file.details.length > DETAILS_MAX) refuseSize(file)
  } else if (parent !== undefined) {
    parent.children.push(node)
  } else if (file.statement !== undefined) {
    for (const event of takeCamtChild(file.statement, node, file.details)) file.events.push(event)
    file.details = []
    file.size = 0
  }
  if (file.size > ELEMENT_SIZE_MAX) refuseSize(file)
}

function closeOuter(file: CamtFile, local: string): void {
  if (file.statement !== undefined) {
    file.events.push(...endCamtStatement(file.statement, file.parser.line))
    file.statement = undefined
  } else if (local === file.message) {
    file.message = undefined
  }
}

function addText(file: CamtFile, text: string): void {
  file.lastPosition = file.parser.position
  const node = file.building.at(-1)
  if (node === undefined || file.failed) return
  file.size += text.length
  node.text += text
  if (file.size > ELEMENT_SIZE_MAX) refuseSize(file)
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1)
}

/** `001.08` out of a namespace such as `urn:iso:std:iso:20022:tech:xsd:camt.053.001.08`. */
function versionOf(attributes: Record<string, string>): string | undefined {
  for (const value of Object.values(attributes)) {
    const version = /camt\.05[234]\.([0-9]{3}\.[0-9]{2})/.exec(value)?.[1]
    if (version !== undefined) return version
  }
  return undefined
}
