import type { Multipart } from "@fastify/multipart"
import multipart from "@fastify/multipart"
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { type BankAccount, getCompanyAccount } from "../../banking/bank-account.ts"
import type { Context } from "../../context.ts"
import type { DetectedFormat } from "../../feeds/detect-format.ts"
import { admitUpload, dropUpload, receiveUpload, type UploadChoices, uploadMax } from "../../feeds/statement-upload.ts"
import type { UploadJobs } from "../../feeds/upload-jobs.ts"
import { redirectTo, sendPage } from "../../http/page-answer.ts"
import { newFormKey, onceOnly } from "../../identity/form-once.ts"
import {
  isFormOfSession,
  requireAdministrator,
  requireSession,
  sessionOf,
} from "../../identity/require-session.hook.ts"
import { Refusal } from "../../refusal.ts"
import { toAccountView } from "./bank-account-view.ts"
import { frameOf, pathId, refusedFields } from "./page-request.hook.ts"
import { encodings, type FileProblem, uploadPage } from "./statement-upload.page.ts"

/** How long a post waits for the work it began: most files are done by then, and no progress need be shown. */
export const waitForWorkMs = 2000

const path = "/bank-accounts/:id/import"
const limits = { fileSize: uploadMax, files: 1, fields: 5, fieldSize: 1000, parts: 7, headerPairs: 50 }

/** Takes a statement file in (contract/feeds.md §5.1): the only page that reads `multipart/form-data`. */
export async function statementUploadRoutes(pages: FastifyInstance, context: Context, jobs: UploadJobs): Promise<void> {
  const { db, clock } = context
  const onRequest = requireSession(context)

  pages.get(path, { onRequest, preHandler: requireAdministrator() }, async (request, reply) =>
    sendUploadForm(request, reply, await ownAccount(context, request)),
  )

  await pages.register(async (scope) => {
    await scope.register(multipart, { limits })
    scope.post(path, { onRequest, preHandler: requireAdministrator() }, async (request, reply) => {
      const account = await ownAccount(context, request)
      if (!account.isActive) return sendUploadForm(request, reply, account, { status: 409 })
      const fields = new Map<string, string>()
      const taken = await takeFile(context, request, account, fields)
      if ("problem" in taken) {
        const { problem } = taken
        return sendUploadForm(request, reply, account, { problem, status: problem === "tooLarge" ? 413 : 400 })
      }
      const choices = readChoices(fields)
      const { userId, email, companyId } = sessionOf(request)
      const sent = { userId, formKey: fields.get("form_key"), now: clock.now() }
      const { ledTo, again } = await onceOnly(db, sent, async (tx) => {
        await admitUpload(tx, sent.now, taken.id, choices)
        return `/bank-accounts/${account.id}/import/${taken.id}`
      })
      if (again) await dropUpload(db, taken.id)
      else if (taken.format === "mt940" || taken.format === "camt") {
        const place = { companyId, bankAccountId: account.id, by: { userId, name: email } }
        await jobs.begin({ ...place, id: taken.id, work: "checking", choices }, waitForWorkMs)
      }
      return redirectTo(reply, ledTo)
    })
  })
}

/** The account of the path, if it is the company's. @throws Refusal not_found */
export function ownAccount({ db }: Context, request: FastifyRequest): Promise<BankAccount> {
  return getCompanyAccount(db, sessionOf(request).companyId, pathId(request, "id"))
}

const formatProblems: Readonly<Partial<Record<DetectedFormat, FileProblem>>> = {
  unknown: "unknownFormat",
  xls: "oldExcel",
  pdf: "pdf",
  mt942: "runningDay",
}

type Taken = { readonly id: number; readonly format: DetectedFormat } | { readonly problem: FileProblem }

/** Reads the parts in their order. The token must have come before the file: nothing is kept for whoever lacks it. */
async function takeFile(
  context: Context,
  request: FastifyRequest,
  account: BankAccount,
  fields: Map<string, string>,
): Promise<Taken> {
  const checkToken = () => {
    if (isFormOfSession(context, request, fields.get("csrf_token"))) return
    throw new Refusal("forbidden", "The form is out of date: reload the page it was on and try again.")
  }
  let taken: Taken = { problem: "noFile" }
  if (!request.isMultipart()) checkToken()
  else {
    for await (const part of request.parts({ throwFileSizeLimit: false } as never)) {
      if (part.type === "field") {
        if (typeof part.value === "string") fields.set(part.fieldname, part.value)
        continue
      }
      checkToken()
      taken = await keepFile(context, request, account, part)
    }
    checkToken()
  }
  return taken
}

async function keepFile(
  { db, clock }: Context,
  request: FastifyRequest,
  account: BankAccount,
  part: Extract<Multipart, { type: "file" }>,
): Promise<Taken> {
  const { companyId, userId } = sessionOf(request)
  const place = { companyId, userId, bankAccountId: account.id }
  // A browser sends a file without name and content where none was chosen.
  const name = part.filename ?? ""
  try {
    const file = { name, chunks: part.file, isCut: () => part.file.truncated }
    const taken = await receiveUpload(db, clock.now(), place, file)
    const problem = formatProblems[taken.format]
    if (problem === undefined) return taken
    await dropUpload(db, taken.id)
    return { problem }
  } catch (error) {
    const [why] = refusedFields(error)?.["file"] ?? []
    if (why === undefined) throw error
    return { problem: why === "too_large" ? "tooLarge" : name === "" ? "noFile" : "emptyFile" }
  }
}

function readChoices(fields: ReadonlyMap<string, string>): UploadChoices {
  const encoding = encodings.find((one) => one === fields.get("encoding"))
  return encoding === undefined ? {} : { encoding }
}

function sendUploadForm(
  request: FastifyRequest,
  reply: FastifyReply,
  account: BankAccount,
  { problem, status = 200 }: { readonly problem?: FileProblem; readonly status?: number } = {},
): FastifyReply {
  const data = { ...frameOf(request), account: toAccountView(account), formKey: newFormKey() }
  return sendPage(reply, uploadPage({ ...data, problem, encoding: "" }), status)
}
