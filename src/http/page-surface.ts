import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { networkOf } from "../network.ts"
import { Refusal } from "../refusal.ts"
import { acceptForms } from "./form-body.ts"
import { chooseLanguages } from "./language.hook.ts"
import { answerOtherMethods } from "./other-methods.ts"
import { answerWithPages, sendErrorPage } from "./page-error.hook.ts"
import { createRateLimiter } from "./rate-limit.ts"

/** The largest form a page takes, bytes (contract/oauth.md §1). */
export const pageBodyLimit = 64 * 1024

// No form-action: consent redirects to the app's own address after a post (contract/oauth.md §1).
const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ")

/** Headers of every page (contract/oauth.md §1). */
export function pageHeaders(secure: boolean): Readonly<Record<string, string>> {
  return {
    "content-security-policy": contentSecurityPolicy,
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    ...(secure && { "strict-transport-security": "max-age=31536000" }),
  }
}

/**
 * The scope of all HTML pages: headers, language, form bodies, the limit per address, and errors as pages. It also
 * answers every path that no other surface has, so call it once, with all page routes inside.
 */
export function pageScope(
  app: FastifyInstance,
  context: Context,
  routes: (scope: FastifyInstance) => void | Promise<void>,
): void {
  const secure = context.config.url.startsWith("https:")
  const headers = pageHeaders(secure)
  app.register(async (scope) => {
    scope.addHook("onRoute", (route) => {
      route.config = { surface: "pages", ...route.config }
    })
    scope.addHook("onRequest", (_request, reply, done) => {
      reply.headers(headers)
      done()
    })
    chooseLanguages(scope, secure)
    limitPages(scope, context)
    acceptForms(scope, pageBodyLimit)
    answerWithPages(scope)
    const finish = answerOtherMethods(scope, (request, reply, allow) =>
      sendErrorPage(request, reply.header("allow", allow), { status: 405 }),
    )
    await routes(scope)
    finish()
  })
}

function limitPages(scope: FastifyInstance, { config, clock }: Context): void {
  const limiter = createRateLimiter(config.rateLimits.pages, clock)
  if (limiter === undefined) return
  scope.addHook("onRequest", (request, _reply, done) => {
    if (request.routeOptions.config.surface === "assets") return done()
    const { allowed, retryAfterSeconds } = limiter.take(networkOf(request.ip))
    done(allowed ? undefined : new Refusal("too_many", "Too many pages.", { retryAfterSeconds }))
  })
}
