import type { FastifyInstance, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { createRateLimiter, type RateLimiter } from "../http/rate-limit.ts"
import { authenticateFeed, createFeedKeys, type FeedKeys } from "./authenticate-feed.ts"
import type { Feed, FeedKind } from "./feed.ts"
import { FeedError } from "./feed-error.hook.ts"
import { noteFeedSeen } from "./ingest.ts"

const bodyLimit = 1024 * 1024

/** Makes the scope read bodies as the bytes they are, up to 1 MiB: the signature is over them (contract/feeds.md §4). */
export function acceptRawBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit }, (_request, body, done) => done(null, body))
}

/** Checks signed calls; one for all routes of the feed API, since a feed's limit is one. */
export interface SignedCalls {
  require(request: FastifyRequest, kind: FeedKind): Promise<Feed>
}

/** The check of contract/feeds.md §4: signature, active feed, rate. */
export function createSignedCalls(context: Context): SignedCalls {
  const keys = createFeedKeys(context.config.keyring)
  const limiter = createRateLimiter(context.config.rateLimits.feed, context.clock)
  return { require: (request, kind) => requireSignedCall(context, { keys, limiter }, { request, kind }) }
}

interface Checks {
  readonly keys: FeedKeys
  readonly limiter: RateLimiter | undefined
}

async function requireSignedCall(
  context: Context,
  checks: Checks,
  { request, kind }: { readonly request: FastifyRequest; readonly kind: FeedKind },
): Promise<Feed> {
  const now = context.clock.now()
  const call = {
    feedId: singleHeader(request, "x-feed-id"),
    timestamp: singleHeader(request, "x-feed-timestamp"),
    signature: singleHeader(request, "x-feed-signature"),
    body: bodyOf(request),
  }
  const feed = await authenticateFeed(context.db, checks.keys, call, { kind, now })
  if (feed === undefined) {
    throw new FeedError("unauthorized", "The call is not signed by a known feed, or its time is off by over 300 s")
  }
  if (!feed.active) throw new FeedError("feed_inactive", "The feed is switched off")
  const verdict = checks.limiter?.take(feed.id)
  if (verdict !== undefined && !verdict.allowed) {
    throw new FeedError("rate_limited", "Too many calls of this feed", {
      headers: { "retry-after": verdict.retryAfterSeconds },
    })
  }
  await noteFeedSeen(context.db, now, feed)
  return feed
}

/** The body of a signed call, empty if there is none. */
export function bodyOf(request: FastifyRequest): Uint8Array {
  return request.body instanceof Uint8Array ? request.body : new Uint8Array()
}

// Node joins repeated headers with a comma, which no value of ours contains: such a call fails like a wrong one.
function singleHeader(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === "string" ? value : undefined
}
