import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { requestLanguage } from "../http/language.hook.ts"
import type { NavigationPage } from "../messages/frame.ts"
import { sessionFormToken } from "./form-token.hook.ts"
import { navigationOf } from "./navigation.ts"
import { findSession, type Session } from "./session.ts"
import { readSignInCookie } from "./sign-in-cookies.hook.ts"

/** The session of a request, with the token that its forms must carry as `csrf_token` and the pages that its user may open. */
export interface RequestSession extends Session {
  readonly csrfToken: string
  readonly navigation: readonly NavigationPage[]
  /** Whether the frame of pages advises a second factor. */
  readonly adviseSecondFactor: boolean
}

declare module "fastify" {
  interface FastifyRequest {
    /** Who is signed in; undefined when nobody is, or when the route has none of the hooks of this part. */
    session: RequestSession | undefined
  }
  interface FastifyInstance {
    /** The patterns of the addresses that can be opened: `/connected-apps/:grantId/revoke`. */
    pagePatterns: Set<string>
  }
}

export type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

/** Makes `request.session` and `pagePatterns` exist in a scope; call it once, before routes that use the hooks. */
export function decorateSession(scope: FastifyInstance): void {
  scope.decorateRequest("session", undefined)
  const pagePatterns = new Set<string>()
  scope.decorate("pagePatterns", pagePatterns)
  scope.addHook("onRoute", (route) => {
    // A list of methods is what answers those that a path does not have.
    if (route.method === "GET") pagePatterns.add(route.url)
  })
}

/** A hook that finds out who is signed in, for pages that also have something for nobody. */
export function loadSession(context: Context): Hook {
  const secure = context.config.url.startsWith("https:")
  return async (request) => {
    const session = await findRequestSession(context, readSignInCookie(context, request, "sepay_session"))
    if (session === undefined) return
    request.session = session
    request.language = requestLanguage(request, secure, session.language)
  }
}

/** The session of a cookie, as requests have it. */
export async function findRequestSession(
  { config, clock, db }: Context,
  cookie: string | undefined,
): Promise<RequestSession | undefined> {
  const session = await findSession(db, config.keyring, cookie, clock.now())
  return (
    session && {
      ...session,
      csrfToken: sessionFormToken(config.keyring, session),
      navigation: navigationOf(session),
      adviseSecondFactor: session.isOperator && !session.hasSecondFactor,
    }
  )
}
