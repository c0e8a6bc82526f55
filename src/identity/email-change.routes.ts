import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { formValue } from "../http/form-body.ts"
import { formOf, redirectTo, sendPage } from "../http/page-answer.ts"
import { accountMessages } from "../messages/account.ts"
import { speak } from "../messages/catalogue.ts"
import { linkMessages } from "../messages/sign-up.ts"
import type { CheckPassword } from "./check-password.ts"
import { emailChangePage } from "./email-change.page.ts"
import { confirmEmailChange, requestEmailChange } from "./email-change.ts"
import { deadLinkPage, messagePage } from "./link.page.ts"
import { sendLinkButton } from "./link-button.hook.ts"
import { readLink } from "./one-time-link.ts"
import { readVisitorForm, sendFormPage, tokenOfLink } from "./refused-form.hook.ts"
import { expiredForm, type RefusedForm, toRefusedForm } from "./refused-form.ts"
import { loadSession, requireForm, requireSession, sessionOf } from "./require-session.hook.ts"
import { isVisitorForm } from "./visitor-form.hook.ts"

/** `/account/email` and `/confirm-email`, within a page scope. */
export function emailChangeRoutes(scope: FastifyInstance, context: Context, checkPassword: CheckPassword): void {
  const onRequest = requireSession(context)

  scope.get("/account/email", { onRequest }, (request, reply) => {
    const { done } = request.query as Readonly<Record<string, unknown>>
    return sendChange(request, reply, { email: "", isSent: done === "sent" })
  })

  scope.post("/account/email", { onRequest, preHandler: requireForm(context) }, async (request, reply) => {
    const form = formOf(request)
    const email = formValue(form, "email")?.trim() ?? ""
    const wish = { user: sessionOf(request), email, password: formValue(form, "password") ?? "", ip: request.ip }
    try {
      await requestEmailChange({ ...context, checkPassword }, wish)
    } catch (error) {
      return sendChange(request, reply, { email, isSent: false, refused: toRefusedForm(error) })
    }
    return redirectTo(reply, "/account/email?done=sent")
  })

  confirmRoutes(scope, context)
}

function confirmRoutes(scope: FastifyInstance, context: Context): void {
  const { config, clock, db } = context

  scope.get("/confirm-email", async (request, reply) => {
    const token = tokenOfLink(request)
    const link = await readLink(db, config.keyring, { purpose: "change_email", token }, clock.now())
    return link.kind === "open" ? sendConfirm(context, request, reply, token) : sendDead(request, reply, link.kind)
  })

  // With or without a session: the link proves the mailbox, and whoever asked for it proved the rest.
  scope.post("/confirm-email", { onRequest: loadSession(context) }, async (request, reply) => {
    const token = readVisitorForm(request)("token")
    if (!isVisitorForm(context, request)) return sendConfirm(context, request, reply, token, expiredForm)
    const ended = await confirmEmailChange(context, token)
    if (ended === "dead") return sendDead(request, reply, ended)
    if (ended === "taken") return sendTaken(request, reply)
    return redirectTo(reply, `${request.session === undefined ? "/login" : "/account"}?done=email_changed`)
  })
}

function sendChange(
  request: FastifyRequest,
  reply: FastifyReply,
  page: { readonly email: string; readonly isSent: boolean; readonly refused?: RefusedForm },
): FastifyReply {
  const shown = { language: request.language, user: sessionOf(request), ...page }
  return sendFormPage(reply, emailChangePage(shown), page.refused)
}

function sendConfirm(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
  refused?: RefusedForm,
): FastifyReply {
  const { confirmTitle: title, confirmLead: lead, confirmSubmit: submit } = speak(accountMessages, request.language)
  const words = { title, lead, submit }
  return sendLinkButton(context, request, reply, { token, action: "/confirm-email", words, refused })
}

function sendDead(request: FastifyRequest, reply: FastifyReply, kind: "used" | "dead"): FastifyReply {
  const { language } = request
  const again = { href: "/account/email", text: speak(linkMessages, language).askAgain }
  return sendPage(reply, deadLinkPage({ language, kind, again }), 410)
}

function sendTaken(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { language } = request
  const words = speak(accountMessages, language)
  const actions = [{ href: "/account/email", text: words.changeEmail }]
  const page = messagePage({ language, title: words.confirmTakenTitle, text: words.confirmTakenText, actions })
  return sendPage(reply, page, 409)
}
