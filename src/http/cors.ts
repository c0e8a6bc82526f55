import type { FastifyReply } from "fastify"

const exposed = [
  "WWW-Authenticate",
  "Retry-After",
  "X-RateLimit-Limit",
  "X-RateLimit-Remaining",
  "X-RateLimit-Reset",
  "X-Request-Id",
  "Location",
  "Deprecation",
  "Sunset",
  "Link",
].join(", ")

/** Headers of every API answer that let any page read it; never with credentials (contract/api.md §5). */
export const corsHeaders: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": exposed,
}

/** Answers a preflight of a known path (contract/api.md §5). */
export function answerPreflight(reply: FastifyReply): FastifyReply {
  return reply
    .code(204)
    .header("access-control-allow-methods", "GET, HEAD, POST, PATCH, DELETE, OPTIONS")
    .header("access-control-allow-headers", "Authorization, Content-Type, DPoP, X-Request-Id")
    .header("access-control-max-age", "600")
    .send()
}
