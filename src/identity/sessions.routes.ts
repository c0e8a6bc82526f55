import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { redirectTo, sendPage } from "../http/page-answer.ts"
import type { Language } from "../messages/catalogue.ts"
import { requireForm, requireSession, sessionOf } from "./require-session.hook.ts"
import { deviceText } from "./security-mail.ts"
import { endListedSession, endOtherSessions, type ListedSession, listSessions } from "./session-list.ts"
import { type SessionRow, sessionsPage, signOutOthersPage } from "./sessions.page.ts"

/** `/account/sessions`: where one is signed in, and signing out there. */
export function sessionsRoutes(scope: FastifyInstance, context: Context): void {
  const { db, clock } = context
  const onRequest = requireSession(context)
  const post = { onRequest, preHandler: requireForm(context) }

  scope.get("/account/sessions", { onRequest }, async (request, reply) => {
    const session = sessionOf(request)
    const { done } = request.query as { readonly done?: unknown }
    const { language } = request
    const listed = await listSessions(db, session.userId, clock.now())
    const rows = listed.map((one) => toRow(one, session.publicId, language))
    const sessions = [...rows.filter((row) => row.isThisOne), ...rows.filter((row) => !row.isThisOne)]
    const said = done === "one" || done === "others" ? done : undefined
    return sendPage(reply, sessionsPage({ language, user: session, sessions, done: said }))
  })

  scope.post<{ Params: { publicId: string } }>("/account/sessions/:publicId/sign-out", post, async (request, reply) => {
    const session = sessionOf(request)
    await endListedSession(db, session, request.params.publicId, clock.now())
    return redirectTo(reply, "/account/sessions?done=one")
  })

  scope.get("/account/sessions/sign-out-others", { onRequest }, async (request, reply) => {
    const session = sessionOf(request)
    const { length } = await listSessions(db, session.userId, clock.now())
    if (length <= 1) return redirectTo(reply, "/account/sessions")
    return sendPage(reply, signOutOthersPage({ language: request.language, user: session, others: length - 1 }))
  })

  scope.post("/account/sessions/sign-out-others", post, async (request, reply) => {
    await endOtherSessions(db, sessionOf(request), clock.now())
    return redirectTo(reply, "/account/sessions?done=others")
  })
}

function toRow(listed: ListedSession, thisPublicId: string, language: Language): SessionRow {
  const { userAgent, ...shown } = listed
  return { ...shown, device: deviceText(userAgent, language), isThisOne: listed.publicId === thisPublicId }
}
