import { randomUUID } from "node:crypto"
import type { Clock } from "../clock.ts"
import { type Database, transaction } from "../database/engine.ts"
import type { CompanyId } from "../ids.ts"
import type { Logger } from "../log.ts"
import { Refusal } from "../refusal.ts"
import { type ImportProgress, importStatement, type StatementImport } from "./import-statement.ts"
import {
  claimUpload,
  getUpload,
  readUpload,
  type StatementUpload,
  type UploadChoices,
  type UploadOutcome,
  type UploadPlace,
  type UploadState,
} from "./statement-upload.ts"
import { deleteUploadPieces, updateUpload } from "./uploads.store.ts"

/** A check or an import that somebody asks for. */
export interface UploadWork extends UploadPlace {
  readonly id: number
  readonly work: "checking" | "importing"
  readonly choices: UploadChoices
  /** Who asks, for the record of imports and for the audit log. */
  readonly by: { readonly userId: number; readonly name: string }
}

/** Checks and imports uploads beside the requests that asked for it. */
export interface UploadJobs {
  /**
   * Begins the work unless it is under way or done, and waits for its end, but not longer than `waitMs`.
   *
   * @throws Refusal not_found
   */
  begin(work: UploadWork, waitMs: number): Promise<void>
  /** Breaks off what is being read, and waits for what is being recorded. */
  stop(): Promise<void>
}

const progressEveryMs = 500
const signOfLifeEveryMs = 5000

/** Makes the jobs of this process. What a process leaves behind that dies is neither imported nor lost: it can be begun again. */
export function createUploadJobs({ db, clock, log }: { db: Database; clock: Clock; log: Logger }): UploadJobs {
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()

  async function run(work: UploadWork, job: string): Promise<void> {
    const of = { id: work.id, job }
    const outcome = await attempt(work, of)
    const state = stateAfter(work.work, outcome)
    const importId = outcome.kind === "imported" || outcome.kind === "already_imported" ? outcome.importId : null
    const end = { state, outcome: JSON.stringify(outcome), importId, job: null }
    await transaction(db, async (tx) => {
      const isOurs = await updateUpload(tx, clock.now(), of, end)
      if (isOurs && state === "imported") await deleteUploadPieces(tx, work.id)
    })
  }

  async function attempt(work: UploadWork, of: { id: number; job: string }): Promise<UploadOutcome> {
    const writer = progressWriter((progress) =>
      transaction(db, (tx) => updateUpload(tx, clock.now(), of, progress === undefined ? {} : toChange(progress))),
    )
    const beat = setInterval(writer.showLife, signOfLifeEveryMs).unref()
    try {
      const upload = await getUpload(db, clock.now(), work, work.id)
      return await importStatement(db, clock, toRequest(upload, work, writer.onProgress))
    } catch (error) {
      if (stopping.signal.aborted) return { kind: "failed", why: "interrupted" }
      if (error instanceof Refusal) return { kind: "failed", why: whyRefused(error) }
      log.error({ err: error, uploadId: work.id }, "an upload could not be worked on")
      return { kind: "failed", why: "internal" }
    } finally {
      clearInterval(beat)
    }
  }

  function toRequest(
    upload: StatementUpload,
    work: UploadWork,
    onProgress: (progress: ImportProgress) => void,
  ): StatementImport {
    const { profile, saveProfile, sheet, encoding, notify, disjoint, force, skipUnreadable } = work.choices
    return {
      open: () => readUpload(db, upload.id, stopping.signal),
      fileName: upload.fileName,
      account: { id: upload.bankAccountId },
      companyId: upload.companyId as CompanyId,
      format: formatOf(upload),
      ...(profile !== undefined && { profile }),
      ...(saveProfile !== undefined && { saveProfile }),
      ...(sheet !== undefined && { sheet }),
      ...(encoding !== undefined && { encoding }),
      ...(notify !== undefined && { notify }),
      ...(disjoint !== undefined && { disjoint }),
      ...(force !== undefined && { force }),
      ...(skipUnreadable !== undefined && { skipUnreadable }),
      dryRun: work.work === "checking",
      importedBy: work.by.name,
      actor: { kind: "user", id: work.by.userId },
      onProgress,
    }
  }

  return {
    begin: async (work, waitMs) => {
      const job = randomUUID()
      if (!(await claimUpload(db, clock.now(), work, { ...work, job }))) return
      const done = run(work, job).catch((error: unknown) => {
        log.error({ err: error, uploadId: work.id }, "the end of an upload's work could not be noted")
      })
      running.add(done)
      void done.finally(() => running.delete(done))
      await Promise.race([done, new Promise((resolve) => setTimeout(resolve, waitMs).unref())])
    },
    stop: async () => {
      stopping.abort()
      await Promise.all(running)
    },
  }
}

function stateAfter(work: UploadWork["work"], outcome: UploadOutcome): UploadState {
  if (outcome.kind === "failed") return "failed"
  const isDone = work === "importing" && (outcome.kind === "imported" || outcome.kind === "already_imported")
  return isDone ? "imported" : "checked"
}

function whyRefused({ reason, details }: Refusal): "account" | "profile" | "interrupted" | "internal" {
  // Its turn never came: it is begun again as easily as one that broke off.
  if (reason === "too_many") return "interrupted"
  if (details.errors?.["account"] !== undefined) return "account"
  if (details.errors?.["profile"] !== undefined || reason === "not_found") return "profile"
  return "internal"
}

function formatOf({ format }: StatementUpload): NonNullable<StatementImport["format"]> {
  return format === "mt940" || format === "camt" || format === "csv" || format === "xlsx" ? format : "auto"
}

function toChange({ stage, bytesRead, linesRead, rows }: ImportProgress) {
  return { stage, bytesRead, linesRead, rowCount: rows }
}

interface ProgressWriter {
  onProgress(progress: ImportProgress): void
  /** Notes that the work goes on, where it has nothing new to tell: a workbook is read in one piece. */
  showLife(): void
}

/** Writes down how far the work has come, now and then and never two at once; the next stage at once. */
function progressWriter(write: (progress: ImportProgress | undefined) => Promise<unknown>): ProgressWriter {
  let isWriting = false
  let stage = ""
  let writtenAt = Number.NEGATIVE_INFINITY
  const put = (progress: ImportProgress | undefined) => {
    if (isWriting) return
    isWriting = true
    writtenAt = performance.now()
    // Only a sign of life: whether it succeeds decides nothing.
    void write(progress)
      .catch(() => {})
      .finally(() => {
        isWriting = false
      })
  }
  return {
    onProgress: (progress) => {
      const isDue = progress.stage !== stage || performance.now() - writtenAt >= progressEveryMs
      if (!isDue || progress.stage === "done") return
      if (!isWriting) stage = progress.stage
      put(progress)
    },
    showLife: () => put(undefined),
  }
}
