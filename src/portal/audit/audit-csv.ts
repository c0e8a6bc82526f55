import type { AuditPosition, AuditRecord } from "../../identity/audit-log.ts"
import { auditMessages } from "../../messages/audit.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { formatVietnamTime } from "../../vietnam-time.ts"
import { csvHeader, csvRow, csvText } from "../csv-text.ts"
import type { AuditLine } from "./audit-view.ts"

/** Reads one batch of the log after a position. */
export type ReadBatch = (after: AuditPosition | undefined) => Promise<{
  readonly lines: readonly AuditLine[]
  readonly next: AuditPosition | undefined
}>

/** The log as CSV (RFC 4180) for a spreadsheet, made while it is read; UTF-8 with the mark that Excel wants. */
export async function* renderAuditCsv(read: ReadBatch, language: Language): AsyncGenerator<string> {
  const words = speak(auditMessages, language)
  const head = [words.csvTime, words.who, words.csvWhat, words.csvChanges, words.csvIp, words.company, words.csvAction]
  yield csvHeader(head)
  let after: AuditPosition | undefined
  do {
    const { lines, next } = await read(after)
    yield lines.map((line) => csvRow(cellsOf(line).map(csvText))).join("")
    after = next
  } while (after !== undefined)
}

function cellsOf(line: AuditLine): readonly string[] {
  return [
    formatVietnamTime(line.at),
    line.who,
    `${line.before}${line.thing ?? ""}${line.after}`,
    line.changes.map(({ name, from, to }) => `${name}: ${from === undefined ? "" : `${from} → `}${to}`).join("\n"),
    line.ip ?? "",
    line.company?.name ?? "",
    line.action,
  ]
}

/** The ids of the apps that entries name as actors. Pure. */
export function clientsOf(entries: readonly AuditRecord[]): readonly number[] {
  return entries.flatMap(({ actor }) => (actor.kind === "client" && actor.id !== undefined ? [actor.id] : []))
}
