import type { Instant } from "../../clock.ts"
import type { EndedImport } from "../../feeds/import-log.ts"
import type { ImportSummary, PreviewLine } from "../../feeds/import-statement.ts"
import type { StatementEntry, StatementError } from "../../feeds/statement.ts"
import { cellAddress } from "../../feeds/xlsx-cell.ts"
import type { Language } from "../../messages/catalogue.ts"
import { formatVnd, toVnd } from "../../money.ts"
import { formatVietnamTime } from "../../vietnam-time.ts"
import type { FindingView, LineView, PreviewView } from "./import-shapes.ts"

/** A finding of a parser as pages show it; in a sheet a column makes it a cell. */
export function toFinding(error: StatementError, isSheet: boolean): FindingView {
  const cell = isSheet && error.column !== undefined ? cellAddress(error.column, error.line) : undefined
  return { ...error, ...(cell !== undefined && { cell }) }
}

/** Findings of an import that ended: its file's name says whether it was a workbook. */
export function findingsOf({ fileName }: Pick<EndedImport, "fileName">, errors: readonly StatementError[]) {
  return errors.map((error) => toFinding(error, /\.xlsx$/i.test(fileName)))
}

/** What a check found, as the preview shows it. */
export function toPreview(
  result: ImportSummary & { readonly preview: readonly PreviewLine[]; readonly known: readonly PreviewLine[] },
  { language, isSheet }: { readonly language: Language; readonly isSheet: boolean },
): PreviewView {
  const { inserted, duplicates, pending, ignored, statements, warnings } = result
  const toLine = (line: PreviewLine) => previewLine(line, language)
  return {
    ...{ inserted, duplicates, pending, ignored, statements, warnings },
    gaps: result.gaps.map(({ statementNumber: number, line, missingAmount }) => ({ number, line, missingAmount })),
    lines: result.preview.map(toLine),
    known: result.known.map(toLine),
    skipped: result.skipped.map((error) => toFinding(error, isSheet)),
  }
}

function previewLine(line: PreviewLine, language: Language): LineView {
  return {
    line: line.line,
    time: shortTime(formatVietnamTime(line.bookedAt as Instant)),
    amount: formatVnd(toVnd(line.amount), language).replace("-", "−"),
    isIn: line.amount > 0,
    balance: line.balanceAfter === null ? "" : formatVnd(toVnd(line.balanceAfter), language),
    memo: line.memo,
    reference: line.reference ?? "",
    code: line.code ?? "",
    isNew: line.isNew,
  }
}

/** An entry of a trial; its amounts are texts that need not be đồng. */
export function trialLine(entry: StatementEntry, language: Language): LineView {
  return {
    line: entry.line,
    time: shortTime(`${entry.day} ${entry.time ?? "00:00:00"}`),
    amount: grouped(entry.amount, language),
    isIn: !entry.amount.startsWith("-"),
    balance: entry.reportedBalance === undefined ? "" : grouped(entry.reportedBalance, language),
    memo: entry.memo,
    reference: entry.references[0]?.value ?? "",
    code: "",
    isNew: undefined,
  }
}

// A day alone has no time to show.
function shortTime(text: string): string {
  const [day = "", time = ""] = text.split(" ")
  const shown = day.split("-").reverse().join("/")
  return time === "00:00:00" ? shown : `${shown} ${time}`
}

function grouped(decimal: string, language: Language): string {
  const [separator, point] = language === "vi" ? [".", ","] : [",", "."]
  const [whole = "", fraction = ""] = decimal.replace("-", "−").split(".")
  const digits = whole.replace(/\B(?=([0-9]{3})+$)/g, separator)
  return /^0*$/.test(fraction) ? digits : `${digits}${point}${fraction}`
}
