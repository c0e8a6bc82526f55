import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { BankAccount } from "../../banking/bank-account.ts"
import type { Context } from "../../context.ts"
import { getImport } from "../../feeds/import-log.ts"
import {
  discardUpload,
  getUpload,
  isAtWork,
  type StatementUpload,
  type UploadChoices,
} from "../../feeds/statement-upload.ts"
import type { UploadJobs } from "../../feeds/upload-jobs.ts"
import { redirectTo, sendPage } from "../../http/page-answer.ts"
import {
  requireAdministrator,
  requireForm,
  requirePermission,
  requireSession,
  sessionOf,
} from "../../identity/require-session.hook.ts"
import { toAccountView } from "./bank-account-view.ts"
import { alreadyImportedPage, previewPage, refusedFilePage } from "./import-preview.page.ts"
import { importResultPage } from "./import-result.page.ts"
import { findingsOf, toFinding, toPreview } from "./import-view.ts"
import { done, fieldOf, frameOf, isRefused, pathId, queryText } from "./page-request.hook.ts"
import { encodings, progressPage, stoppedPage } from "./statement-upload.page.ts"
import { ownAccount, waitForWorkMs } from "./statement-upload.routes.ts"

const reloadSeconds = 3

/** An uploaded file on its way: progress, preview, confirmation, result. */
export function statementImportRoutes(pages: FastifyInstance, context: Context, jobs: UploadJobs): void {
  const { db, clock } = context
  const onRequest = requireSession(context)
  const administrator = { onRequest, preHandler: requireAdministrator() }
  const change = { onRequest, preHandler: [requireAdministrator(), requireForm(context)] }
  const path = "/bank-accounts/:id/import/:uploadId"

  pages.get(path, administrator, async (request, reply) => {
    const found = await findUpload(context, request)
    return sendUpload(request, reply, found)
  })

  pages.post(`${path}/check`, change, async (request, reply) => {
    const found = await findUpload(context, request)
    await jobs.begin(workOf(request, found, "checking", readCheckChoices(request, found.upload)), waitForWorkMs)
    return redirectTo(reply, found.path)
  })

  pages.post(`${path}/confirm`, change, async (request, reply) => {
    const found = await findUpload(context, request)
    // Whoever has not seen the check's outcome has nothing to confirm.
    if (canConfirm(found.upload)) {
      await jobs.begin(workOf(request, found, "importing", readNotify(request, found.upload)), waitForWorkMs)
    }
    return redirectTo(reply, found.path)
  })

  pages.post(`${path}/discard`, change, async (request, reply) => {
    const { upload, account, path: of } = await findUpload(context, request)
    try {
      await discardUpload(db, clock.now(), { companyId: account.companyId, bankAccountId: account.id }, upload.id)
    } catch (error) {
      if (!isRefused(error, "conflict")) throw error
      return redirectTo(reply, of)
    }
    return done(reply, `/bank-accounts/${account.id}`, "discarded")
  })

  pages.get(
    "/bank-accounts/:id/imports/:importId",
    { onRequest, preHandler: requirePermission("bank_account.detail") },
    async (request, reply) => {
      const account = await ownAccount(context, request)
      const place = { companyId: account.companyId, bankAccountId: account.id }
      const result = await getImport(db, place, pathId(request, "importId"))
      const page = importResultPage({
        ...frameOf(request),
        account: toAccountView(account),
        result,
        statements: result.statements,
        errors: findingsOf(result, result.errors),
        skipped: findingsOf(result, result.skipped),
        isAlready: queryText(request, "done") === "already",
      })
      return sendPage(reply, page)
    },
  )
}

/** An upload with its account and its address. */
export interface FoundUpload {
  readonly account: BankAccount
  readonly upload: StatementUpload
  readonly path: string
}

/** The upload of the path, if it is the company's. @throws Refusal not_found */
export async function findUpload(context: Context, request: FastifyRequest): Promise<FoundUpload> {
  const account = await ownAccount(context, request)
  const place = { companyId: account.companyId, bankAccountId: account.id }
  const upload = await getUpload(context.db, context.clock.now(), place, pathId(request, "uploadId"))
  return { account, upload, path: `/bank-accounts/${account.id}/import/${upload.id}` }
}

/** The work that a request asks for. */
export function workOf(
  request: FastifyRequest,
  { account, upload }: FoundUpload,
  work: "checking" | "importing",
  choices: UploadChoices,
) {
  const { userId, email } = sessionOf(request)
  const { id: bankAccountId, companyId } = account
  return { companyId, bankAccountId, id: upload.id, work, choices, by: { userId, name: email } }
}

function isTable({ format }: StatementUpload): boolean {
  return format === "csv" || format === "xlsx"
}

function canConfirm({ state, outcome, isMoving }: StatementUpload): boolean {
  if (state === "checked") return outcome?.kind === "dry_run"
  return state === "failed" || (state === "importing" && !isMoving)
}

function readCheckChoices(request: FastifyRequest, { choices }: StatementUpload): UploadChoices {
  const encoding = encodings.find((one) => one === fieldOf(request, "encoding"))
  return {
    ...choices,
    ...(encoding !== undefined && { encoding }),
    ...(fieldOf(request, "force") === "1" && { force: true }),
    ...(fieldOf(request, "skip_unreadable") === "1" && { skipUnreadable: true }),
    ...(fieldOf(request, "has_disjoint") === "1" && { disjoint: fieldOf(request, "disjoint") === "1" }),
  }
}

function readNotify(request: FastifyRequest, { choices }: StatementUpload): UploadChoices {
  const notify = (["recent", "all", "none"] as const).find((one) => one === fieldOf(request, "notify"))
  return notify === undefined ? choices : { ...choices, notify }
}

function sendUpload(
  request: FastifyRequest,
  reply: FastifyReply,
  { account, upload, path }: FoundUpload,
): FastifyReply {
  const { state, outcome, importId, choices } = upload
  const frame = { ...frameOf(request), account: toAccountView(account), uploadId: upload.id }
  const of = { ...frame, fileName: upload.fileName, isTable: isTable(upload) }
  if (isAtWork(state) && upload.isMoving) return sendProgress(request, reply, { account, upload, path })
  if (state === "imported" && importId !== null) {
    const query = outcome?.kind === "already_imported" ? "?done=already" : ""
    return redirectTo(reply, `/bank-accounts/${account.id}/imports/${importId}${query}`)
  }
  if (isAtWork(state) || outcome?.kind === "failed") {
    const why = outcome?.kind === "failed" ? outcome.why : "interrupted"
    const work = state === "importing" ? "confirm" : "check"
    return sendPage(reply, stoppedPage({ ...of, why, work }))
  }
  if (outcome === undefined) {
    // A table waits for its columns; another file whose check never began is checked when asked to.
    if (of.isTable) return redirectTo(reply, `${path}/columns`)
    return sendPage(reply, stoppedPage({ ...of, why: "interrupted", work: "check" }))
  }
  if (outcome.kind === "already_imported") {
    return sendPage(reply, alreadyImportedPage({ ...of, importId: outcome.importId }))
  }
  const isSheet = upload.format === "xlsx"
  if (outcome.kind === "refused") {
    const errors = outcome.errors.map((error) => toFinding(error, isSheet))
    return sendPage(reply, refusedFilePage({ ...of, errors, encoding: choices.encoding ?? "utf-8" }))
  }
  if (outcome.kind === "imported") throw new Error("An import ended without its id.")
  const preview = toPreview(outcome, { language: request.language, isSheet })
  const notify = choices.notify ?? (account.mode === "live" ? "recent" : "all")
  return sendPage(reply, previewPage({ ...of, preview, notify, isDisjoint: choices.disjoint === true }))
}

function sendProgress(request: FastifyRequest, reply: FastifyReply, { account, upload }: FoundUpload): FastifyReply {
  const { state, progress, size, id } = upload
  const { stage, bytesRead, rows } = progress
  const work = state === "importing" ? ("importing" as const) : ("checking" as const)
  // For browsers without script; with script the page asks by itself.
  reply.header("refresh", String(reloadSeconds))
  const shown = { work, stage, bytesRead, size, rows }
  const of = { ...frameOf(request), account: toAccountView(account), uploadId: id }
  return sendPage(reply, progressPage({ ...of, progress: shown }))
}
