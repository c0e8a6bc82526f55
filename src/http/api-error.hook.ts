import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { DatabaseBusy, DatabaseUnavailable } from "../database/engine.ts"
import { Refusal, type RefusalReason } from "../refusal.ts"
import { ApiError, type ApiErrorCode, apiErrorBody, apiErrorStatus } from "./api-error.ts"

declare module "fastify" {
  interface FastifyRequest {
    /** What the API refused the request with, if it did. */
    apiError: ApiError | undefined
  }
}

const codeOf: Readonly<Record<RefusalReason, ApiErrorCode>> = {
  invalid: "invalid_request",
  unauthenticated: "invalid_token",
  forbidden: "forbidden",
  not_found: "not_found",
  conflict: "conflict",
  gone: "gone",
  too_many: "rate_limited",
  // Every refused write of this API is 400, a limit included (contract/api.md §4).
  quota_exceeded: "invalid_request",
  unavailable: "unavailable",
}

const oneSecond = { headers: { "retry-after": 1 } }

/** Answers whatever a route of the scope throws with the error body of contract/api.md §4. */
export function answerApiErrors(scope: FastifyInstance): void {
  scope.decorateRequest("apiError", undefined)
  scope.setErrorHandler((error, request, reply) => {
    const refusal = toApiError(error)
    if (apiErrorStatus[refusal.code] >= 500) request.log.error({ err: error }, refusal.message)
    else request.log.info({ error: refusal.code }, "refused")
    return sendApiError(request, reply, refusal)
  })
}

/** Sends one error answer. */
export function sendApiError(request: FastifyRequest, reply: FastifyReply, refusal: ApiError): FastifyReply {
  request.apiError = refusal
  if (refusal.details.headers !== undefined) reply.headers(refusal.details.headers)
  return reply
    .code(apiErrorStatus[refusal.code])
    .header("content-type", "application/json; charset=utf-8")
    .send(apiErrorBody(refusal))
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof Refusal) return fromRefusal(error)
  if (error instanceof DatabaseUnavailable || error instanceof DatabaseBusy) {
    return new ApiError("unavailable", "The service is not available at the moment", oneSecond)
  }
  const { statusCode } = error as FastifyError
  if (statusCode === 503) return new ApiError("unavailable", "The service is shutting down", oneSecond)
  if (statusCode !== undefined && statusCode < 500) return new ApiError("invalid_request", "The request is malformed")
  return new ApiError("server_error", "Something failed on our side")
}

function fromRefusal({ reason, message, details }: Refusal): ApiError {
  const { errors, hint, retryAfterSeconds = reason === "unavailable" ? 1 : undefined } = details
  return new ApiError(codeOf[reason], message, {
    errors,
    hint,
    headers: retryAfterSeconds === undefined ? undefined : { "retry-after": retryAfterSeconds },
  })
}
