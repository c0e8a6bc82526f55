import type { FastifyInstance, FastifyRequest } from "fastify"
import type { Context } from "../../context.ts"
import { reportFeeds } from "../../feeds/feed-health.ts"
import { sendPage } from "../../http/page-answer.ts"
import { requireOperator, requireSession, sessionOf } from "../../identity/require-session.hook.ts"
import { countedAtMost, reportDeliveries } from "../../webhooks/delivery-health.ts"
import { operatorDeliveriesPage } from "./deliveries.page.ts"
import { operatorFeedsPage } from "./feeds.page.ts"
import { operatorSystemPage } from "./system.page.ts"
import { reportSystem } from "./system-report.ts"

const feedsOnAPage = 100

/** GET /operator/feeds, /operator/deliveries and /operator/system: how the platform does, for operators alone. */
export function operatorHealthRoutes(pages: FastifyInstance, context: Context): void {
  const { clock, db } = context
  const forOperators = { onRequest: requireSession(context), preHandler: requireOperator() }

  pages.get("/operator/feeds", forOperators, async (request, reply) => {
    const after = readAfter(request)
    const found = await reportFeeds(db, { after, limit: feedsOnAPage + 1 })
    const feeds = found.slice(0, feedsOnAPage)
    const next = found.length > feedsOnAPage ? feeds.at(-1)?.id : undefined
    return sendPage(
      reply,
      operatorFeedsPage({ ...frameOf(request), feeds, next, isFirst: after === 0, now: clock.now() }),
    )
  })

  pages.get("/operator/deliveries", forOperators, async (request, reply) => {
    const health = await reportDeliveries(db)
    return sendPage(reply, operatorDeliveriesPage({ ...frameOf(request), health, countedAtMost, now: clock.now() }))
  })

  pages.get("/operator/system", forOperators, async (request, reply) => {
    return sendPage(
      reply,
      operatorSystemPage({ ...frameOf(request), report: await reportSystem(context), countedAtMost }),
    )
  })
}

function frameOf(request: FastifyRequest) {
  return { language: request.language, user: sessionOf(request) }
}

function readAfter(request: FastifyRequest): number {
  const { after } = request.query as { readonly after?: unknown }
  return typeof after === "string" && /^[1-9][0-9]{0,15}$/.test(after) ? Number(after) : 0
}
