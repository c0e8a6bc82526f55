import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Clock } from "../clock.ts"
import { type Form, formValue } from "../http/form-body.ts"
import type { Mode } from "../ids.ts"
import { exactApiReason } from "./api-reason.hook.ts"
import type { ExactReason } from "./exact-reason.ts"
import type { RequestLog } from "./request-log.ts"

/** What is known of a call besides the answer, gathered on its way. */
export interface CallNote {
  /** The app that authenticated, or whose token came. */
  readonly client?: { readonly clientId: string; readonly rowId: number | undefined }
  /** An app that was only named. */
  readonly namedClientId?: string | undefined
  readonly error?: string
  readonly exact?: ExactReason | undefined
  readonly mode?: Mode | null
}

declare module "fastify" {
  interface FastifyRequest {
    /** For the request log; undefined while there is nothing to say. */
    callNote: CallNote | undefined
  }
}

/** What a hook of the request log needs. */
export interface LogParts {
  readonly requestLog: RequestLog
  readonly clock: Clock
}

/** Adds to what is known of a call. */
export function noteCall(request: FastifyRequest, note: CallNote): void {
  request.callNote = { ...request.callNote, ...note }
}

/** Logs the calls of the JSON endpoints of a scope, each to the app that authenticated or was named. */
export function logOAuthCalls(scope: FastifyInstance, parts: LogParts): void {
  scope.decorateRequest("callNote", undefined)
  scope.addHook("onResponse", (request, reply, done) => {
    recordCall(request, reply, parts, { namedClientId: namedClient(request), ...request.callNote })
    done()
  })
}

/** Logs the calls of the API, each to the app of its token. */
export function logApiCalls(scope: FastifyInstance, parts: LogParts): void {
  scope.decorateRequest("callNote", undefined)
  scope.addHook("onResponse", (request, reply, done) => {
    const { access, apiError } = request
    const error = apiError === undefined ? {} : { error: apiError.code }
    if (access === undefined) {
      if (request.callNote !== undefined) recordCall(request, reply, parts, { ...error, ...request.callNote })
      return done()
    }
    const client = { clientId: access.clientId, rowId: access.clientRowId }
    const exact = apiError === undefined ? undefined : exactApiReason(request, apiError)
    recordCall(request, reply, parts, { client, mode: access.mode, exact, ...error })
    done()
  })
}

/**
 * Logs how an authorization request goes on or ends, whichever page that is on. The caller is a user's browser: its
 * address is none of the app's business.
 */
export function recordAuthorization(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: LogParts,
  note: CallNote & { readonly status: number },
): void {
  recordCall(request, reply, parts, note, { endpoint: "/oauth/authorize", ip: null, status: note.status })
}

/** Logs a step that the Try it page made for the app, as if the app had called the endpoint itself. */
export function recordTrialCall(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: LogParts,
  note: CallNote & { readonly endpoint: string; readonly status: number },
): void {
  recordCall(request, reply, parts, note, { endpoint: note.endpoint, ip: null, status: note.status })
}

function recordCall(
  request: FastifyRequest,
  reply: FastifyReply,
  { requestLog, clock }: LogParts,
  note: CallNote,
  changes: { readonly endpoint?: string; readonly ip?: null; readonly status?: number } = {},
): void {
  const clientId = note.client?.clientId ?? note.namedClientId
  if (clientId === undefined) return
  requestLog.record({
    clientId,
    clientRowId: note.client?.rowId,
    proven: note.client !== undefined,
    at: clock.now(),
    endpoint: changes.endpoint ?? endpointOf(request.routeOptions.url ?? "(none)"),
    method: request.method,
    status: changes.status ?? reply.statusCode,
    error: note.error ?? null,
    exact: note.exact,
    requestId: request.id,
    ip: changes.ip === null ? null : request.ip,
    userAgent: request.headers["user-agent"] ?? "",
    mode: note.mode ?? null,
    durationMs: reply.elapsedTime,
  })
}

const endpoints = new Map<string, string>()

// `/api/v1/x/:id(^…$)` is shown as `/api/v1/x/{id}`.
function endpointOf(url: string): string {
  let endpoint = endpoints.get(url)
  if (endpoint === undefined) {
    endpoint = url.replace(/:(\w+)(\(\^.*?\$\))?/g, "{$1}")
    endpoints.set(url, endpoint)
  }
  return endpoint
}

// As sent, in the form or in HTTP Basic; whether there is such an app, and how often it may be named, the log decides.
function namedClient({ body, headers }: FastifyRequest): string | undefined {
  const named = body instanceof Map ? formValue(body as Form, "client_id") : undefined
  if (named !== undefined) return named
  const basic = /^Basic +([A-Za-z0-9+/_=-]+) *$/i.exec(headers.authorization ?? "")?.[1]
  return basic === undefined ? undefined : Buffer.from(basic, "base64").toString("utf8").split(":", 1)[0]
}
