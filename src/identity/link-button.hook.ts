import type { FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
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
  },
): FastifyReply {
  const { language } = request
  const { token, action, words, refused } = link
  const csrfToken = visitorFormToken(context, request, reply)
  const trouble = troubleNote(refused?.trouble, language)
  return sendFormPage(reply, linkButtonPage({ language, csrfToken, token, action, ...words, trouble }), refused)
}
