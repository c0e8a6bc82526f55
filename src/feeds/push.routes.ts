import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { FeedError } from "./feed-error.hook.ts"
import { ingestItems } from "./ingest.ts"
import { toIngestBody } from "./ingest.wire.ts"
import { readRawBody } from "./raw-json.ts"
import { bodyOf, type SignedCalls } from "./signed-call.hook.ts"

const itemsMax = 500

/** Mounts `POST /transactions` of the feed API (contract/feeds.md §4). */
export function registerPushRoute(scope: FastifyInstance, context: Context, calls: SignedCalls): void {
  scope.post("/transactions", { config: { surface: "feeds" } }, async (request, reply) => {
    const feed = await calls.require(request, "push")
    const body = readRawBody(bodyOf(request), "items")
    if (body.kind === "invalid") throw new FeedError("invalid_json", body.message)
    const { items } = body
    if (items === undefined || items.length === 0)
      throw new FeedError("invalid_batch", "items must be a non-empty array")
    if (items.length > itemsMax) throw new FeedError("invalid_batch", `A call takes at most ${itemsMax} items`)
    const done = await ingestItems(context.db, context.clock.now(), feed, items)
    for (const { result } of done) context.metrics.transactionsRecorded.inc({ result: result.kind })
    return reply.type("application/json; charset=utf-8").header("cache-control", "no-store").send(toIngestBody(done))
  })
}
