import type { FastifyInstance } from "fastify"
import type { Context } from "../../context.ts"
import { exportRoutes } from "./export.routes.ts"
import { liveRoutes } from "./live.routes.ts"
import { overviewRoutes } from "./overview.routes.ts"
import { transactionRoutes } from "./transaction.routes.ts"
import { transactionsRoutes } from "./transactions.routes.ts"

/** Where merchants see their money: the overview and the transactions. */
export function moneyRoutes(pages: FastifyInstance, context: Context): void {
  overviewRoutes(pages, context)
  transactionsRoutes(pages, context)
  transactionRoutes(pages, context)
  exportRoutes(pages, context)
  liveRoutes(pages, context)
}
