import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { sendPage } from "../http/page-answer.ts"
import { loadSession } from "../identity/require-session.hook.ts"
import { egressIpsPage } from "./egress-ips.page.ts"

/** GET /egress-ips and /egress-ips.json: where our requests come from, for everyone (contract/webhooks.md §8). */
export function egressIpsRoutes(pages: FastifyInstance, context: Context): void {
  const addresses = context.config.egressAddresses
  pages.get("/egress-ips", { onRequest: loadSession(context) }, (request, reply) => {
    const { language, session } = request
    return sendPage(reply, egressIpsPage({ language, user: session, addresses }))
  })
  pages.get("/egress-ips.json", (_request, reply) => reply.send({ addresses }))
}
