import type { FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import type { Queries } from "../database/engine.ts"
import { redirectTo, sendPage } from "../http/page-answer.ts"
import { droppedFormPage, resendPage } from "./carried-form.page.ts"
import { openCarriedForm } from "./carried-form.ts"
import { toResend } from "./carried-form-view.ts"
import type { SignedIn } from "./complete-sign-in.ts"
import { findRequestSession, type RequestSession } from "./request-session.hook.ts"
import { type SecurityNews, securityMail } from "./security-mail.ts"
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
}

/** Gives the browser its session and goes on: to `next`, or to the form that waited. */
export async function answerSignedIn(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  arrival: Arrival,
): Promise<FastifyReply> {
  const { signedIn, visitor, next } = arrival
  // The sign-in may have left a warning to its owner.
  context.mail.wake()
  setSignInCookie(context, reply, "sepay_session", signedIn.cookie)
  setSignInCookie(context, reply, "sepay_browser", visitor.browser)
  const session = await findRequestSession(context, signedIn.cookie)
  if (session === undefined) return redirectTo(reply, next)
  const form = openCarriedForm(context.config.keyring, arrival.carried, context.clock.now())
  if (form === undefined) return redirectTo(reply, next)
  const frame = { language: request.language, user: session }
  if (form.userId !== session.userId) return sendPage(reply, droppedFormPage(frame))
  return sendPage(reply, resendPage({ ...frame, form: toResend(form), reason: "expired" }))
}

/** Keeps a mail to the owner of a session of what was done from this browser; to be called in the transaction that did it. */
export function newsWriter(
  { clock, config, mail }: Context,
  request: FastifyRequest,
  { email, language }: Pick<RequestSession, "email" | "language">,
  event: SecurityNews["event"],
): (tx: Queries) => Promise<void> {
  const from = { ip: request.ip, userAgent: request.headers["user-agent"] ?? "" }
  return (tx) => mail.keep(tx, [securityMail(config.url, { email, language }, { event, at: clock.now(), from })])
}
