import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { decorateSession } from "./require-session.hook.ts"
import { signInRoutes } from "./sign-in.routes.ts"

/** Identity's pages and `request.session`, within the page scope of `pageScope` and before its other routes. */
export function registerIdentity(scope: FastifyInstance, context: Context): void {
  decorateSession(scope)
  signInRoutes(scope, context)
}
