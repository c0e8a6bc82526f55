import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { openApiSurface } from "../http/api-surface.ts"
import type { AccessGuard } from "../oauth/access-guard.ts"
import { requireApiAccess } from "../oauth/api-access.hook.ts"
import type { RequestLog } from "../oauth/request-log.ts"
import type { DeliveryTools } from "../webhooks/deliver.ts"
import { deliveryStreamRoutes } from "../webhooks/delivery-stream.routes.ts"
import { webhookLogRoutes } from "../webhooks/logs.routes.ts"
import { webhookRoutes } from "../webhooks/webhooks.routes.ts"
import { findBankAccounts } from "./account-lookup.ts"
import { bankAccountRoutes } from "./bank-accounts.routes.ts"
import { companyRoutes } from "./company.routes.ts"
import { meRoutes } from "./me.routes.ts"
import { transactionRoutes } from "./transactions.routes.ts"

/** What the API is made with. */
export interface ApiParts {
  readonly guard: AccessGuard
  readonly requestLog: RequestLog
  readonly deliveryTools: DeliveryTools
  /** False while the process drains. */
  readonly isReady?: () => boolean
}

/** API v1 (contract/api.md). Returns what describes it, as OpenAPI text. */
export function registerBankingApi(app: FastifyInstance, context: Context, parts: ApiParts): () => Promise<string> {
  return openApiSurface(app, context, {
    isReady: parts.isReady,
    requireAccess: (scope) => requireApiAccess(scope, context, parts.guard, parts.requestLog),
    routes: (v1) => {
      meRoutes(v1, context)
      companyRoutes(v1, context)
      bankAccountRoutes(v1, context)
      transactionRoutes(v1, context)
      webhookRoutes(v1, context, findBankAccounts)
      webhookLogRoutes(v1, context, parts.deliveryTools)
      deliveryStreamRoutes(v1, context, parts.guard)
    },
  })
}
