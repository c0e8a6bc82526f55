import type { FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { formToken, isFormToken, isOwnPost } from "../http/csrf.ts"
import { formValue } from "../http/form-body.ts"
import { formOf, sendPage } from "../http/page-answer.ts"
import { openCarriedForm } from "./carried-form.ts"
import { type SignInPageData, signInPage } from "./sign-in.page.ts"
import { newCookieValue, readSignInCookie, setSignInCookie } from "./sign-in-cookies.hook.ts"

/** What a sign-in page is to show, beside what every one has. */
export interface SignInAnswer
  extends Pick<SignInPageData, "next" | "email" | "problem" | "carried" | "interrupted" | "done"> {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly status?: number
}

/** Sends the sign-in page, with a form token of this browser. */
export function sendSignInPage(context: Context, answer: SignInAnswer): FastifyReply {
  const { request, reply, status = 200, ...shown } = answer
  const { host } = new URL(context.config.url)
  const csrfToken = signInFormToken(context, request, reply)
  return sendPage(reply, signInPage({ ...shown, language: request.language, csrfToken, host }), status)
}

/** The token for a form of signing in. */
export function signInFormToken(context: Context, request: FastifyRequest, reply: FastifyReply): string {
  // Kept while it is good: another tab may hold a form of the same browser.
  const known = readSignInCookie(context, request, "sepay_form")
  const browser = known ?? newCookieValue()
  if (known === undefined) setSignInCookie(context, reply, "sepay_form", browser)
  return formToken(context.config.keyring, bindingOf(browser))
}

/** Whether a post comes from a form of signing in that this browser was given. */
export function isSignInForm(context: Context, request: FastifyRequest): boolean {
  const { config } = context
  const browser = readSignInCookie(context, request, "sepay_form")
  const token = formValue(formOf(request), "csrf_token")
  const isOwn = isOwnPost(request.headers, config.url)
  return isOwn && browser !== undefined && isFormToken(config.keyring, bindingOf(browser), token)
}

/** The sealed form that waits for the sign-in, if it is one that still may be sent. */
export function readCarried({ config, clock }: Context, request: FastifyRequest): string | undefined {
  const sealed = formValue(formOf(request), "carried")
  return openCarriedForm(config.keyring, sealed, clock.now()) === undefined ? undefined : sealed
}

function bindingOf(browser: string): string {
  return `sign-in ${browser}`
}
