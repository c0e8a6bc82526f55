import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../../context.ts"
import type { CsvProfile } from "../../feeds/csv-profile.ts"
import { listProfiles, type SavedProfile } from "../../feeds/csv-profiles.ts"
import type { UploadChoices } from "../../feeds/statement-upload.ts"
import { sampleTable, type TableSample, type TableTrial } from "../../feeds/table-sample.ts"
import type { UploadJobs } from "../../feeds/upload-jobs.ts"
import { redirectTo, sendPage } from "../../http/page-answer.ts"
import { requireAdministrator, requireForm, requireSession } from "../../identity/require-session.hook.ts"
import { toAccountView } from "./bank-account-view.ts"
import { columnsPage } from "./import-columns.page.ts"
import { type ColumnsForm, columnFields, delimiters, formOfProfile, profileOfForm } from "./import-columns-form.ts"
import { toFinding, trialLine } from "./import-view.ts"
import { fieldOf, frameOf, queryText } from "./page-request.hook.ts"
import { type FoundUpload, findUpload, workOf } from "./statement-import.routes.ts"
import { encodings } from "./statement-upload.page.ts"
import { waitForWorkMs } from "./statement-upload.routes.ts"

const formFields = [
  ...columnFields,
  ...["delimiter", "encoding", "skip", "header", "date_format", "time_format", "value_date_format", "amount_kind"],
  ...["sign_in", "sign_out", "number", "stop_at", "ignore", "save_as"],
]
const longestName = 100

/** Choosing the columns of a CSV file or a workbook, with the first rows as they would be read. */
export function importColumnsRoutes(pages: FastifyInstance, context: Context, jobs: UploadJobs): void {
  const { db } = context
  const onRequest = requireSession(context)
  const change = { onRequest, preHandler: [requireAdministrator(), requireForm(context)] }
  const path = "/bank-accounts/:id/import/:uploadId/columns"

  pages.get(path, { onRequest, preHandler: requireAdministrator() }, async (request, reply) => {
    const found = await findUpload(context, request)
    const { choices } = found.upload
    const saved = await listProfiles(db, found.account.companyId)
    const sheet = queryText(request, "sheet") ?? choices.sheet
    const encoding = choices.encoding ?? choices.profile?.encoding
    const sample = await sampleTable(db, found.upload, { encoding, sheet, delimiter: choices.profile?.delimiter })
    const named = queryText(request, "profile")
    const chosen = saved.find(({ name }) => name === named)
    const isFresh = named !== undefined || queryText(request, "sheet") !== undefined
    const profile = chosen?.profile ?? (isFresh ? sample.detected : (choices.profile ?? sample.detected))
    const trial = profile && (await sample.tryProfile(profile))
    const saveAs = chosen?.name ?? choices.saveProfile ?? ""
    const form = { ...formOfProfile(profile, trial?.columns), save_as: saveAs }
    const state = { found, saved, sample, trial, form, savedName: chosen?.name ?? "", wrong: new Set<string>() }
    return sendColumns(request, reply, state)
  })

  pages.post(path, change, async (request, reply) => {
    const read = await readForm(context, request)
    if (read.profile === undefined) return sendColumns(request, reply, { ...read, status: 400 })
    const { found, profile, form, sample } = read
    const { force, disjoint } = found.upload.choices
    const choices: UploadChoices = {
      profile,
      ...(form["save_as"] !== "" && { saveProfile: form["save_as"] ?? "" }),
      ...(sample.sheet !== undefined && { sheet: sample.sheet }),
      ...(force !== undefined && { force }),
      ...(disjoint !== undefined && { disjoint }),
    }
    await jobs.begin(workOf(request, found, "checking", choices), waitForWorkMs)
    return redirectTo(reply, found.path)
  })

  pages.post(`${path}/look`, change, async (request, reply) =>
    sendColumns(request, reply, await readForm(context, request)),
  )
}

interface ColumnsState {
  readonly found: FoundUpload
  readonly saved: readonly SavedProfile[]
  readonly sample: TableSample
  readonly trial: TableTrial | undefined
  readonly form: ColumnsForm
  readonly savedName: string
  readonly wrong: ReadonlySet<string>
  readonly status?: number
}

async function readForm(
  context: Context,
  request: FastifyRequest,
): Promise<ColumnsState & { readonly profile: CsvProfile | undefined }> {
  const { db } = context
  const found = await findUpload(context, request)
  const form = Object.fromEntries(formFields.map((name) => [name, fieldOf(request, name).trim()]))
  const delimiter = delimiters[form["delimiter"] as keyof typeof delimiters]
  const encoding = encodings.find((one) => one === form["encoding"])
  const sheet = fieldOf(request, "sheet") || undefined
  const sample = await sampleTable(db, found.upload, { delimiter, encoding, sheet })
  const read = profileOfForm(form, sample.rows)
  const wrong = new Set(read.kind === "wrong" ? read.fields : [])
  if (!isName(form["save_as"] ?? "")) wrong.add("save_as")
  const profile = read.kind === "read" && wrong.size === 0 ? read.profile : undefined
  const trial = read.kind === "read" ? await sample.tryProfile(read.profile) : undefined
  const saved = await listProfiles(db, found.account.companyId)
  return { found, saved, sample, trial, form, savedName: "", wrong, profile }
}

function isName(text: string): boolean {
  return text.length <= longestName && !/\p{Cc}/u.test(text)
}

function sendColumns(request: FastifyRequest, reply: FastifyReply, state: ColumnsState): FastifyReply {
  const { language } = request
  const { found, saved, sample, trial, form, savedName, wrong, status = 200 } = state
  const isSheet = found.upload.format === "xlsx"
  const page = columnsPage({
    ...frameOf(request),
    account: toAccountView(found.account),
    uploadId: found.upload.id,
    fileName: found.upload.fileName,
    isWorkbook: isSheet,
    sheetNames: sample.sheetNames,
    sheet: sample.sheet,
    savedNames: saved.map(({ name }) => name),
    savedName,
    form,
    wrong,
    isDetected: sample.detected !== undefined,
    rows: sample.rows,
    columns: columnNames(sample.rows, form),
    trial: trial && {
      lines: trial.entries.map((entry) => trialLine(entry, language)),
      errors: trial.errors.map((error) => toFinding(error, isSheet)),
    },
    problem: sample.problem && toFinding(sample.problem, isSheet),
  })
  return sendPage(reply, page, status)
}

const longestShown = 30

/** What each column is called and holds first, so that a person finds it. */
function columnNames(rows: TableSample["rows"], form: ColumnsForm) {
  const after = rows.slice(Number(form["skip"] ?? 0) || 0).filter((row) => row.some((cell) => cell.trim() !== ""))
  const [names = [], values = []] = form["header"] === "1" ? after : [[], ...after]
  const width = Math.max(names.length, ...after.slice(0, 20).map((row) => row.length))
  const short = (text = "") => (text.length > longestShown ? `${text.slice(0, longestShown)}…` : text.trim())
  return Array.from({ length: Math.min(width, 100) }, (_, index) => ({
    name: short(names[index]) || `#${index + 1}`,
    sample: short(values[index]),
  }))
}
