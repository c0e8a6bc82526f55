import type { FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { formToken, isFormToken, isOwnPost } from "../http/csrf.ts"
import { formValue } from "../http/form-body.ts"
import { formOf } from "../http/page-answer.ts"
import { newCookieValue, readSignInCookie, setSignInCookie } from "./sign-in-cookies.hook.ts"

/** The token for a form of somebody who is not signed in, good in this browser until it closes. */
export function visitorFormToken(context: Context, request: FastifyRequest, reply: FastifyReply): string {
  // Kept while it is good: another tab may hold a form of the same browser.
  const known = readSignInCookie(context, request, "sepay_form")
  const browser = known ?? newCookieValue()
  if (known === undefined) setSignInCookie(context, reply, "sepay_form", browser)
  return formToken(context.config.keyring, bindingOf(browser))
}

/** Whether a post comes from such a form that this browser was given. */
export function isVisitorForm(context: Context, request: FastifyRequest): boolean {
  const { config } = context
  const browser = readSignInCookie(context, request, "sepay_form")
  const token = formValue(formOf(request), "csrf_token")
  const isOwn = isOwnPost(request.headers, config.url)
  return isOwn && browser !== undefined && isFormToken(config.keyring, bindingOf(browser), token)
}

function bindingOf(browser: string): string {
  return `visitor ${browser}`
}
