import { randomUUID } from "node:crypto"
import { isIP } from "node:net"
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from "fastify"
import type { Context } from "../context.ts"
import type { Logger } from "../log.ts"
import { answerFrom } from "../request-origin.ts"

declare module "fastify" {
  interface FastifyContextConfig {
    /** The surface a route belongs to, for metrics: api, oauth, pages, feeds, public. */
    surface?: string
  }
}

const requestIdPattern = /^[A-Za-z0-9._-]{1,128}$/
const maximumHeaderBytes = 32 * 1024

/**
 * A Fastify with what all surfaces share: request ids (contract/oauth.md §1), believed proxies, one log line and one
 * metric an answer. Paths are case-sensitive and never redirected.
 */
export function createServer({ config, log, metrics }: Context): FastifyInstance {
  const proxies = config.trustedProxies
  const app = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: (request) => {
      const given = request.headers["x-request-id"]
      return typeof given === "string" && requestIdPattern.test(given) ? given : randomUUID()
    },
    trustProxy: proxies === undefined ? false : (address) => isTrusted(proxies, address),
    http: { maxHeaderSize: maximumHeaderBytes },
    // A request that is sent for ever must not hold its connection; the largest body is a megabyte.
    requestTimeout: 60_000,
    forceCloseConnections: "idle",
    // What comes in on an open connection while the platform drains is answered by its surface, in its own form.
    return503OnClosing: false,
    childLoggerFactory: (logger, bindings) => lazyChild(logger, bindings),
    rewriteUrl: (request) => readableUrl(request.url ?? "/"),
    routerOptions: {
      caseSensitive: true,
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      // A longer parameter would be answered by Fastify itself, in no surface's form.
      maxParamLength: maximumHeaderBytes,
    },
  })
  app.addHook("onRequest", (request, reply, done) => {
    reply.header("x-request-id", request.id)
    done()
  })
  // After the body has been read: its events belong to the connection, and what follows them would not know the request.
  app.addHook("preValidation", (request, _reply, done) => answerFrom(request, done))
  app.addHook("onResponse", (request, reply, done) => {
    const surface = request.routeOptions.config.surface ?? "public"
    const seconds = reply.elapsedTime / 1000
    metrics.httpRequests.inc({ surface, method: request.method, status: reply.statusCode })
    metrics.httpDuration.observe({ surface }, seconds)
    logAnswer(log, request, reply.statusCode, reply.elapsedTime)
    done()
  })
  return app
}

const levels = ["trace", "debug", "info", "warn", "error", "fatal"] as const

// A child logger a request would cost more than many an answer; nearly all requests log through the root alone.
function lazyChild(root: FastifyBaseLogger, bindings: object): FastifyBaseLogger {
  let made: FastifyBaseLogger | undefined
  const child = () => {
    made ??= root.child(bindings)
    return made
  }
  const lazy = Object.create(root) as FastifyBaseLogger
  for (const level of levels) {
    lazy[level] = ((...parameters: Parameters<FastifyBaseLogger["info"]>) =>
      child()[level](...parameters)) as FastifyBaseLogger["info"]
  }
  return lazy
}

// A path that is no UTF-8 leads nowhere, and each surface says so in its own form; Fastify would answer before them.
function readableUrl(url: string): string {
  const [path = "", ...query] = url.split("?")
  if (!path.includes("%")) return url
  try {
    decodeURIComponent(path)
    return url
  } catch {
    return [path.replaceAll("%", "%25"), ...query].join("?")
  }
}

// The route's pattern, not the path: a path can carry what a caller put there.
function logAnswer(log: Logger, request: FastifyRequest, status: number, elapsedMs: number): void {
  const route = request.routeOptions.url ?? "(none)"
  const ms = Math.round(elapsedMs * 10) / 10
  log.info({ reqId: request.id, method: request.method, route, status, ms, ip: request.ip }, "answered")
}

function isTrusted(proxies: { check(address: string, family: "ipv4" | "ipv6"): boolean }, address: string): boolean {
  const plain = address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address
  const family = isIP(plain)
  return family !== 0 && proxies.check(plain, family === 6 ? "ipv6" : "ipv4")
}
