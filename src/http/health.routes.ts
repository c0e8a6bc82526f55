import type { FastifyInstance, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { constantTimeEqual } from "../crypto/keyring.ts"

/** Why a part of the platform cannot work, in one sentence, or undefined. */
export type ReadinessCheck = () => Promise<string | undefined>

// A monitor that asks in a hurry shares one look at the database.
const freshMs = 500

/** GET /healthz, /readyz and /metrics (docs/operations.md). */
export function healthRoutes(scope: FastifyInstance, context: Context, checks: readonly ReadinessCheck[]): void {
  const findProblem = rememberBriefly(async () => {
    for (const check of checks) {
      const problem = await check()
      if (problem !== undefined) return problem
    }
    return undefined
  })

  scope.get("/healthz", { schema: { hide: true } }, (_request, reply) =>
    reply.header("cache-control", "no-store").send({ status: "ok" }),
  )

  scope.get("/readyz", { schema: { hide: true } }, async (request, reply) => {
    const reason = await findProblem()
    reply.header("cache-control", "no-store")
    if (reason === undefined) return { status: "ok" }
    request.log.warn({ reason }, "not ready")
    return reply.code(503).send({ status: "unavailable", reason })
  })

  scope.get("/metrics", { schema: { hide: true } }, async (request, reply) => {
    if (!isFromThisMachine(request) && !hasToken(request, context.config.metricsToken)) {
      if (context.config.metricsToken === undefined) return reply.code(404).send({ error: "not_found" })
      return reply.code(401).header("www-authenticate", 'Bearer realm="metrics"').send({ error: "unauthorized" })
    }
    return reply.type(context.metrics.registry.contentType).send(await context.metrics.text())
  })
}

function rememberBriefly<T>(find: () => Promise<T>): () => Promise<T> {
  let last: { readonly answer: Promise<T>; readonly at: number } | undefined
  return () => {
    const now = performance.now()
    if (last === undefined || now - last.at > freshMs) last = { answer: find(), at: now }
    return last.answer
  }
}

const forwardingHeader = /^(forwarded|via|x-forwarded(-.+)?|x-real-ip|x-client-ip|x-cluster-client-ip)$/

// The socket's own address, and no sign of a proxy: behind one, every caller seems to be on this machine.
function isFromThisMachine(request: FastifyRequest): boolean {
  const address = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "")
  const isLoopback = address === "::1" || address.startsWith("127.")
  return isLoopback && !Object.keys(request.headers).some((name) => forwardingHeader.test(name))
}

function hasToken(request: FastifyRequest, token: string | undefined): boolean {
  const match = /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? "")
  return token !== undefined && match !== null && constantTimeEqual(match[1] ?? "", token)
}
