import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { cookieName, readCookie } from "../http/cookies.ts"
import { formToken, isFormToken, isOwnPost } from "../http/csrf.ts"
import { formValue } from "../http/form-body.ts"
import { requestLanguage } from "../http/language.hook.ts"
import { formOf, redirectTo } from "../http/page-answer.ts"
import type { NavigationPage } from "../messages/frame.ts"
import { Refusal } from "../refusal.ts"
import { loginPath } from "./login-path.ts"
import { navigationOf } from "./navigation.ts"
import { isAdministrator, isPermitted, type Permission } from "./permission.ts"
import { findSession, type Session } from "./session.ts"

/** The session of a request, with the token that its forms must carry as `csrf_token` and the pages that its user may open. */
export interface RequestSession extends Session {
  readonly csrfToken: string
  readonly navigation: readonly NavigationPage[]
}

declare module "fastify" {
  interface FastifyRequest {
    /** Who is signed in; undefined when nobody is, or when the route has none of the hooks of this file. */
    session: RequestSession | undefined
  }
}

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

/** The session cookie's name without prefix. */
export const sessionCookie = "sepay_session"

/** The value of the session cookie that the browser sent. */
export function readSessionCookie(request: FastifyRequest, context: Context): string | undefined {
  const secure = context.config.url.startsWith("https:")
  return readCookie(request.headers.cookie, cookieName(sessionCookie, secure))
}

/** Makes `request.session` exist in a scope; call it once, before routes that use the hooks. */
export function decorateSession(scope: FastifyInstance): void {
  scope.decorateRequest("session", undefined)
}

/** A hook that finds out who is signed in, for pages that also have something for nobody. */
export function loadSession(context: Context): Hook {
  const { config, clock, db } = context
  const secure = config.url.startsWith("https:")
  return async (request) => {
    const session = await findSession(db, config.keyring, readSessionCookie(request, context), clock.now())
    if (session === undefined) return
    const csrfToken = formToken(config.keyring, sessionBinding(session))
    request.session = { ...session, csrfToken, navigation: navigationOf(session) }
    request.language = requestLanguage(request, secure, session.language)
  }
}

/** A hook that sends whoever is not signed in to the sign-in page, and back here afterwards. */
export function requireSession(context: Context): Hook {
  const load = loadSession(context)
  return async (request, reply) => {
    await load(request, reply)
    if (request.session !== undefined) return
    // A form cannot be sent again after the sign-in: its page is asked for anew.
    const next = request.method === "GET" ? request.url : undefined
    return redirectTo(reply, loginPath({ next }))
  }
}

/**
 * A hook for posts, after `requireSession`, as preHandler: the form must come from a page of this site and carry this session's
 * token. Throws Refusal forbidden.
 */
export function requireForm(context: Context): Hook {
  return async (request) => {
    if (isSessionForm(context, request)) return
    throw new Refusal("forbidden", "The form is out of date: reload the page it was on and try again.")
  }
}

/** Whether a post behind `requireSession` comes from a page of this site and carries this session's token. */
export function isSessionForm(context: Context, request: FastifyRequest): boolean {
  return isFormOfSession(context, request, formValue(formOf(request), "csrf_token"))
}

/** The same for a form whose body is not read as a whole: it brings the token that it found. */
export function isFormOfSession({ config }: Context, request: FastifyRequest, token: string | undefined): boolean {
  return (
    isOwnPost(request.headers, config.url) && isFormToken(config.keyring, sessionBinding(sessionOf(request)), token)
  )
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

function sessionBinding(session: Session): string {
  return `session ${session.idHash}`
}
