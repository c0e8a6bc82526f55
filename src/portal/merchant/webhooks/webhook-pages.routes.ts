import type { FastifyInstance } from "fastify"
import type { Context } from "../../../context.ts"
import { deliveryLogRoutes } from "./delivery-log.routes.ts"
import { explainRoutes } from "./explain.routes.ts"
import { replayRoutes } from "./replay.routes.ts"
import { webhookActionRoutes } from "./webhook-actions.routes.ts"
import { webhookDetailRoutes } from "./webhook-detail.routes.ts"
import { webhookFormRoutes } from "./webhook-form.routes.ts"
import { webhookListRoutes } from "./webhook-list.routes.ts"
import type { WebhookPageParts } from "./webhook-requests.routes.ts"
import { webhookSecretPages } from "./webhook-secret.routes.ts"
import { webhookTestRoutes } from "./webhook-test.routes.ts"

/** The merchant's pages of webhooks: every webhook of the company in both modes, whoever made it. */
export function webhookPages(pages: FastifyInstance, context: Context, parts: WebhookPageParts): void {
  webhookListRoutes(pages, context)
  webhookFormRoutes(pages, context, parts)
  webhookDetailRoutes(pages, context)
  webhookActionRoutes(pages, context, parts)
  webhookSecretPages(pages, context)
  webhookTestRoutes(pages, context, parts)
  deliveryLogRoutes(pages, context)
  replayRoutes(pages, context)
  explainRoutes(pages, context)
}
