import { createHash } from "node:crypto"
import { lockAccountsToRecord } from "../banking/record-statement.ts"
import type { Clock, Instant } from "../clock.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { type AuditActor, recordAudit } from "../identity/audit-log.ts"
import type { CompanyId, FeedId, Mode } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import { type CsvProfile, csvProfileSchema } from "./csv-profile.ts"
import { FILE_FEED_NAME } from "./feed.ts"
import { ensureStatementFeed, findStatementFeed, renameStatementFeeds } from "./feeds.store.ts"
import { type ImportSummary, summaryOf } from "./import-summary.ts"
import {
  type BegunImport,
  findProfile,
  findRecordedImport,
  finishImport,
  type ImportAccount,
  type ImportEnd,
  insertImport,
  lockStagingImport,
  selectImportAccounts,
  selectProfileNames,
  upsertProfile,
} from "./imports.store.ts"
import { type FileToRecord, type NotifyMode, recordFile } from "./record-import.ts"
import { type ImportProgress, type StagedFile, stageStatement } from "./stage-statement.ts"
import { type PreviewLine, selectPreview } from "./staging.store.ts"
import type { StatementEncoding, StatementError } from "./statement.ts"
import { deleteStaged, discardImport, sweepStagedImports } from "./sweep-imports.ts"

export type { ImportSummary } from "./import-summary.ts"
export type { NotifyMode } from "./record-import.ts"
export type { ImportProgress } from "./stage-statement.ts"
export type { PreviewLine } from "./staging.store.ts"

/** A file to import, with the flags of contract/feeds.md §5.1. */
export interface StatementImport {
  /** Opens the file from its start; called twice, for the digest and for the reading. */
  open(): AsyncIterable<Uint8Array>
  readonly fileName: string
  /** The account, or all of a company and mode, told apart by their numbers in the file. */
  readonly account: { readonly id: number } | { readonly companyId: number; readonly mode: Mode }
  readonly format?: "auto" | "mt940" | "camt" | "csv" | "xlsx"
  /** A workbook's sheet by name; the first that has rows, if left out. */
  readonly sheet?: string
  /** CSV and workbooks: the name of a saved profile, or a profile. */
  readonly profile?: string | CsvProfile
  readonly saveProfile?: string
  readonly encoding?: StatementEncoding
  /** `recent` for live accounts and `all` for test ones, if left out. */
  readonly notify?: NotifyMode
  readonly disjoint?: boolean
  readonly force?: boolean
  readonly dryRun?: boolean
  readonly skipUnreadable?: boolean
  /** Who imports, for the record. */
  readonly importedBy: string
  /** The same for the audit log; the operator, if left out. */
  readonly actor?: AuditActor
  /** Only accounts of this company are known; undefined for the operator's command line. */
  readonly companyId?: CompanyId
  readonly onProgress?: (progress: ImportProgress) => void
}

/** How an import ended. */
export type ImportResult =
  | ({ readonly kind: "imported"; readonly importId: number } & ImportSummary)
  | ({
      readonly kind: "dry_run"
      /** First lines, as they would be recorded. */
      readonly preview: readonly PreviewLine[]
      /** First lines treated as known already. */
      readonly known: readonly PreviewLine[]
    } & ImportSummary)
  | { readonly kind: "already_imported"; readonly importId: number }
  | { readonly kind: "refused"; readonly errors: readonly StatementError[] }

const bytesMax = 100 * 1024 * 1024
const parserVersion = 1

/**
 * Imports a statement file: all of its lines or none (contract/feeds.md §5). The lines are staged first and recorded in
 * one database transaction, so that a file of any size holds its account only for the last step.
 *
 * @throws Refusal not_found (account, profile), invalid (an account that is not active, a bad profile, a file over
 *   100 MiB), conflict (the file changed while it was read)
 */
export async function importStatement(db: Database, clock: Clock, request: StatementImport): Promise<ImportResult> {
  await sweepStagedImports(db, clock.now())
  const accounts = await findAccounts(db, request)
  const profile = await findCsvProfile(db, accounts, request)
  const file = await digest(request)
  const target = await targetOf(db, accounts, { request, profile })
  if (request.force !== true) {
    const first = await findRecordedImport(db, wanted(request, target, file))
    if (first !== undefined) return { kind: "already_imported", importId: first }
  }
  const begun = await begin(db, clock.now(), { request, target, file })
  try {
    return await stageAndRecord(db, clock, { request, accounts, profile, file, target, begun })
  } catch (error) {
    // What cannot be cleared away now is swept later; the first error is the one to tell.
    await discardImport(db, begun).catch(() => {})
    throw error
  }
}

interface Target {
  readonly companyId: CompanyId
  readonly mode: Mode
  readonly accountIds: readonly ImportAccount["id"][] | undefined
  /** What the feed of a CSV file may be called, the name it is made under first. */
  readonly profileNames: readonly string[]
}

interface FileDigest {
  readonly sha256: string
  readonly size: number
}

interface Job {
  readonly request: StatementImport
  readonly accounts: readonly ImportAccount[]
  readonly profile: CsvProfile | undefined
  readonly file: FileDigest
  readonly target: Target
  readonly begun: BegunImport
}

async function findAccounts(db: Database, request: StatementImport): Promise<readonly ImportAccount[]> {
  const found = await selectImportAccounts(db, request.account)
  const accounts = found.filter((account) => request.companyId === undefined || account.companyId === request.companyId)
  if (accounts.length === 0) throw new Refusal("not_found", "There is no such bank account.")
  const active = accounts.filter((account) => account.active === 1)
  if (active.length > 0) return active
  throw new Refusal("invalid", "The bank account is not active.", { errors: { account: ["Not active."] } })
}

async function findCsvProfile(
  db: Database,
  accounts: readonly ImportAccount[],
  { profile }: StatementImport,
): Promise<CsvProfile | undefined> {
  const [account] = accounts
  if (typeof profile !== "string" || account === undefined) return checkProfile(profile)
  const saved = await findProfile(db, account.companyId, profile)
  if (saved !== undefined) return checkProfile(JSON.parse(saved))
  throw new Refusal("not_found", `The company has no CSV profile called ${profile}.`)
}

function checkProfile(profile: unknown): CsvProfile | undefined {
  if (profile === undefined) return undefined
  const parsed = csvProfileSchema.safeParse(profile)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`.trim())
  throw new Refusal("invalid", `The CSV profile cannot be used: ${problems[0]}.`, { errors: { profile: problems } })
}

async function digest({ open }: StatementImport): Promise<FileDigest> {
  const hash = createHash("sha256")
  let size = 0
  for await (const chunk of open()) {
    size += chunk.length
    if (size > bytesMax) throw new Refusal("invalid", "A statement file may have at most 100 MiB.")
    hash.update(chunk)
  }
  return { sha256: hash.digest("hex"), size }
}

/**
 * CSV profiles are feeds of their own: by the name they are kept under, else by what they say. A profile that was first
 * used as a file and then kept, or the other way round, stays one feed, or equal lines would be recorded twice.
 */
async function targetOf(
  db: Database,
  accounts: readonly ImportAccount[],
  { request, profile }: { readonly request: StatementImport; readonly profile: CsvProfile | undefined },
): Promise<Target> {
  const [account] = accounts
  if (account === undefined) throw new Error("An import has no account.")
  const { companyId, mode } = account
  const named = typeof request.profile === "string" ? request.profile : request.saveProfile
  const text = JSON.stringify(profile ?? null)
  return {
    companyId,
    mode,
    accountIds: "id" in request.account ? [account.id] : undefined,
    profileNames: [
      ...(named === undefined ? await selectProfileNames(db, companyId, text) : [named]),
      nameOfText(text),
    ],
  }
}

function nameOfText(profile: string): string {
  return createHash("sha256").update(profile).digest("hex").slice(0, 16)
}

function wanted({ sheet }: StatementImport, { companyId, accountIds }: Target, { sha256 }: FileDigest) {
  return { companyId, sha256, sheet, accountIds }
}

interface Beginning {
  readonly request: StatementImport
  readonly target: Target
  readonly file: FileDigest
}

async function begin(db: Database, now: Instant, { request, target, file }: Beginning): Promise<BegunImport> {
  const { companyId, mode, accountIds: bankAccountIds } = target
  const format = request.format ?? "auto"
  return transaction(db, async (tx) => {
    // Which feeds the lines belong to is known only once they are read; the file itself comes by this one.
    const feed = { companyId, mode, bankAccountIds, name: FILE_FEED_NAME, now }
    const feedId = request.dryRun === true ? (0 as FeedId) : await ensureStatementFeed(tx, feed)
    return insertImport(tx, {
      ...{ companyId, feedId, format, parserVersion, now, ...file },
      fileName: request.fileName,
      sheet: request.sheet,
      notify: notifyOf(request, target),
      importedBy: request.importedBy,
    })
  })
}

function notifyOf(request: StatementImport, target: Target): NotifyMode {
  return request.notify ?? (target.mode === "live" ? "recent" : "all")
}

async function stageAndRecord(db: Database, clock: Clock, job: Job): Promise<ImportResult> {
  const { request, accounts, profile, file, begun } = job
  const staged = await stageStatement(db, clock, request.open(), {
    begun,
    accounts,
    options: {
      format: request.format ?? "auto",
      owner: job.target.companyId,
      ...(profile !== undefined && { profile }),
      ...(request.sheet !== undefined && { sheet: request.sheet }),
      ...(request.encoding !== undefined && { encoding: request.encoding }),
      ...(request.skipUnreadable !== undefined && { skipUnreadable: request.skipUnreadable }),
    },
    keepBytes: request.dryRun !== true,
    feedOf: feedFinder(db, clock, job),
    onProgress: request.onProgress,
  })
  if (staged.errors.length > 0) return refuse(db, clock, job, staged)
  if (staged.sha256 !== file.sha256) throw new Refusal("conflict", "The file changed while it was read.")
  request.onProgress?.({ ...progressOf(staged), stage: "recording" })
  if (request.dryRun === true) return preview(db, clock, job, staged)
  const recorded = await transaction(db, (tx) => record(tx, clock.now(), job, staged))
  if (recorded.kind === "already_imported") await discardImport(db, begun)
  else await deleteStaged(db, begun)
  request.onProgress?.({ ...progressOf(staged), stage: "done" })
  return recorded
}

function progressOf({ bytesRead, linesRead, statements }: StagedFile) {
  return { bytesRead, linesRead, rows: statements.at(-1)?.toOrdinal ?? 0 }
}

/** Finds the feed of an account and format once a file; a dry run makes none. */
function feedFinder(db: Database, clock: Clock, { request, target }: Job) {
  const known = new Map<string, FeedId>()
  return async (account: ImportAccount, format: string): Promise<FeedId> => {
    const names = format === "csv" ? target.profileNames.map((name) => `csv ${name}`) : [format]
    const [name = format] = names
    const key = `${account.id} ${name}`
    let id = known.get(key)
    if (id !== undefined) return id
    const { companyId, mode } = account
    const feed = { companyId, mode, bankAccountIds: [account.id], name, now: clock.now() }
    for (const candidate of names) id ??= await findStatementFeed(db, { ...feed, name: candidate })
    if (id === undefined) {
      id = request.dryRun === true ? (0 as FeedId) : await transaction(db, (tx) => ensureStatementFeed(tx, feed))
    }
    known.set(key, id)
    return id
  }
}

type Recorded = Extract<ImportResult, { kind: "imported" | "already_imported" }>

async function record(tx: Queries, now: Instant, job: Job, staged: StagedFile): Promise<Recorded> {
  const { request, target, begun, file } = job
  if ((await lockStagingImport(tx, begun.importId)) === undefined) throw new Error("The import was swept while it ran.")
  await lockAccountsToRecord(tx, [...new Set(staged.statements.map((statement) => statement.account.id))])
  // Asked again under the locks: of two imports of one file at once, the second finds the first.
  const first = request.force === true ? undefined : await findRecordedImport(tx, wanted(request, target, file))
  if (first !== undefined) return { kind: "already_imported", importId: first }
  const recorded = await recordFile(tx, now, toRecord(job, staged))
  await finishImport(tx, begun, { ...endOf(staged, now), state: "recorded", ...recorded })
  await saveProfile(tx, now, job)
  await recordAudit(tx, now, {
    companyId: target.companyId,
    actor: request.actor ?? { kind: "operator" },
    action: "statement.import",
    subjectId: begun.importId,
    details: {
      bank_account_ids: [...new Set(staged.statements.map(({ account }) => account.id))],
      file_name: request.fileName,
      inserted: recorded.inserted,
      duplicates: recorded.duplicates,
    },
  })
  return { kind: "imported", importId: begun.importId, ...summaryOf(staged, recorded) }
}

async function saveProfile(tx: Queries, now: Instant, { request, profile, target }: Job): Promise<void> {
  if (request.saveProfile === undefined || profile === undefined) return
  const { companyId } = target
  const [name, text] = [request.saveProfile, JSON.stringify(profile)]
  await upsertProfile(tx, { companyId, name, profile: text, now })
  await renameStatementFeeds(tx, companyId, { from: `csv ${nameOfText(text)}`, to: `csv ${name}` })
}

function toRecord({ request, target, begun }: Job, { statements }: StagedFile): FileToRecord {
  const notify = notifyOf(request, target)
  return { begun, companyId: target.companyId, statements, notify, saidDisjoint: request.disjoint === true }
}

function endOf(staged: StagedFile, now: Instant): Omit<ImportEnd, "state"> {
  const { bytesRead, linesRead, ignored, errors, skipped, statements } = staged
  const listed = (list: readonly StatementError[]) => (list.length === 0 ? null : JSON.stringify(list))
  return {
    bytesRead,
    linesRead,
    ignored,
    inserted: 0,
    duplicates: 0,
    pending: 0,
    format: [...new Set(statements.map((statement) => statement.format))].join(" ") || "unknown",
    errors: listed(errors),
    skipped: listed(skipped),
    now,
  }
}

async function refuse(db: Database, clock: Clock, job: Job, staged: StagedFile): Promise<ImportResult> {
  const { begun, request } = job
  if (request.dryRun === true) {
    await discardImport(db, begun)
  } else {
    await transaction(db, (tx) => finishImport(tx, begun, { ...endOf(staged, clock.now()), state: "refused" }))
    await deleteStaged(db, begun)
  }
  return { kind: "refused", errors: staged.errors }
}

// Carries a preview out of the database transaction that it must undo.
class PreviewMade extends Error {
  readonly result: ImportResult
  constructor(result: ImportResult) {
    super("The preview is made.")
    this.result = result
  }
}

const previewLines = 20
const knownLines = 50

/** Records the file as it would be, looks, and takes everything back. */
async function preview(db: Database, clock: Clock, job: Job, staged: StagedFile): Promise<ImportResult> {
  const { importId } = job.begun
  try {
    return await transaction(db, async (tx): Promise<never> => {
      await lockAccountsToRecord(tx, [...new Set(staged.statements.map((statement) => statement.account.id))])
      const recorded = await recordFile(tx, clock.now(), toRecord(job, staged))
      const first = await selectPreview(tx, importId, { onlyKnown: false, most: previewLines })
      const known = await selectPreview(tx, importId, { onlyKnown: true, most: knownLines })
      throw new PreviewMade({ kind: "dry_run", preview: first, known, ...summaryOf(staged, recorded) })
    })
  } catch (error) {
    if (!(error instanceof PreviewMade)) throw error
    await discardImport(db, job.begun)
    return error.result
  }
}
