import type { FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import type { Html } from "../http/html.ts"
import { linkButtonPage } from "./link.page.ts"
import { troubleNote } from "./person-fields.page.ts"
import { sendFormPage } from "./refused-form.hook.ts"
import type { RefusedForm } from "./refused-form.ts"
import { visitorFormToken } from "./visitor-form.hook.ts"

/** Sends the page of a link from a mail, with the button that does what the link is for. */
export function sendLinkButton(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  link: {
    readonly token: string
    readonly action: "/verify-email" | "/confirm-email"
    readonly words: { readonly title: string; readonly lead: string; readonly submit: string }
    readonly refused?: RefusedForm | undefined
    /** What else the form asks for. */
    readonly fields?: Html | undefined
  },
): FastifyReply {
  const { language } = request
  const { token, action, words, refused, fields } = link
  const csrfToken = visitorFormToken(context, request, reply)
  const trouble = troubleNote(refused?.trouble, language)
  const page = { language, csrfToken, token, action, ...words, trouble, ...(fields !== undefined && { fields }) }
  return sendFormPage(reply, linkButtonPage(page), refused)
}
