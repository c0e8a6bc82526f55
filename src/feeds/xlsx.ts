import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { parseTable } from "./csv.ts"
import type { CsvProfile } from "./csv-profile.ts"
import type { CsvRecord } from "./csv-records.ts"
import { createSheetLine } from "./sheet-line.ts"
import type { StatementError, StatementEvent } from "./statement.ts"
import { unpackedMax } from "./xlsx-archive.ts"
import { dateText, type Sheet } from "./xlsx-cell.ts"
import type { WorkbookReading, WorkbookRequest } from "./xlsx-workbook.ts"

/** The largest workbook, bytes: what a page takes (contract/feeds.md §5.1). */
export const workbookMax = 20 * 1024 * 1024

const readWithinMs = 60_000
const workerMemoryMb = 12 * (unpackedMax / 1024 / 1024)

const line = createSheetLine()

/**
 * Reads a sheet in a thread of its own, whose memory and time are bounded, one at a time in a process: nothing that files
 * hold can hurt it. The reader is loaded there, and its memory is given back with the thread.
 *
 * @param owner the company that waits for it; undefined at the command line
 * @throws Refusal too_many (too many wait)
 */
export function readSheet(request: WorkbookRequest, owner?: number): Promise<WorkbookReading> {
  return line.run(owner, () => readInThread(request))
}

async function readInThread(request: WorkbookRequest): Promise<WorkbookReading> {
  const worker = new Worker(new URL("./xlsx-worker.ts", import.meta.url), {
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: workerMemoryMb },
    execArgv: [],
  })
  const stopping = new AbortController()
  const timer = setTimeout(() => stopping.abort(), readWithinMs)
  try {
    // An error of the thread, also for want of memory, rejects.
    const [reading] = (await once(worker, "message", { signal: stopping.signal })) as [WorkbookReading]
    return reading
  } catch {
    return { kind: "refused", reason: "too_large", message: "It takes more memory or time than a workbook may." }
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}

/** Options of `parseXlsx`. */
export interface XlsxOptions {
  readonly profile: CsvProfile
  /** The first that has rows, if left out. */
  readonly sheet?: string | undefined
  /** The company that waits for it. */
  readonly owner?: number | undefined
}

/**
 * Parses a sheet of a workbook by a profile: the same rows as a CSV file has (contract/feeds.md §5.5). Lines are the rows
 * of the sheet. Never throws on content.
 *
 * @throws Refusal too_many (too many workbooks wait)
 */
export async function* parseXlsx(
  chunks: AsyncIterable<Uint8Array>,
  { profile, sheet, owner }: XlsxOptions,
): AsyncGenerator<StatementEvent> {
  const bytes = await gather(chunks)
  if (bytes === undefined) {
    yield refusal({ line: 1, reason: "too_large", message: `A workbook may have at most ${workbookMax} bytes.` })
    return
  }
  const reading = await readSheet({ bytes, sheet }, owner)
  if (reading.kind === "refused") {
    yield refusal(workbookError(reading))
    return
  }
  yield* parseTable(sheetRows(reading.sheet, profile.number), profile)
  yield { kind: "progress", bytes: bytes.length, lines: reading.sheet.rows.length }
}

/** A refused workbook as a finding against the file. */
export function workbookError(reading: Extract<WorkbookReading, { kind: "refused" }>): StatementError {
  const { reason, message, row = 1, column } = reading
  if (reason === "bad_cell") return { line: row, ...(column !== undefined && { column }), reason, message }
  if (reason === "too_large") return { line: row, reason, message: `The workbook is too large. ${message}` }
  return { line: row, reason: "unknown_format", message: `The workbook cannot be read. ${message}` }
}

function refusal(error: StatementError): StatementEvent {
  return { kind: "error", error, fatal: true }
}

async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.length
    if (length > workbookMax) return undefined
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}

/**
 * The rows of a sheet as texts. A number cell is written in the profile's own style: its point is a decimal point whatever
 * the text cells of the sheet use, and never groups thousands.
 */
export function* sheetRows({ rows, timedColumns }: Sheet, number: CsvProfile["number"]): Generator<CsvRecord> {
  const timed = new Set(timedColumns)
  const point = number.decimal === "" ? (number.thousand === "." ? "," : ".") : number.decimal
  for (const [index, row] of rows.entries()) {
    const cells = row.map((cell, column) => {
      if (cell === null) return ""
      if (typeof cell === "string") return cell
      return "at" in cell ? dateText(cell.at, timed.has(column)) : cell.number.replace(".", point)
    })
    yield { line: index + 1, cells }
  }
}
