import type { OutboundResponse, OutboundResult } from "../outbound/outbound.ts"
import { type AttemptClass, errorCodeOf } from "./attempt-class.ts"
import type { Webhook } from "./webhook.ts"

/** What is known of an attempt that was made; whether it is retried is `nextStep`'s decision. */
export interface Outcome {
  readonly class: Exclude<AttemptClass, "late">
  readonly errorCode: number
  /** What was wrong, in English and on one line; undefined when delivered. */
  readonly message: string | undefined
  /** Undefined when no answer began. */
  readonly httpStatus: number | undefined
}

type Answered = Extract<OutboundResult, { kind: "answered" }>

const LONGEST_BODY_BYTES = 64 * 1024
const GONE = 410

/**
 * Says how a request to a webhook URL ended (contract/webhooks.md §4).
 *
 * A status outside 200–299 decides whatever became of its body: that one is only read for the log.
 */
export function classify(result: OutboundResult, webhook: Pick<Webhook, "disableOn410">): Outcome {
  const { response } = result
  const httpStatus = response?.status
  if (response !== undefined && !isSuccessStatus(response.status)) {
    const attemptClass = response.status === GONE && webhook.disableOn410 ? "gone" : "http_error"
    return { class: attemptClass, errorCode: 0, message: describeStatus(response), httpStatus }
  }
  if (result.kind === "failed") {
    return { class: result.failure, errorCode: errorCodeOf(result.failure), message: result.message, httpStatus }
  }
  const fault = findBodyFault(result)
  return { class: fault === undefined ? "ok" : "wrong_body", errorCode: 0, message: fault, httpStatus }
}

function isSuccessStatus(status: number): boolean {
  return status >= 200 && status <= 299
}

function describeStatus({ status, headers }: OutboundResponse): string {
  const location = headers.find(([name]) => name === "location")?.[1]
  const redirected = status >= 300 && status <= 399 && location !== undefined
  const target = redirected ? ` with a redirect to ${location}, which is not followed` : ""
  return `Your endpoint answered ${status}${target}.`
}

/** Why a 2xx answer is not "delivered", or undefined when it is. */
function findBodyFault({ response, bodyEnd }: Answered): string | undefined {
  const { status, headers, body } = response
  if (status !== 200 && status !== 201) return `Your endpoint answered ${status}; only 200 and 201 count.`
  const said = `Your endpoint answered ${status} but`
  if (bodyEnd === "too_large" || body.length > LONGEST_BODY_BYTES) return `${said} the body is larger than 64 KiB.`
  if (bodyEnd !== "complete") return `${said} the body was not read to its end.`
  const encoding = findForeignEncoding(headers)
  if (encoding !== undefined) return `${said} the body is encoded as ${encoding}, which was not asked for.`
  const fault = findSuccessFault(body)
  return fault && `${said} ${fault}.`
}

/** The first content encoding other than identity; each header may list several. RFC 9110 §8.4. */
function findForeignEncoding(headers: OutboundResponse["headers"]): string | undefined {
  return headers
    .filter(([name]) => name === "content-encoding")
    .flatMap(([, value]) => value.split(","))
    .map((coding) => coding.trim())
    .find((coding) => coding !== "" && coding.toLowerCase() !== "identity")
}

/** Bytes that are no UTF-8 read as U+FFFD: a message in an old charset beside `"success": true` does no harm. */
function findSuccessFault(body: Buffer): string | undefined {
  if (body.length === 0) return "the body is empty"
  let answer: unknown
  try {
    answer = JSON.parse(body.toString("utf8").replace(/^\ufeff/, ""))
  } catch {
    return "the body is not JSON"
  }
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return "the body is no JSON object"
  if (!("success" in answer)) return 'the body has no "success": true'
  return answer.success === true ? undefined : `"success" is ${describeValue(answer.success)}, not the boolean true`
}

function describeValue(value: unknown): string {
  if (typeof value === "string") return value === "true" ? 'the text "true"' : "a text"
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object"
  return String(value)
}
