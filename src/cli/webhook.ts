import type { CompanyId, WebhookId } from "../ids.ts"
import type { Command, Outcome } from "./command.ts"
import { listAll } from "./list-all.ts"
import { formatTable, printableText } from "./table.ts"
import { withDatabase } from "./with-database.ts"

const mostId = Number.MAX_SAFE_INTEGER

/** `./sepay webhook list`. */
export const webhookList: Command = {
  name: "webhook list",
  summary: "Lists webhooks",
  options: {
    "company-id": { kind: "number", value: "N", help: "Only of this company", least: 1, most: mostId },
  },
  run: async (input) => {
    const { listEveryWebhook } = await import("../webhooks/operator-view.ts")
    const companyId = input.number("company-id") as CompanyId | undefined
    const found = await withDatabase(({ db }) => listAll((after) => listEveryWebhook(db, { companyId, after })))
    const webhooks = found.map((webhook) => ({
      id: webhook.id,
      company_id: webhook.companyId,
      mode: webhook.mode,
      name: webhook.name,
      webhook_url: webhook.webhookUrl,
      authen_type: webhook.authenType,
      request_content_type: webhook.requestContentType,
      active: webhook.active,
      off_reason: webhook.offReason ?? null,
      config_version: webhook.configVersion,
      created_at: new Date(webhook.createdAt).toISOString(),
    }))
    const text = formatTable(
      ["ID", "COMPANY", "MODE", "STATUS", "AUTH", "NAME", "URL"],
      webhooks.map((row) => {
        const status = row.active ? "on" : row.off_reason === null ? "off" : `off (${row.off_reason})`
        return [row.id, row.company_id, row.mode, status, row.authen_type, row.name, row.webhook_url]
      }),
      "No webhooks yet: apps make them by POST /api/v1/webhooks.",
    )
    return { json: { webhooks }, text }
  },
}

/** `./sepay webhook test`. */
export const webhookTest: Command = {
  name: "webhook test",
  summary: "Sends a test to a webhook from this machine, at once, and shows the answer",
  options: {
    webhook: { kind: "number", value: "N", help: "See ./sepay webhook list", required: true, least: 1, most: mostId },
  },
  examples: ["./sepay webhook test --webhook 3"],
  run: async (input) => {
    const webhookId = input.requiredNumber("webhook") as WebhookId
    const { getOwnerOfWebhook } = await import("../webhooks/operator-view.ts")
    const { createOutbound } = await import("../outbound/guarded-request.ts")
    const { createDeliveryTools } = await import("../webhooks/delivery-service.ts")
    const { sendTest } = await import("../webhooks/test-send.ts")
    const result = await withDatabase(async ({ config, db, clock }) => {
      const outbound = createOutbound(config.outbound)
      try {
        const owner = await getOwnerOfWebhook(db, webhookId)
        const manager = { ...owner, actor: { kind: "operator" } } as const
        return await sendTest(db, config.keyring, createDeliveryTools({ clock, outbound }), { manager, webhookId })
      } finally {
        await outbound.close()
      }
    })
    const { describeClass } = await import("../webhooks/attempt-class.ts")
    const { toTestBody } = await import("../webhooks/logs.wire.ts")
    return describeTest(toTestBody(result, describeClass(result.attempt.class, result.attempt.httpStatus)))
  },
}

interface TestBody {
  readonly class: string
  readonly http_status: number | null
  readonly message: string | null
  readonly hint: string | null
  readonly response_time_ms: number
  readonly response_body: string | null
}

function describeTest(body: TestBody): Outcome {
  const succeeded = body.class === "ok"
  const answer = body.http_status === null ? "no answer" : `HTTP ${body.http_status}`
  const lines = [
    `${succeeded ? "Delivered" : `Failed (${body.class})`}: ${answer} after ${body.response_time_ms} ms.`,
    ...(body.message === null ? [] : [body.message]),
    ...(body.hint === null ? [] : [body.hint]),
    ...(body.response_body ? ["", printableText(body.response_body)] : []),
  ]
  return { json: body, text: lines.join("\n"), ...(!succeeded && { failed: true as const }) }
}

/** `./sepay webhook explain`. */
export const webhookExplain: Command = {
  name: "webhook explain",
  summary: "Tells why a webhook heard of a transaction, or did not",
  options: {
    transaction: { kind: "number", value: "N", help: "Its id", required: true, least: 1, most: mostId },
    webhook: { kind: "number", value: "N", help: "See ./sepay webhook list", required: true, least: 1, most: mostId },
  },
  examples: ["./sepay webhook explain --transaction 5012 --webhook 3"],
  run: async (input) => {
    const webhookId = input.requiredNumber("webhook") as WebhookId
    const transactionId = input.requiredNumber("transaction")
    const { getOwnerOfWebhook } = await import("../webhooks/operator-view.ts")
    const { explain } = await import("../webhooks/explain.ts")
    const { toExplainBody } = await import("../webhooks/logs.wire.ts")
    const explanation = await withDatabase(async ({ db }) =>
      explain(db, await getOwnerOfWebhook(db, webhookId), { transactionId, webhookId }),
    )
    const body = toExplainBody(explanation)
    return { json: body, text: describeExplanation(body) }
  },
}

type ExplainBody = ReturnType<typeof import("../webhooks/logs.wire.ts")["toExplainBody"]>

function describeExplanation({ decided, now, deliveries }: ExplainBody): string {
  const word = (passed: boolean | undefined) => (passed === undefined ? "-" : passed ? "yes" : "NO")
  const checks = formatTable(
    ["CHECK", "PASSED THEN", "PASSES NOW", "WANTED NOW", "FOUND"],
    now.checks.map((check) => {
      const before = decided?.checks.find((one) => one.check === check.check)
      return [check.check, word(before?.passed), word(check.passed), check.wanted, check.found]
    }),
    "No checks.",
  )
  const made = formatTable(
    ["DELIVERY", "KIND", "STATE", "ATTEMPTS", "LAST LOG ROW", "LAST CLASS", "NEXT RETRY"],
    deliveries.map((one) => [
      ...[one.delivery_id, one.kind, one.reason === null ? one.state : `${one.state} (${one.reason})`],
      ...[one.attempts, one.last_log_id, one.last_class, one.next_retry_at],
    ]),
    "No deliveries came of it.",
  )
  const then = decided === null ? "not asked: the webhook is younger than the transaction" : decided.verdict
  return [`then  ${then}`, `now   ${now.verdict}`, "", checks, "", made].join("\n")
}
