import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { networkOf } from "../network.ts"
import { acceptJsonObjects } from "./api-body.ts"
import { answerApiErrors, sendApiError } from "./api-error.hook.ts"
import { ApiError } from "./api-error.ts"
import { answerPreflight, corsHeaders } from "./cors.ts"
import { type DescribedRoute, openApiRoute, renderOpenApi } from "./openapi.ts"
import { createRateLimiter, type RateLimiter, type RateVerdict } from "./rate-limit.ts"

/** What an access token needs for a route, as the reference shows it (contract/api.md §2). */
export interface ApiGates {
  readonly scope: string
  readonly permission?: string | undefined
  /** Only for SuperAdmin and Admin. */
  readonly administrator?: boolean | undefined
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Every route of the API says who may call it; a route that does not stops the start. */
    gates?: ApiGates | "public"
  }
}

/** Path parameter of an object's id; anything else is an unknown path (contract/api.md §1). */
export const idPathParameter = ":id(^[1-9][0-9]{0,15}$)"

const answerHeaders = { ...corsHeaders, "cache-control": "no-store" }

interface KnownPath {
  readonly url: string
  readonly pattern: RegExp
  readonly methods: Set<string>
}

/** What other parts hand to the API surface. */
export interface ApiSurfaceParts {
  /** Checks 4 to 7 (token, rate per grant, scope, permission), as hooks of the scope they are given. */
  readonly requireAccess: (scope: FastifyInstance) => void
  /** False while the service drains or starts: everything is answered 503. */
  readonly isReady?: (() => boolean) | undefined
  readonly routes: (v1: FastifyInstance) => void
}

/**
 * Opens `/api`: JSON always, errors and headers of contract/api.md §4 and §5, and the order of checks of §1. The first
 * three checks are made here; nothing of a request's body is read before the first seven have passed.
 *
 * @returns what describes the API: its OpenAPI document as JSON text, rendered when first asked for
 */
export function openApiSurface(app: FastifyInstance, context: Context, parts: ApiSurfaceParts): () => Promise<string> {
  const limiter = createRateLimiter(context.config.rateLimits.ip, context.clock)
  const described: DescribedRoute[] = []
  let rendered: Promise<string> | undefined
  const describeApi = () => (rendered ??= renderOpenApi(described, context.config.url))
  app.register(
    async (scope) => {
      const paths: KnownPath[] = []
      noteRoutes(scope, paths, described)
      acceptJsonObjects(scope)
      answerApiErrors(scope)
      // Handlers check their input themselves, because whether an object is visible comes first (§1, checks 9 and 10).
      scope.setValidatorCompiler(() => (data) => ({ value: data }))
      // Answers are made by hand from rows and checked against their schemas by the tests: a check here would cost more
      // than the query.
      scope.setSerializerCompiler(() => JSON.stringify)
      scope.addHook("onRequest", (request, reply, done) => {
        reply.headers(answerHeaders)
        const refusal = refuseAtTheDoor(request, reply, limiter, parts.isReady)
        if (refusal !== undefined) return done(refusal)
        if (!request.is404) return done()
        answerUnknown(request, reply, paths)
      })
      // Never reached: the hook above has answered. It makes unknown paths below /api this scope's.
      scope.setNotFoundHandler((request, reply) => answerUnknown(request, reply, paths))
      parts.requireAccess(scope)
      scope.register(
        async (v1) => {
          parts.routes(v1)
          openApiRoute(v1, describeApi)
        },
        { prefix: "/v1" },
      )
    },
    { prefix: "/api" },
  )
  return describeApi
}

function noteRoutes(scope: FastifyInstance, paths: KnownPath[], described: DescribedRoute[]): void {
  scope.addHook("onRoute", (route) => {
    const { gates } = route.config ?? {}
    if (gates === undefined) throw new Error(`The route ${route.url} does not say who may call it.`)
    route.config = { surface: "api", ...route.config }
    const methods = [route.method].flat()
    let known = paths.find((path) => path.url === route.url)
    if (known === undefined) {
      known = { url: route.url, pattern: pathPattern(route.url), methods: new Set() }
      paths.push(known)
    }
    for (const method of methods) known.methods.add(method)
    if (!methods.includes("HEAD")) described.push({ method: methods, url: route.url, schema: route.schema, gates })
  })
}

// `:id(^…$)` becomes `…`; the other characters of our paths mean themselves, a dot included once escaped.
function pathPattern(url: string): RegExp {
  const source = url.replaceAll(".", "\\.").replace(/:\w+\(\^(.*?)\$\)/g, "$1")
  return new RegExp(`^${source}$`)
}

function refuseAtTheDoor(
  request: FastifyRequest,
  reply: FastifyReply,
  limiter: RateLimiter | undefined,
  isReady: (() => boolean) | undefined,
): ApiError | undefined {
  if (isReady !== undefined && !isReady()) {
    return new ApiError("unavailable", "The service is not ready", { headers: { "retry-after": 1 } })
  }
  const verdict = limiter?.take(networkOf(request.ip))
  if (verdict === undefined || verdict.allowed) return undefined
  showRate(reply, verdict)
  return tooManyCalls(verdict)
}

/** Puts a caller's standing on the answer (contract/api.md §5). */
export function showRate(reply: FastifyReply, verdict: RateVerdict): void {
  reply.header("x-ratelimit-limit", verdict.limit)
  reply.header("x-ratelimit-remaining", verdict.remaining)
  reply.header("x-ratelimit-reset", verdict.resetSeconds)
}

/** The refusal of a call beyond a limit (contract/api.md §5). */
export function tooManyCalls({ retryAfterSeconds }: RateVerdict): ApiError {
  return new ApiError("rate_limited", "Too many requests", { headers: { "retry-after": retryAfterSeconds } })
}

function answerUnknown(request: FastifyRequest, reply: FastifyReply, paths: readonly KnownPath[]): FastifyReply {
  const path = decodedPath(request.url)
  const known = paths.find(({ pattern }) => pattern.test(path))
  if (known === undefined) return sendApiError(request, reply, new ApiError("not_found", "There is no such path"))
  if (request.method === "OPTIONS") return answerPreflight(reply)
  const allow = [...known.methods, "OPTIONS"].join(", ")
  const refusal = new ApiError("method_not_allowed", `This path takes ${allow}`, { headers: { allow } })
  return sendApiError(request, reply, refusal)
}

function decodedPath(url: string): string {
  const [path = ""] = url.split("?", 1)
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
