import { randomBytes } from "node:crypto"
import type { FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { cookieName, formatCookie, readCookie } from "../http/cookies.ts"
import { formToken, isFormToken, isOwnPost } from "../http/csrf.ts"
import { formValue } from "../http/form-body.ts"
import { formOf } from "../http/page-answer.ts"

// Names the browser of a form for whoever is not signed in, so that another site cannot send one from a stranger's browser.
const formCookie = "sepay_form"
const shape = /^[A-Za-z0-9_-]{43}$/

/** The token for a form of somebody who is not signed in, good in this browser until it closes. */
export function visitorFormToken(context: Context, request: FastifyRequest, reply: FastifyReply): string {
  // Kept while it is good: another tab may hold a form of the same browser.
  const known = readBrowser(context, request)
  const browser = known ?? randomBytes(32).toString("base64url")
  const secure = context.config.url.startsWith("https:")
  if (known === undefined) {
    reply.header("set-cookie", formatCookie({ name: formCookie, value: browser, secure }))
  }
  return formToken(context.config.keyring, bindingOf(browser))
}

/** Whether a post comes from a form that this browser was given. */
export function isVisitorForm(context: Context, request: FastifyRequest): boolean {
  const browser = readBrowser(context, request)
  const token = formValue(formOf(request), "csrf_token")
  const isOwn = isOwnPost(request.headers, context.config.url)
  return isOwn && browser !== undefined && isFormToken(context.config.keyring, bindingOf(browser), token)
}

function readBrowser({ config }: Context, request: FastifyRequest): string | undefined {
  const value = readCookie(request.headers.cookie, cookieName(formCookie, config.url.startsWith("https:")))
  return value !== undefined && shape.test(value) ? value : undefined
}

function bindingOf(browser: string): string {
  return `visitor ${browser}`
}
