import type { FastifyError, FastifyInstance, FastifyReply } from "fastify"
import { DatabaseBusy, DatabaseUnavailable } from "../database/engine.ts"
import { Refusal, type RefusalReason } from "../refusal.ts"

const statusOf = {
  invalid_json: 400,
  invalid_request: 400,
  unauthorized: 401,
  feed_inactive: 403,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  too_large: 413,
  invalid_batch: 422,
  quota_exceeded: 422,
  rate_limited: 429,
  server_error: 500,
  unavailable: 503,
} as const

/** Values of `error` of the feed API (contract/feeds.md §4, §7). */
export type FeedErrorCode = keyof typeof statusOf

export interface FeedErrorDetails {
  readonly errors?: Readonly<Record<string, readonly string[]>>
  readonly headers?: Readonly<Record<string, string | number>>
}

/** A whole call of the feed API is refused; the description is English ASCII. */
export class FeedError extends Error {
  readonly code: FeedErrorCode
  readonly details: FeedErrorDetails

  constructor(code: FeedErrorCode, description: string, details: FeedErrorDetails = {}) {
    super(description)
    this.name = "FeedError"
    this.code = code
    this.details = details
  }
}

/** Answers whatever a route of the scope throws, in the envelope of contract/api.md §4 with the codes of feeds.md §4. */
export function answerFeedErrors(scope: FastifyInstance): void {
  scope.setErrorHandler((error, request, reply) => {
    const refusal = toFeedError(error)
    if (statusOf[refusal.code] >= 500) request.log.error({ err: error }, refusal.message)
    else request.log.info({ error: refusal.code }, "refused")
    return sendFeedError(reply, refusal)
  })
  scope.setNotFoundHandler((_request, reply) =>
    sendFeedError(reply, new FeedError("not_found", "There is no such path")),
  )
}

/** Sends one error answer. */
export function sendFeedError(reply: FastifyReply, { code, message, details }: FeedError): FastifyReply {
  return reply
    .code(statusOf[code])
    .headers({ ...details.headers, "cache-control": "no-store" })
    .type("application/json; charset=utf-8")
    .send(
      JSON.stringify({
        status: "error",
        error: code,
        error_description: message,
        message,
        messages: { error: message },
        ...(details.errors !== undefined && { errors: details.errors }),
      }),
    )
}

const codeOf: Readonly<Record<RefusalReason, FeedErrorCode>> = {
  invalid: "invalid_request",
  unauthenticated: "unauthorized",
  forbidden: "forbidden",
  not_found: "not_found",
  conflict: "conflict",
  gone: "not_found",
  too_many: "rate_limited",
  quota_exceeded: "quota_exceeded",
  unavailable: "unavailable",
}

function toFeedError(error: unknown): FeedError {
  if (error instanceof FeedError) return error
  if (error instanceof Refusal) {
    const { errors } = error.details
    return new FeedError(codeOf[error.reason], error.message, errors === undefined ? {} : { errors })
  }
  if (error instanceof DatabaseUnavailable || error instanceof DatabaseBusy) {
    return new FeedError("unavailable", "The service is not available at the moment", { headers: { "retry-after": 1 } })
  }
  const { statusCode } = error as FastifyError
  if (statusCode === 413) return new FeedError("too_large", "The body is larger than 1 MiB")
  if (statusCode === 503) return new FeedError("unavailable", "The service is shutting down")
  if (statusCode !== undefined && statusCode < 500) return new FeedError("invalid_request", "The request is malformed")
  return new FeedError("server_error", "Something failed on our side")
}
