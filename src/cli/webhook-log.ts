import type { WebhookId } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import type { AttemptRecord, LoggedAttempt } from "../webhooks/delivery-log.ts"
import { type Command, type Input, type Outcome, UsageError } from "./command.ts"
import { readTime, timeHelp } from "./read-time.ts"
import { formatTable, printableText } from "./table.ts"
import { withDatabase } from "./with-database.ts"

const mostId = Number.MAX_SAFE_INTEGER
const rowsIfAbsent = 50
const filters = ["from", "to", "class", "result", "transaction", "kind", "limit"] as const

/** `./sepay webhook log`. */
export const webhookLog: Command = {
  name: "webhook log",
  summary: "Lists the calls of a webhook, newest first, or shows one in full",
  options: {
    webhook: { kind: "number", value: "N", help: "Lists its calls", least: 1, most: mostId },
    log: { kind: "number", value: "N", help: "Shows this row in full, instead of a list", least: 1, most: mostId },
    from: { kind: "text", value: "TIME", help: `Begun at or after: ${timeHelp}` },
    to: { kind: "text", value: "TIME", help: "Begun before" },
    class: { kind: "text", value: "CLASS", help: "How it ended, such as ok, http_error or timeout" },
    result: { kind: "text", value: "RESULT", help: "How it ended, roughly", choices: ["success", "failed"] },
    transaction: { kind: "number", value: "N", help: "Only of this transaction", least: 1, most: mostId },
    kind: { kind: "text", value: "KIND", help: "What it was made for", choices: ["auto", "replay", "test"] },
    limit: { kind: "number", value: "N", help: `At most so many, ${rowsIfAbsent} if absent`, least: 1, most: 1000 },
  },
  examples: [
    './sepay webhook log --webhook 3 --result failed --from "2026-07-04 08:00:00"',
    "./sepay webhook log --log 1201",
  ],
  run: async (input) => {
    const webhookId = input.number("webhook") as WebhookId | undefined
    const n = input.number("log")
    if ((webhookId === undefined) === (n === undefined)) {
      throw new UsageError("Give either --webhook N for a list or --log N for one row.")
    }
    if (webhookId !== undefined) return listRows(input, webhookId)
    const given = filters.find((name) => input.texts(name).length > 0)
    if (given !== undefined) throw new UsageError(`--${given} narrows a list: give --webhook N instead of --log.`)
    return showRow(n ?? 0)
  },
}

async function listRows(input: Input, webhookId: WebhookId): Promise<Outcome> {
  const { getOwnerOfWebhook } = await import("../webhooks/operator-view.ts")
  const { listAttemptsOf } = await import("../webhooks/delivery-log.ts")
  const { toLogBody } = await import("../webhooks/logs.wire.ts")
  const { describeClass } = await import("../webhooks/attempt-class.ts")
  const filter = await readFilter(input)
  const page = { page: 1, limit: input.number("limit") ?? rowsIfAbsent }
  const { total, attempts } = await withDatabase(async ({ db }) =>
    listAttemptsOf(db, await getOwnerOfWebhook(db, webhookId), webhookId, { filter, page }),
  )
  const logs = attempts.map((attempt) => toLogBody(attempt, describeClass(attempt.class, attempt.httpStatus)))
  const more = total > logs.length ? `\n${total - logs.length} more: narrow it, or raise --limit.` : ""
  return { json: { webhook_id: webhookId, total, logs }, text: formatRows(attempts) + more }
}

async function readFilter(input: Input) {
  const { logsQuery, toLogFilter } = await import("../webhooks/logs.wire.ts")
  const [from, to] = [readTime(input, "from"), readTime(input, "to")]
  if (from !== undefined && to !== undefined && from >= to) throw new UsageError("--from must be before --to.")
  const names = { class: "class", result: "result", transaction: "transaction_id", kind: "kind" } as const
  const given = Object.entries(names).map(([flag, name]) => [name, input.text(flag)])
  const parsed = logsQuery.safeParse(Object.fromEntries(given))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new UsageError(`--${String(issue?.path[0]).replace("_id", "")} ${issue?.message}.`)
  }
  return { ...toLogFilter(parsed.data), ...(from !== undefined && { from }), ...(to !== undefined && { before: to }) }
}

function formatRows(attempts: readonly LoggedAttempt[]): string {
  return formatTable(
    ["LOG", "BEGUN", "KIND", "TRY", "TRANSACTION", "CLASS", "HTTP", "MS", "NEXT RETRY", "MESSAGE"],
    attempts.map((row) => [
      ...[row.n, isoTime(row.startedAt), row.kind, row.attemptNumber, row.transactionId],
      ...[row.class, row.httpStatus, row.responseTimeMs, row.nextRetryAt && isoTime(row.nextRetryAt), row.message],
    ]),
    "No calls.",
  )
}

function isoTime(at: number): string {
  return new Date(at).toISOString()
}

async function showRow(n: number): Promise<Outcome> {
  const { listOwnersOfAttempts } = await import("../webhooks/operator-view.ts")
  const { getAttempt, toCurl } = await import("../webhooks/delivery-log.ts")
  const { toLogDetail } = await import("../webhooks/logs.wire.ts")
  const { describeClass } = await import("../webhooks/attempt-class.ts")
  const record = await withDatabase(async ({ db }) => {
    const owner = (await listOwnersOfAttempts(db, [n])).get(n)
    if (owner === undefined) throw new Refusal("not_found", `There is no log row ${n}: ./sepay webhook log --webhook N`)
    return getAttempt(db, owner, n)
  })
  const words = describeClass(record.class, record.httpStatus)
  const curl = toCurl(record)
  return { json: toLogDetail(record, words, curl), text: formatRecord(record, words.hint, curl) }
}

function formatRecord(record: AttemptRecord, hint: string | undefined, curl: string | undefined): string {
  const { request, response, message } = record
  const head = (headers: readonly (readonly [string, string])[]) => headers.map(([name, value]) => `${name}: ${value}`)
  const sections = [
    [formatRows([record])],
    [`Delivery ${record.deliveryUuid} of webhook ${record.webhookId}, version ${record.configVersion}`],
    ...(hint === undefined ? [] : [[hint]]),
    request === undefined
      ? ["Nothing was sent."]
      : [`POST ${record.requestUrl}`, ...head(request.headers), "", request.body],
    response === undefined
      ? [message ?? "Nothing was answered."]
      : [`HTTP ${record.httpStatus}`, ...head(response.headers), "", new TextDecoder().decode(response.body)],
    ...(curl === undefined ? [] : [["Again by hand, with the real credentials in place of ****:", curl]]),
  ]
  return printableText(sections.map((lines) => lines.join("\n").trimEnd()).join("\n\n"))
}
