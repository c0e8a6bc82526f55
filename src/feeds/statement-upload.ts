import { type Instant, instantAfter } from "../clock.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { Refusal } from "../refusal.ts"
import type { CsvProfile } from "./csv-profile.ts"
import { type DetectedFormat, detectFormat } from "./detect-format.ts"
import type { ImportProgress, ImportResult, NotifyMode } from "./import-statement.ts"
import type { StatementEncoding } from "./statement.ts"
import {
  deleteUpload,
  insertUpload,
  insertUploadPiece,
  lockCompany,
  lockUpload,
  selectKeptUploads,
  selectUpload,
  selectUploadPiece,
  type UploadRow,
  type UploadState,
  updateUpload,
} from "./uploads.store.ts"
import { workbookMax } from "./xlsx.ts"

export type { UploadState } from "./uploads.store.ts"

/** The largest file that a page takes, bytes (contract/feeds.md §5.1). */
export const uploadMax = workbookMax

/** What a person chose for a file; absent is left to the importer. */
export interface UploadChoices {
  readonly profile?: CsvProfile
  /** Keeps the profile under this name when the file is imported. */
  readonly saveProfile?: string
  readonly sheet?: string
  readonly encoding?: StatementEncoding
  readonly notify?: NotifyMode
  readonly disjoint?: boolean
  readonly force?: boolean
  readonly skipUnreadable?: boolean
}

/** What came of checking or importing: a result, or why there is none. */
export type UploadOutcome =
  | ImportResult
  | { readonly kind: "failed"; readonly why: "account" | "profile" | "interrupted" | "internal" }

/** A file that a person sent, on its way from upload to import. */
export interface StatementUpload {
  readonly id: number
  readonly companyId: number
  readonly bankAccountId: number
  readonly userId: number
  readonly fileName: string
  readonly size: number
  readonly format: DetectedFormat
  readonly state: UploadState
  readonly choices: UploadChoices
  readonly outcome: UploadOutcome | undefined
  readonly importId: number | null
  readonly progress: ImportProgress
  /** False when it is being worked on, yet nothing moved for so long that its process must have died. */
  readonly isMoving: boolean
}

/** Whose upload, and for which account. */
export interface UploadPlace {
  readonly companyId: number
  readonly bankAccountId: number
}

/** How many files of a company wait at once; a further one takes the place of the one that was left for longest. */
export const mostKept = 10

const pieceLength = 256 * 1024
const longestName = 200

/**
 * Takes a file in, piece by piece: it waits in the database until somebody imports or discards it, so that any process can
 * go on with it. It exists for others only once `admitUpload` says so.
 *
 * @param file `isCut`: whether the sender was cut off at the limit, asked after the last chunk
 * @throws Refusal invalid (`file`: empty, or larger than `uploadMax`); what was kept is gone then; too_many (others of the
 *   company come in, or are worked on, at this moment)
 */
export async function receiveUpload(
  db: Database,
  now: Instant,
  place: UploadPlace & { readonly userId: number },
  file: { readonly name: string; readonly chunks: AsyncIterable<Uint8Array>; isCut(): boolean },
): Promise<{ readonly id: number; readonly format: DetectedFormat }> {
  const fileName = readableName(file.name)
  const id = await transaction(db, async (tx) => {
    await lockCompany(tx, place.companyId)
    await makeRoom(tx, now, place.companyId)
    return insertUpload(tx, now, { ...place, fileName })
  })
  try {
    return { id, format: await keep(db, now, id, file) }
  } catch (error) {
    await transaction(db, (tx) => deleteUpload(tx, id)).catch(() => {})
    throw error
  }
}

// Twenty megabytes each: nobody fills the disk with files that nobody imports.
async function makeRoom(tx: Queries, now: Instant, companyId: number): Promise<void> {
  const kept = await selectKeptUploads(tx, companyId)
  const surplus = kept.length - (mostKept - 1)
  if (surplus <= 0) return
  const isUnderWay = (row: UploadRow) => row.state === "receiving" || isAtWork(row.state as UploadState)
  const resting = kept.filter((row) => !isUnderWay(row) || !toUpload(now, row).isMoving)
  if (resting.length < surplus) {
    throw new Refusal("too_many", "Too many files of the company come in.", { retryAfterSeconds: 30 })
  }
  for (const { id } of resting.slice(0, surplus)) await deleteUpload(tx, id)
}

function readableName(name: string): string {
  const last = name.replaceAll("\\", "/").split("/").at(-1) ?? ""
  const plain = last
    .toWellFormed()
    .replace(/\p{Cc}/gu, "")
    .trim()
  return [...plain].slice(-longestName).join("") || "file"
}

async function keep(
  db: Database,
  now: Instant,
  id: number,
  file: { readonly chunks: AsyncIterable<Uint8Array>; isCut(): boolean },
): Promise<DetectedFormat> {
  let held: Uint8Array[] = []
  let heldLength = 0
  let size = 0
  let piece = 0
  let start: Uint8Array = Buffer.alloc(0)
  const write = async () => {
    const content = Buffer.concat(held)
    if (piece === 0) start = content
    const next = { uploadId: id, piece, content }
    await transaction(db, (tx) => insertUploadPiece(tx, now, next))
    held = []
    heldLength = 0
    piece += 1
  }
  for await (const chunk of file.chunks) {
    size += chunk.length
    if (size > uploadMax) break
    held.push(chunk)
    heldLength += chunk.length
    if (heldLength >= pieceLength) await write()
  }
  if (size > uploadMax || file.isCut()) throw refuseFile("too_large")
  if (size === 0) throw refuseFile("empty")
  if (heldLength > 0) await write()
  const format = detectFormat(start)
  await transaction(db, (tx) => updateUpload(tx, now, { id }, { size, format }))
  return format
}

function refuseFile(problem: "too_large" | "empty"): Refusal {
  return new Refusal("invalid", `The file cannot be taken: ${problem}.`, { errors: { file: [problem] } })
}

/** Lets an upload be seen, in the caller's database transaction: all of it is there, and it was sent for the first time. */
export async function admitUpload(tx: Queries, now: Instant, id: number, choices: UploadChoices): Promise<void> {
  await updateUpload(tx, now, { id }, { state: "received", choices: JSON.stringify(choices) })
}

/** Forgets an upload that turned out to be sent twice. */
export async function dropUpload(db: Database, id: number): Promise<void> {
  await transaction(db, (tx) => deleteUpload(tx, id))
}

/**
 * Finds an upload for an account of a company.
 *
 * @throws Refusal not_found
 */
export async function getUpload(db: Queries, now: Instant, place: UploadPlace, id: number): Promise<StatementUpload> {
  return toUpload(now, checkOwn(place, await selectUpload(db, id)))
}

/** The bytes of an upload from its start. */
export async function* readUpload(db: Queries, id: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let piece = 0; ; piece += 1) {
    signal?.throwIfAborted()
    const content = await selectUploadPiece(db, id, piece)
    if (content === undefined) return
    yield content
  }
}

/**
 * Claims an upload for a check or for the import: of two clicks one gets the work.
 *
 * @returns false when it is being worked on already, or is imported
 * @throws Refusal not_found
 */
export async function claimUpload(
  db: Database,
  now: Instant,
  place: UploadPlace,
  claim: {
    readonly id: number
    readonly work: "checking" | "importing"
    /** Names the work; whoever does it proves by it that it is still theirs. */
    readonly job: string
    readonly choices: UploadChoices
  },
): Promise<boolean> {
  const { id, work, job, choices } = claim
  return transaction(db, async (tx) => {
    const upload = toUpload(now, checkOwn(place, await lockUpload(tx, id)))
    if (upload.state === "imported" || (isAtWork(upload.state) && upload.isMoving)) return false
    const start = { stage: "reading", bytesRead: 0, linesRead: 0, rowCount: 0, outcome: null }
    return updateUpload(tx, now, { id }, { ...start, state: work, job, choices: JSON.stringify(choices) })
  })
}

/**
 * Forgets an upload that is not being imported.
 *
 * @throws Refusal not_found, conflict (being imported)
 */
export async function discardUpload(db: Database, now: Instant, place: UploadPlace, id: number): Promise<void> {
  await transaction(db, async (tx) => {
    const upload = toUpload(now, checkOwn(place, await lockUpload(tx, id)))
    if (upload.state === "importing" && upload.isMoving) throw new Refusal("conflict", "The file is being imported.")
    await deleteUpload(tx, id)
  })
}

function checkOwn({ companyId, bankAccountId }: UploadPlace, row: UploadRow | undefined): UploadRow {
  const isOwn = row?.companyId === companyId && row.bankAccountId === bankAccountId
  if (row !== undefined && isOwn && row.state !== "receiving") return row
  throw new Refusal("not_found", "There is no such upload.")
}

/** Whether somebody works on an upload in this state. */
export function isAtWork(state: UploadState): boolean {
  return state === "checking" || state === "importing"
}

// Work shows a sign of life every five seconds (`upload-jobs.ts`), but where one writer is all there is, none comes
// through while a large file is recorded.
const silentForMs = { reading: 30_000, recording: 10 * 60_000 }

function toUpload(now: Instant, row: UploadRow): StatementUpload {
  const stage = row.stage === "recording" ? "recording" : "reading"
  const { id, companyId, bankAccountId, userId, fileName, size, importId, bytesRead, linesRead, rowCount: rows } = row
  return {
    ...{ id, companyId, bankAccountId, userId, fileName, size, importId },
    format: row.format as DetectedFormat,
    state: row.state as UploadState,
    choices: JSON.parse(row.choices),
    outcome: row.outcome === null ? undefined : JSON.parse(row.outcome),
    progress: { stage, bytesRead, linesRead, rows },
    isMoving: row.progressAt >= instantAfter(now, -silentForMs[stage]),
  }
}
