import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { accountRoutes } from "./account.routes.ts"
import { companyUsersRoutes } from "./company-users.routes.ts"
import { emailChangeRoutes } from "./email-change.routes.ts"
import { invitationRoutes } from "./invitation.routes.ts"
import { createPasswordQueue } from "./password-queue.ts"
import { passwordResetRoutes } from "./password-reset.routes.ts"
import { decorateSession } from "./require-session.hook.ts"
import { signInRoutes } from "./sign-in.routes.ts"
import { signUpRoutes } from "./sign-up.routes.ts"
import type { SignUpContext } from "./sign-up.ts"

/**
 * Identity's pages and `request.session`, within the page scope of `pageScope` and before its other routes.
 *
 * @param onCompanyCreated what other parts keep for each company, made with it
 */
export function registerIdentity(
  scope: FastifyInstance,
  context: Context,
  onCompanyCreated: SignUpContext["onCompanyCreated"],
): void {
  // One line for all that hash a password: together they must not eat the memory either.
  const parts = { ...context, queue: createPasswordQueue(), onCompanyCreated }
  decorateSession(scope)
  signInRoutes(scope, parts)
  signUpRoutes(scope, parts)
  passwordResetRoutes(scope, parts)
  accountRoutes(scope, parts)
  emailChangeRoutes(scope, parts)
  companyUsersRoutes(scope, parts)
  invitationRoutes(scope, parts)
}
