import { z } from "zod"
import type { Instant } from "../clock.ts"
import { idParameter, idValue, integerField, listAnswer, oneAnswer, pageQuery } from "../http/api-values.wire.ts"
import { formatVietnamTime, parseBookedAt } from "../vietnam-time.ts"
import type { AttemptRecord, LogFilter, LoggedAttempt } from "./delivery-log.ts"
import type { Explanation } from "./explain.ts"
import type { Check } from "./filter.ts"
import type { ReplayResult } from "./replay.ts"
import type { TestResult } from "./test-send.ts"

const classes = [
  ...(["ok", "wrong_body", "http_error", "gone", "timeout", "dns", "connect", "tls", "tls_name", "tls_ca"] as const),
  ...(["send", "receive", "oauth_token", "blocked", "interrupted", "late", "cancelled"] as const),
] as const
const kinds = ["auto", "replay", "test"] as const

const instantParameter = z
  .string()
  .transform((text, context) => {
    const parsed = parseBookedAt(text)
    if (parsed !== undefined) return parsed.at
    context.addIssue({ code: "custom", message: "must be a time as YYYY-MM-DD, YYYY-MM-DD HH:mm:ss or RFC 3339" })
    return z.NEVER
  })
  .meta({ type: "string", examples: ["2026-07-04 10:00:00"] })

/** Query of GET /webhooks/{id}/logs (contract/webhooks.md §9). */
export const logsQuery = z.object({
  from: instantParameter.optional().meta({ description: "Begun at or after." }),
  to: instantParameter.optional().meta({ description: "Begun before." }),
  result: z.enum(["success", "failed"], { error: "must be success or failed" }).optional(),
  class: z.enum(classes, { error: `must be one of ${classes.join(", ")}` }).optional(),
  kind: z.enum(kinds, { error: "must be auto, replay or test" }).optional(),
  transaction_id: idParameter.optional(),
  ...pageQuery.shape,
})

const failedClasses = classes.filter((one) => one !== "ok" && one !== "late" && one !== "cancelled")

export function toLogFilter(query: z.output<typeof logsQuery>): LogFilter {
  const { from, to, result, class: wanted, kind, transaction_id: transactionId } = query
  const ofResult: readonly string[] | undefined = result && { success: ["ok"], failed: failedClasses }[result]
  const classesWanted = wanted === undefined ? ofResult : [wanted].filter((one) => ofResult?.includes(one) !== false)
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { before: to }),
    // None left means none wanted: no row has this class.
    ...(classesWanted !== undefined && { classes: classesWanted.length === 0 ? [""] : classesWanted }),
    ...(kind !== undefined && { kind }),
    ...(transactionId !== undefined && { transactionId }),
  } as LogFilter
}

const instantValue = z
  .string()
  .meta({ description: "RFC 3339, in Vietnam time.", examples: ["2026-07-04T10:22:31+07:00"] })
const headerList = z.array(z.strictObject({ name: z.string(), value: z.string() }))

const logBody = z.strictObject({
  n: z.int().min(1).meta({ description: "Number of the row." }),
  delivery_id: z.string().meta({ description: "UUID, as in X-Delivery-Id." }),
  kind: z.enum(kinds),
  attempt: z.int().min(1).meta({ description: "As in X-Delivery-Attempt." }),
  webhook_id: idValue,
  config_version: z.int().min(1),
  transaction_id: idValue.nullable(),
  class: z.enum(classes),
  status: z.enum(["success", "failed", "wrong_body", "timeout", "blocked", "interrupted", "late", "not_sent"]),
  http_status: z.int().nullable(),
  error_code: z.int().meta({ description: "As curl numbers it; 0 when there is none." }),
  message: z.string().nullable(),
  hint: z.string().nullable(),
  response_time_ms: z.int(),
  dns_ms: z.int().nullable(),
  connect_ms: z.int().nullable(),
  tls_ms: z.int().nullable(),
  first_byte_ms: z.int().nullable(),
  request_url: z.string(),
  started_at: instantValue,
  ended_at: instantValue,
  next_retry_at: instantValue.nullable(),
  replay_of: z.int().nullable(),
})

/** Answers of the log routes. */
export const logsAnswer = listAnswer(logBody)
export const logAnswer = oneAnswer(
  z.strictObject({
    ...logBody.shape,
    request: z
      .strictObject({ headers: headerList, body: z.string(), body_sha256: z.string() })
      .nullable()
      .meta({ description: "Credentials are masked. Null when nothing was sent." }),
    response: z
      .strictObject({ headers: headerList, body: z.string() })
      .nullable()
      .meta({ description: "What arrived of the answer, at most 64 KiB." }),
    curl: z.string().nullable(),
  }),
)

/** What an attempt's class means to people; handed in, as the words live elsewhere. */
export interface ClassWords {
  readonly status: string
  readonly hint: string | undefined
}

export function toLogBody(attempt: LoggedAttempt, words: ClassWords): z.input<typeof logBody> {
  return {
    n: attempt.n,
    delivery_id: attempt.deliveryUuid,
    kind: attempt.kind,
    attempt: attempt.attemptNumber,
    webhook_id: attempt.webhookId,
    config_version: attempt.configVersion,
    transaction_id: attempt.transactionId,
    class: attempt.class,
    status: words.status as z.input<typeof logBody>["status"],
    http_status: attempt.httpStatus,
    error_code: attempt.errorCode,
    message: attempt.message,
    hint: words.hint ?? null,
    response_time_ms: attempt.responseTimeMs,
    dns_ms: attempt.dnsMs,
    connect_ms: attempt.connectMs,
    tls_ms: attempt.tlsMs,
    first_byte_ms: attempt.firstByteMs,
    request_url: attempt.requestUrl,
    started_at: zonedTime(attempt.startedAt),
    ended_at: zonedTime(attempt.endedAt),
    next_retry_at: attempt.nextRetryAt === null ? null : zonedTime(attempt.nextRetryAt),
    replay_of: attempt.replayOf,
  }
}

export function toLogDetail(record: AttemptRecord, words: ClassWords, curl: string | undefined) {
  const { request, response } = record
  return {
    ...toLogBody(record, words),
    request:
      request === undefined
        ? null
        : { headers: request.headers.map(toHeader), body: request.body, body_sha256: request.sha256 },
    response:
      response === undefined
        ? null
        : { headers: response.headers.map(toHeader), body: new TextDecoder().decode(response.body) },
    curl: curl ?? null,
  }
}

function toHeader([name, value]: readonly [name: string, value: string]) {
  return { name, value }
}

/** RFC 3339 in Vietnam time, to the second. */
export function zonedTime(at: Instant): string {
  return `${formatVietnamTime(at).replace(" ", "T")}+07:00`
}

/** Body of POST /webhook-logs/replay. */
export const replayBody = z.object({
  ids: z
    .array(integerField(1, Number.MAX_SAFE_INTEGER), { error: "must be an array of log row numbers" })
    .meta({ description: "At most 20, each once." }),
})

export const replayAnswer = oneAnswer(
  z.strictObject({
    results: z.array(z.strictObject({ id: z.int(), delivery_id: z.string().nullable(), error: z.string().nullable() })),
  }),
)

export function toReplayBody(results: readonly ReplayResult[]) {
  return {
    results: results.map((result) =>
      "problem" in result
        ? { id: result.n, delivery_id: null, error: result.problem }
        : { id: result.n, delivery_id: result.deliveryUuid, error: null },
    ),
  }
}

export const testAnswer = oneAnswer(
  z.strictObject({
    delivery_id: z.string(),
    class: z.enum(classes),
    status: logBody.shape.status,
    http_status: z.int().nullable(),
    error_code: z.int(),
    message: z.string().nullable(),
    hint: z.string().nullable(),
    response_time_ms: z.int(),
    response_body: z.string().nullable(),
  }),
)

export function toTestBody({ deliveryUuid, attempt }: TestResult, words: ClassWords) {
  return {
    delivery_id: deliveryUuid,
    class: attempt.class,
    status: words.status,
    http_status: attempt.httpStatus,
    error_code: attempt.errorCode,
    message: attempt.message,
    hint: words.hint ?? null,
    response_time_ms: attempt.responseTimeMs,
    response_body: attempt.responseBody === null ? null : new TextDecoder().decode(attempt.responseBody),
  }
}

/** Query of GET /webhooks/{id}/explain. */
export const explainQuery = z.object({ transaction_id: idParameter.optional() })

const checkBody = z.strictObject({
  check: z.enum(["active", "notified", "account", "va", "direction", "code", "prefix"]),
  passed: z.boolean(),
  wanted: z.string(),
  found: z.string(),
})
const verdictValue = z.enum([
  ...(["sent", "inactive", "import_silent", "account", "va", "direction", "no_code", "prefix"] as const),
])

export const explainAnswer = oneAnswer(
  z.strictObject({
    webhook_id: idValue,
    transaction_id: idValue,
    recorded_at: instantValue,
    created_later: z.boolean().meta({ description: "The webhook is younger than the transaction." }),
    unconfirmed: z.boolean().meta({ description: "The transaction is still held." }),
    decided: z.strictObject({ config_version: z.int(), verdict: verdictValue, checks: z.array(checkBody) }).nullable(),
    now: z.strictObject({ verdict: verdictValue, checks: z.array(checkBody) }),
    deliveries: z.array(
      z.strictObject({
        delivery_id: z.string(),
        kind: z.string(),
        state: z.string(),
        reason: z.string().nullable(),
        attempts: z.int(),
        created_at: instantValue,
        last_log_id: z.int().nullable(),
        last_class: z.string().nullable(),
        last_message: z.string().nullable(),
        next_retry_at: instantValue.nullable(),
      }),
    ),
  }),
)

export function toExplainBody({ decided, now, deliveries, ...pair }: Explanation) {
  return {
    webhook_id: pair.webhookId,
    transaction_id: pair.transactionId,
    recorded_at: zonedTime(pair.recordedAt),
    created_later: decided === undefined,
    unconfirmed: false,
    decided:
      decided === undefined
        ? null
        : {
            config_version: decided.configVersion,
            verdict: decided.verdict,
            checks: decided.checks.map(toCheckBody),
          },
    now: { verdict: now.verdict, checks: now.checks.map(toCheckBody) },
    deliveries: deliveries.map((delivery) => ({
      delivery_id: delivery.uuid,
      kind: delivery.kind,
      state: delivery.state,
      reason: delivery.reason,
      attempts: delivery.attempts,
      created_at: zonedTime(delivery.createdAt),
      last_log_id: delivery.lastNumber,
      last_class: delivery.lastClass,
      last_message: delivery.lastMessage,
      next_retry_at: delivery.nextRetryAt === null ? null : zonedTime(delivery.nextRetryAt),
    })),
  }
}

function toCheckBody({ check, passed, wanted, found }: Check) {
  return { check, passed, wanted, found }
}
