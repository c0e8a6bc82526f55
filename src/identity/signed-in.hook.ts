import type { FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { redirectTo, sendPage } from "../http/page-answer.ts"
import { droppedFormPage, resendPage } from "./carried-form.page.ts"
import { openCarriedForm } from "./carried-form.ts"
import { toResend } from "./carried-form-view.ts"
import type { SignedIn } from "./complete-sign-in.ts"
import { findRequestSession, type RequestSession } from "./request-session.hook.ts"
import { type SecurityNews, warnOwner } from "./security-mail.ts"
import type { Visitor } from "./session.ts"
import { setSignInCookie } from "./sign-in-cookies.hook.ts"

/** A sign-in that is done, with what it leads to. */
export interface Arrival {
  readonly signedIn: SignedIn
  readonly visitor: Visitor
  /** Where to go: a path of this site. */
  readonly next: string
  /** A sealed form that waited for the sign-in. */
  readonly carried: string | undefined
  /** What the owner is told by mail instead of that the browser is strange. */
  readonly news?: Pick<SecurityNews, "event" | "codesLeft"> | undefined
}

/** Gives the browser its session, warns the owner of a strange one, and goes on: to `next`, or to the form that waited. */
export async function answerSignedIn(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  arrival: Arrival,
): Promise<FastifyReply> {
  const { signedIn, visitor, next } = arrival
  setSignInCookie(context, reply, "sepay_session", signedIn.cookie)
  setSignInCookie(context, reply, "sepay_browser", visitor.browser)
  const session = await findRequestSession(context, signedIn.cookie)
  if (session === undefined) return redirectTo(reply, next)
  const news = arrival.news ?? (signedIn.familiarity === "strange" ? { event: "sign_in" as const } : undefined)
  if (news !== undefined) sendNews(context, request, session, news)
  const form = openCarriedForm(context.config.keyring, arrival.carried, context.clock.now())
  if (form === undefined) return redirectTo(reply, next)
  const frame = { language: request.language, user: session }
  if (form.userId !== session.userId) return sendPage(reply, droppedFormPage(frame))
  return sendPage(reply, resendPage({ ...frame, form: toResend(form), reason: "expired" }))
}

/** Tells the owner of a session by mail what was done from this browser. */
export function sendNews(
  context: Context,
  request: FastifyRequest,
  session: Pick<RequestSession, "email" | "language">,
  news: Pick<SecurityNews, "event" | "codesLeft">,
): void {
  const from = { ip: request.ip, userAgent: request.headers["user-agent"] ?? "" }
  const { mail, config, clock } = context
  warnOwner({ mail, url: config.url }, session, { ...news, at: clock.now(), from })
}
