import type { FastifyReply, FastifyRequest } from "fastify"
import type { Form } from "./form-body.ts"
import { type Html, renderHtml } from "./html.ts"

/** Sends a page. */
export function sendPage(reply: FastifyReply, page: Html, status = 200): FastifyReply {
  return reply.code(status).type("text/html; charset=utf-8").send(renderHtml(page))
}

/** Sends a redirect as the contract wants it: 302 after GET, 303 after POST, never stored (contract/oauth.md §1). */
export function redirectTo(reply: FastifyReply, location: string): FastifyReply {
  const status = reply.request.method === "GET" || reply.request.method === "HEAD" ? 302 : 303
  return reply.header("cache-control", "no-store").redirect(location, status)
}

/** The form of a post; a post without a body is an empty form. */
export function formOf(request: FastifyRequest): Form {
  return request.body instanceof Map ? request.body : new Map()
}
