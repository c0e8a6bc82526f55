import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { formValue } from "../http/form-body.ts"
import { formOf, redirectTo, sendPage } from "../http/page-answer.ts"
import { isLanguage, speak } from "../messages/catalogue.ts"
import { invitationMessages } from "../messages/company-users.ts"
import { linkMessages } from "../messages/sign-up.ts"
import { acceptInvitation, readInvitation } from "./accept-invitation.ts"
import { invitePage } from "./company-users.page.ts"
import { readId, readRights, rolesToGive } from "./company-users.routes.ts"
import { isFormKey, newFormKey } from "./form-once.ts"
import { invitationPage } from "./invitation.page.ts"
import { invite, sendInvitationAgain, withdrawInvitation } from "./invitation.ts"
import { deadLinkPage, messagePage } from "./link.page.ts"
import type { PasswordQueue } from "./password-queue.ts"
import type { TypedPerson } from "./person-fields.page.ts"
import { readVisitorForm, sendFormPage, tokenOfLink } from "./refused-form.hook.ts"
import { expiredForm, type RefusedForm, toRefusedForm } from "./refused-form.ts"
import { requireAdministrator, requireForm, requireSession, sessionOf } from "./require-session.hook.ts"
import { isVisitorForm, visitorFormToken } from "./visitor-form.hook.ts"

type Queued = Context & { readonly queue: PasswordQueue }

/** `/company/users/invite`, `/company/users/invitations` and `/invitation`, within a page scope. */
export function invitationRoutes(scope: FastifyInstance, context: Queued): void {
  const onRequest = requireSession(context)
  const writing = { onRequest, preHandler: [requireAdministrator(), requireForm(context)] }

  scope.get("/company/users/invite", { onRequest, preHandler: requireAdministrator() }, (request, reply) => {
    const typed = { email: "", role: "User", permissions: [], language: request.language }
    return sendInvite(request, reply, { typed, formKey: newFormKey() })
  })

  scope.post("/company/users/invite", writing, async (request, reply) => {
    const form = formOf(request)
    const formKey = formValue(form, "form_key")
    const asked = formValue(form, "language")
    const language = isLanguage(asked) ? asked : request.language
    const typed = { ...readRights(request), email: formValue(form, "email")?.trim() ?? "", language }
    try {
      return redirectTo(reply, await invite(context, sessionOf(request), { ...typed, formKey }))
    } catch (error) {
      const refused = toRefusedForm(error)
      return sendInvite(request, reply, { typed, formKey: isFormKey(formKey) ? formKey : newFormKey(), refused })
    }
  })

  scope.post("/company/users/invitations/:id/resend", writing, async (request, reply) => {
    await sendInvitationAgain(context, sessionOf(request), readId(request))
    return redirectTo(reply, "/company/users?done=sent")
  })

  scope.post("/company/users/invitations/:id/withdraw", writing, async (request, reply) => {
    await withdrawInvitation(context, sessionOf(request), readId(request))
    return redirectTo(reply, "/company/users?done=withdrawn")
  })

  acceptRoutes(scope, context)
}

function acceptRoutes(scope: FastifyInstance, context: Queued): void {
  scope.get("/invitation", (request, reply) => sendInvitation(context, request, reply, { typed: {} }))

  scope.post("/invitation", async (request, reply) => {
    const text = readVisitorForm(request)
    const typed = { firstName: text("first_name"), lastName: text("last_name") }
    const token = text("token")
    const page = { typed, token }
    if (!isVisitorForm(context, request)) {
      return sendInvitation(context, request, reply, { ...page, refused: expiredForm })
    }
    const password = text("password")
    try {
      const ended = await acceptInvitation(context, token, { ...typed, password, language: request.language })
      if (ended === "accepted") return redirectTo(reply, "/login?done=joined")
      return sendEnded(request, reply, ended)
    } catch (error) {
      return sendInvitation(context, request, reply, { ...page, refused: toRefusedForm(error, { password }) })
    }
  })
}

function sendInvite(
  request: FastifyRequest,
  reply: FastifyReply,
  page: Pick<Parameters<typeof invitePage>[0], "typed" | "formKey" | "refused">,
): FastifyReply {
  const user = sessionOf(request)
  const shown = { ...page, language: request.language, user, roles: rolesToGive(user.role) }
  return sendFormPage(reply, invitePage(shown), page.refused)
}

async function sendInvitation(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  page: { readonly typed: TypedPerson; readonly token?: string; readonly refused?: RefusedForm },
): Promise<FastifyReply> {
  const { typed, token = tokenOfLink(request), refused } = page
  const found = await readInvitation(context, token)
  if (found.kind !== "open") return sendEnded(request, reply, found.kind)
  const { invitation, companyName, inviterName } = found
  const csrfToken = visitorFormToken(context, request, reply)
  const shown = { language: request.language, csrfToken, token, email: invitation.email, companyName, inviterName }
  return sendFormPage(reply, invitationPage({ ...shown, typed, refused }), refused)
}

function sendEnded(request: FastifyRequest, reply: FastifyReply, kind: "used" | "dead" | "taken"): FastifyReply {
  const { language } = request
  if (kind !== "taken") return sendPage(reply, deadLinkPage({ language, kind, again: undefined }), 410)
  const words = speak(invitationMessages, language)
  const actions = [{ href: "/login", text: speak(linkMessages, language).signIn }]
  return sendPage(reply, messagePage({ language, title: words.takenTitle, text: words.takenText, actions }), 409)
}
