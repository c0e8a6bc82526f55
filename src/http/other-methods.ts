import type {} from "@fastify/swagger"
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods, RouteOptions } from "fastify"

const methods: readonly HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

/**
 * Answers the methods that a known path does not have. Call it before a scope's routes; the function it returns, called
 * after them, adds for each path the missing methods with `answer`, which gets the value of `Allow`.
 */
export function answerOtherMethods(
  scope: FastifyInstance,
  answer: (request: FastifyRequest, reply: FastifyReply, allow: string) => unknown,
): () => void {
  const known = new Map<string, Set<HTTPMethods>>()
  const note = (route: RouteOptions) => {
    const url = route.url.slice(scope.prefix.length)
    const set = known.get(url) ?? new Set()
    for (const method of [route.method].flat()) set.add(method as HTTPMethods)
    known.set(url, set)
  }
  let done = false
  scope.addHook("onRoute", (route) => {
    if (!done) note(route)
  })
  return () => {
    done = true
    for (const [url, has] of known) {
      if (has.has("GET")) has.add("HEAD")
      const allow = methods.filter((method) => has.has(method)).join(", ")
      scope.route({
        url,
        method: methods.filter((method) => !has.has(method)) as HTTPMethods[],
        schema: { hide: true },
        // Before the body is read: whatever is wrong with it, the method is wrong first (contract/oauth.md §6.2).
        onRequest: async (request, reply) => {
          await answer(request, reply, allow)
          return reply
        },
        handler: (request, reply) => answer(request, reply, allow),
      })
    }
  }
}
