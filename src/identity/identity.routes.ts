import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { createPasswordCheck } from "./check-password.ts"
import { passwordRoutes } from "./password.routes.ts"
import { createPasswordQueue } from "./password-queue.ts"
import { decorateSession } from "./request-session.hook.ts"
import { secondFactorRoutes } from "./second-factor.routes.ts"
import { secondStepRoutes } from "./second-step.routes.ts"
import { sessionsRoutes } from "./sessions.routes.ts"
import { signInRoutes } from "./sign-in.routes.ts"

/** Identity's pages and `request.session`, within the page scope of `pageScope` and before its other routes. */
export function registerIdentity(scope: FastifyInstance, context: Context): void {
  const { config, db } = context
  const queue = createPasswordQueue()
  const checkPassword = createPasswordCheck(db, config.keyring, queue)
  decorateSession(scope)
  signInRoutes(scope, context, queue)
  secondStepRoutes(scope, context)
  passwordRoutes(scope, context, checkPassword)
  secondFactorRoutes(scope, context, checkPassword)
  sessionsRoutes(scope, context)
}
