import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { ApiError } from "../http/api-error.ts"
import { pathId, readBody, readQuery } from "../http/api-input.ts"
import { idPathParameter } from "../http/api-surface.ts"
import { idParams } from "../http/api-values.wire.ts"
import { pagination } from "../http/pagination.ts"
import type { WebhookId } from "../ids.ts"
import { gates } from "../oauth/api-access.hook.ts"
import { describeClass } from "./attempt-class.ts"
import type { DeliveryTools } from "./deliver.ts"
import { getAttempt, listAttemptsOf, toCurl } from "./delivery-log.ts"
import { explain } from "./explain.ts"
import { managerOf } from "./list-webhooks.ts"
import {
  explainAnswer,
  explainQuery,
  logAnswer,
  logsAnswer,
  logsQuery,
  replayAnswer,
  replayBody,
  testAnswer,
  toExplainBody,
  toLogBody,
  toLogDetail,
  toLogFilter,
  toReplayBody,
  toTestBody,
} from "./logs.wire.ts"
import {
  explainExample,
  logExample,
  logsExample,
  replayExample,
  replayRequestExample,
  testExample,
} from "./logs-examples.wire.ts"
import { replayAttempts } from "./replay.ts"
import { sendTest } from "./test-send.ts"

const mayRead = gates("webhook:read", { permission: "webhook.list" })
const mayWrite = gates("webhook:write", { permission: "webhook.update" })

/** Log, replay, test send and explanation of webhooks (contract/webhooks.md §9). */
export function webhookLogRoutes(v1: FastifyInstance, context: Context, tools: DeliveryTools): void {
  readingRoutes(v1, context)
  sendingRoutes(v1, context, tools)
}

function readingRoutes(v1: FastifyInstance, { db }: Context): void {
  const logs = {
    summary: "Calls of a webhook, newest first",
    params: idParams,
    querystring: logsQuery,
    response: { 200: logsAnswer },
    examples: { 200: logsExample },
    failures: [400],
  }
  v1.get(`/webhooks/${idPathParameter}/logs`, { config: mayRead, schema: logs }, async (request) => {
    const webhookId = pathId(request.params) as WebhookId
    const query = readQuery(logsQuery, request.query)
    const page = { page: query.page, limit: query.limit }
    const found = await listAttemptsOf(db, request.access, webhookId, { filter: toLogFilter(query), page })
    const data = found.attempts.map((attempt) => toLogBody(attempt, describeClass(attempt.class, attempt.httpStatus)))
    return { status: "success", data, meta: { pagination: pagination(found.total, page) } }
  })

  const log = {
    summary: "One call, with all that was sent and answered",
    params: idParams,
    response: { 200: logAnswer },
    examples: { 200: logExample },
  }
  v1.get(`/webhook-logs/${idPathParameter}`, { config: mayRead, schema: log }, async (request) => {
    const record = await getAttempt(db, request.access, pathId(request.params))
    const data = toLogDetail(record, describeClass(record.class, record.httpStatus), toCurl(record))
    return { status: "success", data }
  })

  const why = {
    summary: "Why a webhook heard of a transaction, or did not",
    params: idParams,
    querystring: explainQuery,
    response: { 200: explainAnswer },
    examples: { 200: explainExample },
    failures: [400],
  }
  v1.get(`/webhooks/${idPathParameter}/explain`, { config: mayRead, schema: why }, async (request) => {
    const webhookId = pathId(request.params) as WebhookId
    const { transaction_id: transactionId } = readQuery(explainQuery, request.query)
    if (transactionId === undefined) {
      const errors = { transaction_id: ["transaction_id is required"] }
      throw new ApiError("invalid_request", "transaction_id is required", { errors })
    }
    return { status: "success", data: toExplainBody(await explain(db, request.access, { transactionId, webhookId })) }
  })
}

function sendingRoutes(v1: FastifyInstance, { db, config, clock }: Context, tools: DeliveryTools): void {
  const replay = {
    summary: "Make deliveries again",
    description: "The same payload, to the webhook as it is now. At most 20 rows a call and 10 calls a minute.",
    body: replayBody,
    response: { 200: replayAnswer },
    examples: { 200: replayExample },
    requestExample: replayRequestExample,
    failures: [400, 413, 415],
  }
  v1.post("/webhook-logs/replay", { config: mayWrite, schema: replay }, async (request) => {
    const { ids } = readBody(replayBody, request.body)
    const results = await replayAttempts(db, clock.now(), managerOf(request.access), ids)
    return { status: "success", data: toReplayBody(results) }
  })

  const test = {
    summary: "Send a test to a webhook, at once",
    description: "The payload has id 0. At most 10 a minute.",
    params: idParams,
    response: { 200: testAnswer },
    examples: { 200: testExample },
    failures: [413, 415],
  }
  v1.post(`/webhooks/${idPathParameter}/test`, { config: mayWrite, schema: test }, async (request) => {
    const webhookId = pathId(request.params) as WebhookId
    const result = await sendTest(db, config.keyring, tools, { manager: managerOf(request.access), webhookId })
    const words = describeClass(result.attempt.class, result.attempt.httpStatus)
    return { status: "success", data: toTestBody(result, words) }
  })
}
