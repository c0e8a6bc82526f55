import type { FastifyInstance } from "fastify"
import type { Context } from "../../context.ts"
import { appRequestRoutes } from "./requests.routes.ts"

/** The pages about what an app does: its calls, its usage, its first steps and a trial of its flow. */
export function appActivityRoutes(pages: FastifyInstance, context: Context): void {
  appRequestRoutes(pages, context)
}
