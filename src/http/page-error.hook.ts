import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { DatabaseBusy, DatabaseUnavailable } from "../database/engine.ts"
import { Refusal, type RefusalReason } from "../refusal.ts"
import { errorPage } from "./error.page.ts"
import { NotAForm } from "./form-body.ts"
import { sendPage } from "./page-answer.ts"

export interface ErrorAnswer {
  readonly status: number
  readonly retryAfterSeconds?: number | undefined
}

const statuses: Readonly<Record<RefusalReason, number>> = {
  invalid: 400,
  unauthenticated: 403,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  too_many: 429,
  quota_exceeded: 429,
  unavailable: 503,
}

const defaultRetryAfterSeconds = 5

/** Makes a scope answer refusals, failures and unknown paths with pages (contract/oauth.md §1). */
export function answerWithPages(scope: FastifyInstance): void {
  scope.setErrorHandler((error, request, reply) => {
    const answer = toAnswer(error)
    if (answer.status >= 500) request.log.error({ err: error }, "page failed")
    return sendErrorPage(request, reply, answer)
  })
  scope.setNotFoundHandler((request, reply) => sendErrorPage(request, reply, { status: 404 }))
}

/** Sends the error page of a status. */
export function sendErrorPage(request: FastifyRequest, reply: FastifyReply, answer: ErrorAnswer): FastifyReply {
  const { status, retryAfterSeconds } = answer
  if (retryAfterSeconds !== undefined) reply.header("retry-after", retryAfterSeconds)
  const page = errorPage({ status, requestId: request.id, language: request.language, retryAfterSeconds })
  return sendPage(reply, page, status)
}

function toAnswer(error: unknown): ErrorAnswer {
  if (error instanceof Refusal) {
    const status = statuses[error.reason]
    const isPassing = status === 429 || status === 503
    const { retryAfterSeconds = isPassing ? defaultRetryAfterSeconds : undefined } = error.details
    return { status, retryAfterSeconds }
  }
  if (error instanceof DatabaseUnavailable || error instanceof DatabaseBusy) {
    return { status: 503, retryAfterSeconds: defaultRetryAfterSeconds }
  }
  if (error instanceof NotAForm) return { status: 400 }
  // Fastify's own: a body too large, a broken header.
  const { statusCode } = error as { statusCode?: unknown }
  return { status: typeof statusCode === "number" && statusCode >= 400 && statusCode < 500 ? statusCode : 500 }
}
