import type { FastifyInstance } from "fastify"
import type { Context } from "../../context.ts"
import type { AuthorizationServer } from "../../oauth/authorization-server.ts"
import { quickStartRoutes } from "./quick-start.routes.ts"
import { appRequestRoutes } from "./requests.routes.ts"
import { tryRoutes } from "./try.routes.ts"

/** The pages about what an app does: its calls, its usage, its first steps and a trial of its flow. */
export function appActivityRoutes(
  pages: FastifyInstance,
  context: Context,
  server: Pick<AuthorizationServer, "keys" | "ensureFresh" | "requestLog">,
): void {
  appRequestRoutes(pages, context)
  quickStartRoutes(pages, context)
  tryRoutes(pages, context, server)
}
