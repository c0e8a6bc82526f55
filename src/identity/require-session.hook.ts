import type { FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { isOwnPost } from "../http/csrf.ts"
import { formValue } from "../http/form-body.ts"
import { formOf } from "../http/page-answer.ts"
import { Refusal } from "../refusal.ts"
import { readFormOrigin } from "./form-token.hook.ts"
import { answerSignedOut, answerStaleForm } from "./interrupted-form.hook.ts"
import { isAdministrator, isPermitted, type Permission } from "./permission.ts"
import { type Hook, loadSession, type RequestSession } from "./request-session.hook.ts"

export { loadSession, type RequestSession } from "./request-session.hook.ts"

/** A hook that sends whoever is not signed in to the sign-in page, and back here afterwards, with the form that was sent. */
export function requireSession(context: Context): Hook {
  const load = loadSession(context)
  return async (request, reply) => {
    await load(request, reply)
    if (request.session === undefined) return answerSignedOut(context, request, reply)
    return undefined
  }
}

/**
 * A hook for posts, after `requireSession`, as preHandler: the form must come from a page of this site and carry this session's
 * token. A form of ours that is older than the session is answered with a page that says so; otherwise throws Refusal forbidden.
 */
export function requireForm(context: Context): Hook {
  return async (request, reply) => {
    if (isSessionForm(context, request)) return undefined
    return answerStaleForm(context, request, reply, sessionOf(request))
  }
}

/** Whether a post behind `requireSession` comes from a page of this site and carries this session's token. */
export function isSessionForm(context: Context, request: FastifyRequest): boolean {
  return isFormOfSession(context, request, formValue(formOf(request), "csrf_token"))
}

/** The same for a form whose body is not read as a whole: it brings the token that it found. */
export function isFormOfSession({ config }: Context, request: FastifyRequest, token: string | undefined): boolean {
  const origin = readFormOrigin(config.keyring, token)
  const isOwn = isOwnPost(request.headers, config.url)
  return isOwn && origin !== undefined && origin.publicId === sessionOf(request).publicId
}

/** A hook after `requireSession`: the user must have the permission. Throws Refusal forbidden. */
export function requirePermission(permission: Permission): Hook {
  return requireRight((session) => isPermitted(session, permission), `This takes the permission ${permission}.`)
}

/** A hook after `requireSession`: the user must administer the company. Throws Refusal forbidden. */
export function requireAdministrator(): Hook {
  return requireRight(isAdministrator, "This takes the role SuperAdmin or Admin.")
}

/** A hook after `requireSession`: for anybody but an operator the page does not exist. Throws Refusal not_found. */
export function requireOperator(): Hook {
  return async (request) => {
    if (!sessionOf(request).isOperator) throw new Refusal("not_found", "There is no such page.")
  }
}

function requireRight(isAllowed: (session: RequestSession) => boolean, problem: string): Hook {
  return async (request) => {
    if (!isAllowed(sessionOf(request))) throw new Refusal("forbidden", problem)
  }
}

/** The session of a request behind `requireSession`. */
export function sessionOf(request: FastifyRequest): RequestSession {
  if (request.session === undefined) throw new Error("The route lacks requireSession.")
  return request.session
}
