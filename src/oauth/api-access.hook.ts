import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { ApiError } from "../http/api-error.ts"
import { type ApiGates, showRate, tooManyCalls } from "../http/api-surface.ts"
import { createRateLimiter, type RateLimiter } from "../http/rate-limit.ts"
import { isAdministrator, isPermitted, type Permission } from "../identity/permission.ts"
import type { Access } from "./access.ts"
import { type AccessGuard, type TokenRefusalReason, TokenRefused } from "./access-guard.ts"
import type { ToldRefusal } from "./access-refusal.ts"
import type { Scope } from "./protocol.ts"
import { type LogParts, logApiCalls, noteCall } from "./request-log.hook.ts"

declare module "fastify" {
  interface FastifyRequest {
    /** Who calls, on routes of the API that are not public. */
    access: Access
  }
}

/** Both gates of a route (contract/api.md §2). */
export function gates(scope: Scope, user: { permission?: Permission; administrator?: true } = {}): { gates: ApiGates } {
  return { gates: { scope, ...user } }
}

/**
 * Lets only calls with a valid token, within the grant's rate, with the route's scope and a user who may do it, pass to
 * the routes of `scope`; in this order (contract/api.md §1, checks 4 to 7).
 */
export function requireApiAccess(
  scope: FastifyInstance,
  { config, clock }: Context,
  guard: AccessGuard,
  requestLog: LogParts["requestLog"],
): void {
  const limiter = createRateLimiter(config.rateLimits.grant, clock)
  logApiCalls(scope, { requestLog, clock })
  scope.decorateRequest("access")
  scope.addHook("onRequest", async (request, reply) => {
    const wanted = request.routeOptions.config.gates
    if (wanted === undefined || wanted === "public") return
    const access = await authenticate(request, guard)
    request.access = access
    takeCall(reply, limiter, access)
    checkGates(wanted, access)
  })
}

/**
 * Looks again at who calls, for an answer that goes on for long: token, scope and permission as they are now.
 *
 * @throws ApiError as the hook does, DatabaseUnavailable
 */
export async function readAccessAgain(request: FastifyRequest, guard: AccessGuard): Promise<Access> {
  const wanted = request.routeOptions.config.gates
  const access = await authenticate(request, guard)
  if (wanted !== undefined && wanted !== "public") checkGates(wanted, access)
  return access
}

async function authenticate(request: FastifyRequest, guard: AccessGuard): Promise<Access> {
  try {
    // Node keeps the first of several; which one another hop looked at nobody knows.
    if (countAuthorizations(request) > 1) throw new TokenRefused("unverifiable", false)
    return await guard.authenticate(request.headers.authorization)
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error
    if (error.told !== undefined) noteRefusal(request, error.told)
    throw toApiError(error)
  }
}

function noteRefusal(request: FastifyRequest, { clientId, proven, exact, mode }: ToldRefusal): void {
  noteCall(request, {
    exact,
    mode,
    ...(proven ? { client: { clientId, rowId: undefined } } : { namedClientId: clientId }),
  })
}

function countAuthorizations({ raw }: FastifyRequest): number {
  let count = 0
  for (let index = 0; index < raw.rawHeaders.length; index += 2) {
    const name = raw.rawHeaders[index]
    if (name?.length === 13 && name.toLowerCase() === "authorization") count++
  }
  return count
}

function takeCall(reply: FastifyReply, limiter: RateLimiter | undefined, access: Access): void {
  const verdict = limiter?.take(access.grantId)
  if (verdict === undefined) return
  showRate(reply, verdict)
  if (!verdict.allowed) throw tooManyCalls(verdict)
}

function checkGates(wanted: ApiGates, access: Access): void {
  if (!access.scopes.has(wanted.scope as Scope)) {
    throw new ApiError("insufficient_scope", `The access token lacks the scope ${wanted.scope}`, {
      headers: { "www-authenticate": `Bearer realm="SePay", error="insufficient_scope", scope="${wanted.scope}"` },
    })
  }
  if (wanted.administrator === true && !isAdministrator(access)) {
    throw new ApiError("forbidden", "Only an administrator of the company may do this")
  }
  if (wanted.permission !== undefined && !isPermitted(access, wanted.permission as Permission)) {
    throw new ApiError("forbidden", `The user lacks the permission ${wanted.permission}`)
  }
}

const legacyHints: Readonly<Record<TokenRefusalReason, string>> = {
  missing: "Access token could not be verified",
  unverifiable: "Access token could not be verified",
  expired: "Access token has expired",
  revoked: "Access token has been revoked",
}
const legacyDescription = "The resource owner or authorization server denied the request."

// RFC 6750 §3.1 has one code for all of them in the header; the body tells expiry apart (contract/api.md §4).
function toApiError({ reason, legacy, message }: TokenRefused): ApiError {
  const challenge =
    reason === "missing"
      ? 'Bearer realm="SePay"'
      : `Bearer realm="SePay", error="invalid_token", error_description="${message}"`
  const headers = { "www-authenticate": challenge }
  if (legacy) return new ApiError("access_denied", legacyDescription, { hint: legacyHints[reason], headers })
  return new ApiError(reason === "expired" ? "expired_token" : "invalid_token", message, { headers })
}
