import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { redirectTo, sendPage } from "../http/page-answer.ts"
import { speak } from "../messages/catalogue.ts"
import { linkMessages } from "../messages/sign-up.ts"
import { deadLinkPage } from "./link.page.ts"
import { mailPlaceOf } from "./mail-place.ts"
import type { PasswordQueue } from "./password-queue.ts"
import { forgotPasswordPage, forgotSentPage, resetPasswordPage } from "./password-reset.page.ts"
import { readResetLink, requestReset, resetPassword } from "./password-reset.ts"
import { readVisitorForm, sendFormPage, tokenOfLink } from "./refused-form.hook.ts"
import { expiredForm, type RefusedForm, toRefusedForm } from "./refused-form.ts"
import { isVisitorForm, visitorFormToken } from "./visitor-form.hook.ts"

type ResetContext = Context & { readonly queue: PasswordQueue }

/** `/forgot-password`, `/reset-password` and `/.well-known/change-password`, within a page scope. */
export function passwordResetRoutes(scope: FastifyInstance, context: ResetContext): void {
  // Where password managers look (W3C, A Well-Known URL for Changing Passwords).
  scope.get("/.well-known/change-password", (_request, reply) => redirectTo(reply, "/account/password"))

  scope.get("/forgot-password", (request, reply) => {
    const { done } = request.query as Readonly<Record<string, unknown>>
    if (done === "sent") return sendPage(reply, forgotSentPage(request.language, mailPlaceOf(context.config)))
    return sendForgot(context, request, reply, "")
  })

  scope.post("/forgot-password", async (request, reply) => {
    const email = readVisitorForm(request)("email").trim()
    if (!isVisitorForm(context, request)) return sendForgot(context, request, reply, email, expiredForm)
    try {
      await requestReset(context, email, request.ip)
    } catch (error) {
      return sendForgot(context, request, reply, email, toRefusedForm(error))
    }
    return redirectTo(reply, "/forgot-password?done=sent")
  })

  scope.get("/reset-password", async (request, reply) => {
    const token = tokenOfLink(request)
    const link = await readResetLink(context, token)
    if (link.kind !== "open") return sendDead(request, reply, link.kind)
    return sendReset(context, request, reply, token)
  })

  scope.post("/reset-password", async (request, reply) => {
    const text = readVisitorForm(request)
    const token = text("token")
    if (!isVisitorForm(context, request)) return sendReset(context, request, reply, token, expiredForm)
    const password = text("password")
    try {
      const ended = await resetPassword(context, token, password)
      return ended === "done" ? redirectTo(reply, "/login?done=reset") : sendDead(request, reply, ended)
    } catch (error) {
      return sendReset(context, request, reply, token, toRefusedForm(error, { password }))
    }
  })
}

function sendForgot(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  email: string,
  refused?: RefusedForm,
): FastifyReply {
  const csrfToken = visitorFormToken(context, request, reply)
  return sendFormPage(reply, forgotPasswordPage({ language: request.language, csrfToken, email, refused }), refused)
}

function sendReset(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
  refused?: RefusedForm,
): FastifyReply {
  const csrfToken = visitorFormToken(context, request, reply)
  return sendFormPage(reply, resetPasswordPage({ language: request.language, csrfToken, token, refused }), refused)
}

function sendDead(request: FastifyRequest, reply: FastifyReply, kind: "used" | "dead"): FastifyReply {
  const { language } = request
  const again = { href: "/forgot-password", text: speak(linkMessages, language).askAgain }
  return sendPage(reply, deadLinkPage({ language, kind, again }), 410)
}
