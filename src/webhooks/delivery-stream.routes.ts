import { setTimeout as sleep } from "node:timers/promises"
import type { FastifyInstance, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { ApiError } from "../http/api-error.ts"
import { createSlots, eventStreams, type StreamEnd } from "../http/event-stream.ts"
import type { Access } from "../oauth/access.ts"
import type { AccessGuard } from "../oauth/access-guard.ts"
import { gates, readAccessAgain } from "../oauth/api-access.hook.ts"
import { renderDelivery, renderEnd, renderHeartbeat } from "./delivery-stream.wire.ts"
import { type DeliveryFollower, findNewestAttempt, followDeliveries } from "./follow-deliveries.ts"

const lookEveryMs = 250
const authenticateEveryMs = 4000
const heartbeatEveryMs = 15_000
const mostStreamsOfGrant = 5

/**
 * GET /api/v1/webhook-deliveries/stream: copies of the deliveries of a grant in test mode as server-sent events, for
 * `./sepay listen`. It lasts until the reader goes, the grant ends or the process drains.
 */
export function deliveryStreamRoutes(v1: FastifyInstance, context: Context, guard: AccessGuard): void {
  const { db, config, clock, log } = context
  const mayRead = gates("webhook:read", { permission: "webhook.list" })
  const slots = createSlots({ ofOwner: mostStreamsOfGrant, all: Number.POSITIVE_INFINITY })
  const sendEvents = eventStreams(v1)

  // OpenAPI 3.1 has no words for a stream of events; and a HEAD of one would never end.
  const options = { config: mayRead, schema: { hide: true }, exposeHeadRoute: false } as const
  v1.get("/webhook-deliveries/stream", options, async (request, reply) => {
    const { access } = request
    checkTestMode(access)
    const from = readPosition(request) ?? (await findNewestAttempt(db, access))
    const onClose = slots.take(access.grantId)
    if (onClose === undefined) {
      const problem = `A grant may have at most ${mostStreamsOfGrant} streams at once`
      throw new ApiError("rate_limited", problem, { headers: { "retry-after": 5 } })
    }
    const parts = {
      follower: followDeliveries({ db, keyring: config.keyring, clock }, from),
      access,
      readAccess: async () => checkTestMode(await readAccessAgain(request, guard)),
      onFailure: (error: unknown) =>
        log.warn({ err: error, reqId: request.id }, "a stream of deliveries failed; it ends"),
    }
    return sendEvents(reply, { events: (end) => renderStream({ ...parts, ...end }), onClose })
  })
}

function checkTestMode(access: Access): Access {
  if (access.mode === "test") return access
  throw new ApiError("forbidden", "Only a grant in test mode may listen to deliveries; this one is in live mode")
}

function readPosition({ headers }: FastifyRequest): number | undefined {
  const text = headers["last-event-id"]
  if (text === undefined || text === "") return undefined
  if (typeof text === "string" && /^\d{1,15}$/.test(text)) return Number(text)
  throw new ApiError("invalid_request", "Last-Event-ID must be one that this stream has sent")
}

interface StreamParts extends StreamEnd {
  readonly follower: DeliveryFollower
  readonly access: Access
  /** Rejects with ApiError when the grant may not listen any more. */
  readonly readAccess: () => Promise<Access>
  onFailure(error: unknown): void
}

async function* renderStream(parts: StreamParts): AsyncGenerator<string> {
  try {
    yield* renderEvents(parts)
    if (parts.draining.aborted) yield renderEnd("draining", "The server is shutting down")
  } catch (error) {
    if (error instanceof ApiError) {
      yield renderEnd("refused", error.message)
      return
    }
    parts.onFailure(error)
    yield renderEnd("unavailable", "The stream cannot go on at the moment")
  }
}

async function* renderEvents({ follower, access, readAccess, stopped }: StreamParts): AsyncGenerator<string> {
  let current = access
  let authenticatedAt = performance.now()
  let wroteAt = performance.now()
  yield renderHeartbeat(follower.position())
  while (!stopped.aborted) {
    if (performance.now() - authenticatedAt >= authenticateEveryMs) {
      current = await readAccess()
      authenticatedAt = performance.now()
    }
    for await (const copy of follower.look(current)) {
      yield renderDelivery(copy, follower.position())
      wroteAt = performance.now()
      if (stopped.aborted || wroteAt - authenticatedAt >= authenticateEveryMs) break
    }
    if (performance.now() - wroteAt >= heartbeatEveryMs) {
      yield renderHeartbeat(follower.position())
      wroteAt = performance.now()
    }
    await sleep(lookEveryMs, undefined, { signal: stopped }).catch(() => {})
  }
}
