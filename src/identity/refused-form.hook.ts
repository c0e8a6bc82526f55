import type { FastifyReply, FastifyRequest } from "fastify"
import { formValue } from "../http/form-body.ts"
import type { Html } from "../http/html.ts"
import { languageOfPage } from "../http/language.hook.ts"
import { formOf, sendPage } from "../http/page-answer.ts"
import type { RefusedForm } from "./refused-form.ts"

/** Sends the page of a form: as it is, or with the status of what was refused in it. */
export function sendFormPage(reply: FastifyReply, page: Html, refused: RefusedForm | undefined): FastifyReply {
  if (refused?.trouble.kind === "too_many") reply.header("retry-after", refused.trouble.retryAfterSeconds)
  return sendPage(reply, page, refused?.status ?? 200)
}

/** Reads the form of a post for whoever is not signed in, and answers in the language of the page that it was on. */
export function readVisitorForm(request: FastifyRequest): (name: string) => string {
  const form = formOf(request)
  request.language = languageOfPage(request, form) ?? request.language
  return (name) => formValue(form, name) ?? ""
}

/** The token in the address of a link from a mail; empty when there is none. */
export function tokenOfLink(request: FastifyRequest): string {
  const { token } = request.query as Readonly<Record<string, unknown>>
  return typeof token === "string" ? token : ""
}
