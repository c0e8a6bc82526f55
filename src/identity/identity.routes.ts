import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { accountRoutes } from "./account.routes.ts"
import { type CheckPassword, createPasswordCheck } from "./check-password.ts"
import { companyUsersRoutes } from "./company-users.routes.ts"
import { emailChangeRoutes } from "./email-change.routes.ts"
import { invitationRoutes } from "./invitation.routes.ts"
import { passwordRoutes } from "./password.routes.ts"
import { createPasswordQueue } from "./password-queue.ts"
import { passwordResetRoutes } from "./password-reset.routes.ts"
import { decorateSession } from "./request-session.hook.ts"
import { secondFactorRoutes } from "./second-factor.routes.ts"
import { secondStepRoutes } from "./second-step.routes.ts"
import { sessionsRoutes } from "./sessions.routes.ts"
import { signInRoutes } from "./sign-in.routes.ts"
import { signUpRoutes } from "./sign-up.routes.ts"
import type { SignUpContext } from "./sign-up.ts"

/**
 * Identity's pages and `request.session`, within the page scope of `pageScope` and before its other routes.
 *
 * @param onCompanyCreated what other parts keep for each company, made with it
 * @returns what asks for the password once more, for pages of other parts
 */
export function registerIdentity(
  scope: FastifyInstance,
  context: Context,
  onCompanyCreated: SignUpContext["onCompanyCreated"],
): CheckPassword {
  // One line for all that hash a password: together they must not eat the memory either.
  const parts = { ...context, queue: createPasswordQueue(), onCompanyCreated }
  const checkPassword = createPasswordCheck(context.db, context.config.keyring, parts.queue)
  decorateSession(scope)
  signInRoutes(scope, parts)
  secondStepRoutes(scope, context)
  signUpRoutes(scope, parts)
  passwordResetRoutes(scope, parts)
  accountRoutes(scope, parts)
  passwordRoutes(scope, parts, checkPassword)
  secondFactorRoutes(scope, context, checkPassword)
  sessionsRoutes(scope, context)
  emailChangeRoutes(scope, context, checkPassword)
  companyUsersRoutes(scope, parts)
  invitationRoutes(scope, parts)
  return checkPassword
}
