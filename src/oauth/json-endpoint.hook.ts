import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { DatabaseBusy, DatabaseUnavailable } from "../database/engine.ts"
import { acceptForms, type Form, NotAForm } from "../http/form-body.ts"
import { answerOtherMethods } from "../http/other-methods.ts"
import { createFailureCounter } from "../http/rate-limit.ts"
import { networkOf } from "../network.ts"
import { type ExactReason, exactly } from "./exact-reason.ts"
import { OAuthError, type OAuthErrorDetails } from "./oauth-error.ts"
import type { OAuthErrorCode } from "./protocol.ts"
import { noteCall } from "./request-log.hook.ts"

const bodyLimitBytes = 64 * 1024

const statusOf: Readonly<Record<OAuthErrorCode, number>> = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  invalid_scope: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  method_not_allowed: 405,
  payload_too_large: 413,
  rate_limited: 429,
  server_error: 500,
  temporarily_unavailable: 503,
}

/**
 * Mounts JSON endpoints that take a form (contract/oauth.md §1): error bodies, CORS, the failure budget of the address,
 * content type, size and methods. `mount` declares the routes.
 */
export function jsonEndpoints(app: FastifyInstance, context: Context, mount: (scope: FastifyInstance) => void): void {
  const failures = createFailureCounter(context.config.rateLimits.failures, context.clock)
  app.register(async (scope) => {
    acceptForms(scope, bodyLimitBytes)
    scope.addHook("onRoute", (route) => {
      route.config = { ...route.config, surface: "oauth" }
    })
    scope.addHook("onRequest", async (request, reply) => {
      reply.header("cache-control", "no-store").header("pragma", "no-cache")
      allowAllOrigins(reply)
      const blockedSeconds = request.method === "POST" ? failures.blockedSeconds(networkOf(request.ip)) : 0
      if (blockedSeconds > 0) {
        throw new OAuthError("rate_limited", "Too many failed requests from this address.", {
          retryAfterSeconds: blockedSeconds,
        })
      }
    })
    scope.addHook("onSend", async (request, reply) => {
      if (reply.statusCode === 400 || reply.statusCode === 401) failures.record(networkOf(request.ip))
    })
    scope.setErrorHandler((error, request, reply) => answerError(context, error, request, reply))
    const addOtherMethods = answerOtherMethods(scope, (request, reply, allow) => {
      if (request.method === "OPTIONS") return answerPreflight(reply)
      reply.header("allow", allow)
      throw new OAuthError("method_not_allowed", `Use ${allow}.`)
    })
    mount(scope)
    addOtherMethods()
  })
}

/** Lets any page read the answer: these endpoints authenticate by what the body holds, never by cookie (§14). */
export function allowAllOrigins(reply: FastifyReply): void {
  reply
    .header("access-control-allow-origin", "*")
    .header("access-control-expose-headers", "WWW-Authenticate, Retry-After, X-Request-Id")
}

function answerPreflight(reply: FastifyReply): FastifyReply {
  return reply
    .code(204)
    .header("access-control-allow-methods", "GET, POST, OPTIONS")
    .header("access-control-allow-headers", "Authorization, Content-Type, DPoP, X-Request-Id")
    .header("access-control-max-age", "600")
    .send()
}

function answerError(context: Context, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = toOAuthError(error)
  const status = statusOf[refusal.code]
  context.metrics.tokenErrors.inc({ error: refusal.code })
  if (status >= 500) request.log.error({ err: error }, refusal.message)
  else request.log.info({ error: refusal.code, reason: refusal.details.exact?.code ?? refusal.message }, "refused")
  const exact = refusal.details.exact ?? exactOfStatus(status)
  noteCall(request, { error: refusal.code, ...(exact !== undefined && { exact }) })
  if (refusal.code === "invalid_client" && request.headers.authorization !== undefined) {
    reply.header("www-authenticate", 'Basic realm="SePay"')
  }
  const { hint, retryAfterSeconds } = refusal.details
  if (retryAfterSeconds !== undefined) reply.header("retry-after", retryAfterSeconds)
  const text = refusal.message
  return reply
    .code(status)
    .header("content-type", "application/json; charset=utf-8")
    .send(
      JSON.stringify({
        error: refusal.code,
        error_description: text,
        message: text,
        ...(hint !== undefined && { hint }),
      }),
    )
}

function exactOfStatus(status: number): ExactReason | undefined {
  if (status === 503) return exactly("unavailable")
  return status === 500 ? exactly("server_error") : undefined
}

function toOAuthError(error: unknown): OAuthError {
  if (error instanceof OAuthError) return error
  if (error instanceof NotAForm) {
    return new OAuthError("invalid_request", "Content-Type must be application/x-www-form-urlencoded", {
      exact: exactly("content_type_wrong"),
    })
  }
  if (error instanceof DatabaseUnavailable || error instanceof DatabaseBusy) {
    return new OAuthError("temporarily_unavailable", "Try again in a moment.", unavailableDetails)
  }
  const { code, statusCode } = error as FastifyError
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return new OAuthError("payload_too_large", "The body is larger than 64 KiB.")
  }
  if (statusCode === 503) return new OAuthError("temporarily_unavailable", "Shutting down.", unavailableDetails)
  if (statusCode !== undefined && statusCode < 500)
    return new OAuthError("invalid_request", "The request is malformed.")
  return new OAuthError("server_error", "Something failed here; nothing was issued.")
}

const unavailableDetails: OAuthErrorDetails = { retryAfterSeconds: 1 }

/** Reads the known parameters of a form: each at most once, an empty one counts as absent (contract/oauth.md §1). */
export interface Parameters<Name extends string> {
  get(name: Name): string | undefined
  /** @throws OAuthError invalid_request when it is absent */
  require(name: Name): string
}

/**
 * @throws OAuthError invalid_request when a known parameter is repeated, or stands in the query string
 */
export function readParameters<Name extends string>(request: FastifyRequest, known: readonly Name[]): Parameters<Name> {
  const query = request.query as Record<string, unknown>
  const form = (request.body ?? new Map()) as Form
  for (const name of known) {
    if (name in query)
      throw malformed(
        name,
        `${name} must be in the body, not in the query string`,
        exactly("parameter_in_query", { parameter: name }),
      )
    if ((form.get(name)?.length ?? 0) > 1)
      throw malformed(name, `${name} was sent more than once`, exactly("parameter_repeated", { parameter: name }))
  }
  const get = (name: Name) => {
    const value = form.get(name)?.[0]
    return value === "" ? undefined : value
  }
  return {
    get,
    require: (name) => {
      const value = get(name)
      if (value === undefined)
        throw malformed(name, `${name} is required`, exactly("parameter_missing", { parameter: name }))
      return value
    },
  }
}

function malformed(name: string, description: string, exact: ExactReason): OAuthError {
  return new OAuthError("invalid_request", description, { hint: name, exact })
}
