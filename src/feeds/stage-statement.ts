import { createHash, type Hash } from "node:crypto"
import { loadMarker, type Marker } from "../banking/transaction-marks.ts"
import type { Clock } from "../clock.ts"
import { type Database, transaction } from "../database/engine.ts"
import type { FeedId } from "../ids.ts"
import type { Vnd } from "../money.ts"
import { parseBookedAt, parseDay } from "../vietnam-time.ts"
import { wholeDong } from "./decimal.ts"
import { type AnyStatementOptions, parseStatement } from "./detect-format.ts"
import { type BegunImport, type ImportAccount, insertPiece, updateProgress } from "./imports.store.ts"
import { clearDerivedBalances, insertStagedLines, type StagedLine } from "./staging.store.ts"
import type { StatementEnd, StatementEntry, StatementError, StatementEvent, StatementHeader } from "./statement.ts"
import { isSameAccount } from "./statement-account.ts"
import { readEntry, stageEntry } from "./statement-line.ts"

/** A statement of the file, read to its end. Its lines are staged from one ordinal to another. */
export interface StagedStatement {
  readonly line: number
  readonly account: ImportAccount
  readonly feedId: FeedId
  readonly format: string
  readonly number: string | null
  readonly range: StatementHeader["range"]
  readonly fromOrdinal: number
  toOrdinal: number
  opening: number | null
  closing: number | null
  fromDay: number | null
  toDay: number | null
  /** Opening plus booked lines; undefined without opening or beyond 2^53. */
  sum: number | undefined
  newestReported:
    | { readonly balance: Vnd; readonly bookedAt: number; readonly precision: StatementEntry["precision"] }
    | undefined
  /** Whether the balances of neighbouring lines say that the file runs backward in time. */
  backwardVotes: number
  lastLine: { readonly amount: Vnd; readonly reported: Vnd | undefined } | undefined
}

/** A file read into staging, or what is wrong with it. */
export interface StagedFile {
  readonly statements: readonly StagedStatement[]
  readonly errors: readonly StatementError[]
  readonly skipped: readonly StatementError[]
  readonly warnings: readonly { readonly line: number; readonly message: string }[]
  readonly ignored: number
  readonly bytesRead: number
  readonly linesRead: number
  readonly sha256: string
}

/** How far an import has come. */
export interface ImportProgress {
  readonly stage: "reading" | "recording" | "done"
  readonly bytesRead: number
  readonly linesRead: number
  /** Lines staged or, when done, recorded. */
  readonly rows: number
}

/** What staging needs besides the file. */
export interface StagingJob {
  readonly begun: BegunImport
  readonly accounts: readonly ImportAccount[]
  readonly options: AnyStatementOptions
  /** False in a dry run: nothing of the file stays. */
  readonly keepBytes: boolean
  feedOf(account: ImportAccount, format: string): Promise<FeedId>
  readonly onProgress: ((progress: ImportProgress) => void) | undefined
}

// The reports of the running day would double what the statements bring, as long as feeds are not merged (§3.2).
const readFormats: readonly string[] = ["mt940", "camt.053", "camt.054", "csv"]
const flushLines = 500
// Sums of 64 bits hold it, with room for a balance.
const mostTurnover = 2 ** 62
const pieceLength = 256 * 1024
const listMax = 50

interface Staging {
  readonly db: Database
  readonly clock: Clock
  readonly job: StagingJob
  readonly hash: Hash
  readonly markers: Map<number, Marker>
  readonly statements: StagedStatement[]
  readonly errors: StatementError[]
  readonly skipped: StatementError[]
  readonly warnings: { readonly line: number; readonly message: string }[]
  readonly pending: StagedLine[]
  current: StagedStatement | undefined
  ordinal: number
  /** Of all lines so far, whatever their direction. */
  turnover: number
  ignored: number
  bytesRead: number
  linesRead: number
}

/**
 * Reads a file into `staged_lines`, in small database transactions and with memory that does not grow with it
 * (contract/feeds.md §5.1, §2 step 6). After the first error nothing more is staged; the reading goes on to list others.
 */
export async function stageStatement(
  db: Database,
  clock: Clock,
  chunks: AsyncIterable<Uint8Array>,
  job: StagingJob,
): Promise<StagedFile> {
  const staging: Staging = {
    db,
    clock,
    job,
    hash: createHash("sha256"),
    markers: new Map(),
    statements: [],
    errors: [],
    skipped: [],
    warnings: [],
    pending: [],
    current: undefined,
    ordinal: 0,
    turnover: 0,
    ignored: 0,
    bytesRead: 0,
    linesRead: 0,
  }
  for await (const event of parseStatement(keepPieces(staging, chunks), job.options)) await takeEvent(staging, event)
  await flush(staging)
  const { statements, errors, skipped, warnings, ignored, bytesRead, linesRead } = staging
  return { statements, errors, skipped, warnings, ignored, bytesRead, linesRead, sha256: staging.hash.digest("hex") }
}

/** Passes a file on, and keeps its bytes in pieces on the way. */
async function* keepPieces(staging: Staging, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { db, job, hash } = staging
  let held: Uint8Array[] = []
  let heldLength = 0
  let piece = 0
  const write = async () => {
    const content = Buffer.concat(held)
    held = []
    heldLength = 0
    if (job.keepBytes) await transaction(db, (tx) => insertPiece(tx, job.begun.rawItemId, piece, content))
    piece += 1
  }
  for await (const chunk of chunks) {
    hash.update(chunk)
    held.push(chunk)
    heldLength += chunk.length
    if (heldLength >= pieceLength) await write()
    yield chunk
  }
  if (heldLength > 0) await write()
}

async function takeEvent(staging: Staging, event: StatementEvent): Promise<void> {
  switch (event.kind) {
    case "statement":
      await beginStatement(staging, event.header)
      break
    case "entry":
      await takeEntry(staging, event.entry)
      break
    case "statementEnd":
      await endStatement(staging, event.end)
      break
    case "error":
      refuse(staging, event.error)
      break
    case "skipped":
      if (staging.skipped.length < listMax) staging.skipped.push(event.error)
      break
    case "warning":
      if (staging.warnings.length < listMax) staging.warnings.push(event.warning)
      break
    case "progress":
      staging.bytesRead = event.bytes
      staging.linesRead = event.lines
      staging.job.onProgress?.({
        stage: "reading",
        bytesRead: event.bytes,
        linesRead: event.lines,
        rows: staging.ordinal,
      })
  }
}

function refuse(staging: Staging, error: StatementError): void {
  if (staging.errors.length < listMax) staging.errors.push(error)
}

async function beginStatement(staging: Staging, header: StatementHeader): Promise<void> {
  staging.current = undefined
  const account = findAccount(staging, header)
  if (account === undefined) return
  if (header.currency !== undefined && header.currency !== "VND") {
    const message = `The statement is in ${header.currency}, the account in VND.`
    refuse(staging, { line: header.line, reason: "currency_mismatch", message })
    return
  }
  if (!readFormats.includes(header.format)) {
    const message = `${header.format} is not read: its movements come again in the bank's statement.`
    refuse(staging, { line: header.line, reason: "unknown_format", message })
    return
  }
  const opening = readBalance(staging, header.opening?.amount, header.line)
  if (!staging.markers.has(account.id)) staging.markers.set(account.id, await loadMarker(staging.db, account))
  staging.current = {
    line: header.line,
    account,
    feedId: await staging.job.feedOf(account, header.format),
    format: header.format,
    number: header.number === undefined || header.number === "" ? null : header.number,
    range: header.range,
    fromOrdinal: staging.ordinal + 1,
    toOrdinal: staging.ordinal,
    opening,
    closing: null,
    fromDay: null,
    toDay: null,
    sum: opening ?? undefined,
    newestReported: undefined,
    backwardVotes: 0,
    lastLine: undefined,
  }
}

function findAccount(staging: Staging, header: StatementHeader): ImportAccount | undefined {
  const { accounts } = staging.job
  const stated = header.account
  const [only] = accounts
  // Only a table may leave its account to the person who chose it.
  if (stated === undefined && header.format === "csv" && accounts.length === 1) return only
  const found = accounts.filter((account) => stated !== undefined && isSameAccount(stated, account.accountNumber))
  if (found.length === 1) return found[0]
  const chosen = accounts.length === 1 ? `not ${only?.accountNumber}` : "which none or several of the accounts are"
  const message = `The statement is of account ${stated ?? "(none)"}, ${chosen}.`
  refuse(staging, { line: header.line, reason: "account_mismatch", message })
  return undefined
}

function readBalance(staging: Staging, amount: string | undefined, line: number): number | null {
  if (amount === undefined) return null
  const reading = wholeDong(amount)
  if (reading.kind === "whole") return reading.amountVnd
  refuse(staging, { line, reason: reading.reason, message: `The balance ${amount} is not whole đồng.` })
  return null
}

async function takeEntry(staging: Staging, entry: StatementEntry): Promise<void> {
  const read = readEntry(entry)
  if (read.kind === "refused") {
    refuse(staging, read.error)
    return
  }
  const statement = staging.current
  if (statement === undefined || staging.errors.length > 0) return
  if (read.amount === 0) {
    staging.ignored += 1
    return
  }
  staging.turnover += Math.abs(read.amount)
  if (staging.turnover > mostTurnover) {
    const message = "The amounts of the file add up to more than can be counted."
    refuse(staging, { line: entry.line, reason: "bad_amount", message })
    return
  }
  const isBooked = entry.status === "booked"
  if (isBooked) addToSum(statement, read.amount)
  const marker = staging.markers.get(statement.account.id)
  if (marker === undefined) throw new Error("A statement began without its account's marker.")
  staging.ordinal += 1
  const line = stageEntry(read, {
    importId: staging.job.begun.importId,
    feedId: statement.feedId,
    ordinal: staging.ordinal,
    statementIndex: staging.statements.length,
    account: statement.account,
    marker,
    derived: isBooked ? (statement.sum as Vnd | undefined) : undefined,
    now: staging.clock.now(),
  })
  staging.pending.push(line)
  noteLine(statement, line, read)
  if (staging.pending.length >= flushLines) await flush(staging)
}

function addToSum(statement: StagedStatement, amount: number): void {
  if (statement.sum === undefined) return
  const sum = statement.sum + amount
  statement.sum = Number.isSafeInteger(sum) ? sum : undefined
}

function noteLine(
  statement: StagedStatement,
  line: StagedLine,
  { amount, reported }: { readonly amount: Vnd; readonly reported: Vnd | undefined },
): void {
  const { booked_day: day, booked_at: bookedAt } = line
  statement.toOrdinal = line.ordinal
  statement.fromDay = Math.min(statement.fromDay ?? day, day)
  statement.toDay = Math.max(statement.toDay ?? day, day)
  if (line.status !== "booked") return
  const before = statement.lastLine
  if (before?.reported !== undefined && reported !== undefined) {
    if (before.reported + amount === reported) statement.backwardVotes -= 1
    else if (reported + before.amount === before.reported) statement.backwardVotes += 1
  }
  statement.lastLine = { amount, reported }
  if (reported === undefined) return
  const newest = statement.newestReported
  // Of the lines of one moment the newest is the last one, or the first where the file runs backward.
  const isNewer = newest === undefined || bookedAt > newest.bookedAt
  const isLaterEqual = newest !== undefined && bookedAt === newest.bookedAt && statement.backwardVotes <= 0
  if (isNewer || isLaterEqual) {
    statement.newestReported = { balance: reported, bookedAt, precision: line.precision as StatementEntry["precision"] }
  }
}

async function endStatement(staging: Staging, end: StatementEnd): Promise<void> {
  const statement = staging.current
  staging.current = undefined
  if (statement === undefined) return
  statement.closing = readBalance(staging, end.closing?.amount, end.line)
  widenPeriod(statement, end)
  staging.statements.push(statement)
  if (statement.sum === undefined || statement.closing === null || statement.sum === statement.closing) {
    if (statement.closing !== null || statement.opening === null) return
  }
  // Without a closing balance nothing proves the derived ones, and a wrong sum disproves them.
  await flush(staging)
  const { fromOrdinal, toOrdinal } = statement
  await transaction(staging.db, (tx) => clearDerivedBalances(tx, staging.job.begun.importId, fromOrdinal, toOrdinal))
}

function widenPeriod(statement: StagedStatement, end: StatementEnd): void {
  for (const day of [toDay(end.from), toDay(end.to)]) {
    if (day === undefined) continue
    statement.fromDay = Math.min(statement.fromDay ?? day, day)
    statement.toDay = Math.max(statement.toDay ?? day, day)
  }
}

function toDay(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDay(text.slice(0, 10))
}

/** A stated time range as instants. */
export function rangeInstants(range: StatementHeader["range"]): { fromAt: number | null; toAt: number | null } {
  if (range === undefined) return { fromAt: null, toAt: null }
  return { fromAt: parseBookedAt(range.from)?.at ?? null, toAt: parseBookedAt(range.to)?.at ?? null }
}

async function flush(staging: Staging): Promise<void> {
  const lines = staging.pending.splice(0)
  if (lines.length === 0) return
  const { bytesRead, linesRead } = staging
  const { importId } = staging.job.begun
  await transaction(staging.db, async (tx) => {
    await insertStagedLines(tx, lines)
    await updateProgress(tx, importId, { bytesRead, linesRead, now: staging.clock.now() })
  })
}
