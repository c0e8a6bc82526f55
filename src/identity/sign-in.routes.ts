import { randomBytes } from "node:crypto"
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { cookieName, formatCookie, readCookie } from "../http/cookies.ts"
import { formToken, isFormToken, isOwnPost } from "../http/csrf.ts"
import { formValue } from "../http/form-body.ts"
import { languageOfPage } from "../http/language.hook.ts"
import { formOf, redirectTo, sendPage } from "../http/page-answer.ts"
import { Refusal } from "../refusal.ts"
import { loginPath } from "./login-path.ts"
import { safeNextPath } from "./next-path.ts"
import { createPasswordQueue } from "./password-queue.ts"
import { loadSession, readSessionCookie, requireForm, requireSession, sessionCookie } from "./require-session.hook.ts"
import { endSession, sessionLifetimeMs } from "./session.ts"
import { type SignInProblem, signInPage } from "./sign-in.page.ts"
import { createSignIn, type SignIn } from "./sign-in.ts"

// Names the browser of a sign-in form, so that nobody can sign a stranger's browser in to an account of his own.
const formCookie = "sepay_form"
const formCookieShape = /^[A-Za-z0-9_-]{43}$/
const longestHint = 254

interface LoginQuery {
  readonly next?: string | readonly string[]
  readonly reauthenticate?: string | readonly string[]
  readonly login_hint?: string | readonly string[]
}

/** `/login`, `/logout` and `/login/switch`, within a page scope. */
export function signInRoutes(scope: FastifyInstance, context: Context): void {
  const { config, db } = context
  const signIn = createSignIn(db, config.keyring, createPasswordQueue())

  scope.get<{ Querystring: LoginQuery }>("/login", { onRequest: loadSession(context) }, (request, reply) => {
    const next = safeNextPath(single(request.query.next))
    const asksAgain = single(request.query.reauthenticate) === "1"
    if (request.session !== undefined && !asksAgain) return redirectTo(reply, next)
    const email = single(request.query.login_hint)?.slice(0, longestHint) ?? request.session?.email ?? ""
    return sendSignInPage(context, { request, reply, next, email })
  })

  scope.post("/login", (request, reply) => answerSignIn(context, signIn, request, reply))

  const signedInForm = { onRequest: requireSession(context), preHandler: requireForm(context) }

  scope.post("/logout", signedInForm, async (request, reply) => {
    await signOut(context, request, reply)
    return redirectTo(reply, "/")
  })

  scope.post("/login/switch", signedInForm, async (request, reply) => {
    const next = safeNextPath(formValue(formOf(request), "next"))
    await signOut(context, request, reply)
    return redirectTo(reply, loginPath({ next }))
  })
}

async function answerSignIn(
  context: Context,
  signIn: SignIn,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const form = formOf(request)
  const next = safeNextPath(formValue(form, "next"))
  const email = formValue(form, "email")?.trim().slice(0, longestHint) ?? ""
  const page = { request, reply, next, email }
  request.language = languageOfPage(request, form) ?? request.language
  if (!isSignInForm(context, request)) {
    return sendSignInPage(context, { ...page, status: 403, problem: { kind: "form_expired" } })
  }
  const visitor = {
    ip: request.ip,
    userAgent: request.headers["user-agent"] ?? "",
    oldCookie: readSessionCookie(request, context),
  }
  try {
    const attempt = { email, password: formValue(form, "password") ?? "", visitor }
    const result = await signIn(context.clock.now(), attempt)
    if (result.kind === "wrong") {
      return sendSignInPage(context, { ...page, status: 400, problem: { kind: "wrong_credentials" } })
    }
    if (result.kind === "suspended") {
      return sendSignInPage(context, { ...page, status: 403, problem: { kind: "suspended", reason: result.reason } })
    }
    setCookie(context, reply, sessionCookie, result.cookie, sessionLifetimeMs / 1000)
    return redirectTo(reply, next)
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== "too_many") throw error
    const { retryAfterSeconds = 1 } = error.details
    reply.header("retry-after", retryAfterSeconds)
    return sendSignInPage(context, { ...page, status: 429, problem: { kind: "too_many_tries", retryAfterSeconds } })
  }
}

async function signOut(context: Context, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  await endSession(context.db, context.config.keyring, readSessionCookie(request, context), context.clock.now())
  setCookie(context, reply, sessionCookie, "", 0)
}

function isSignInForm({ config }: Context, request: FastifyRequest): boolean {
  const browser = readFormCookie(config.url, request)
  const token = formValue(formOf(request), "csrf_token")
  const isOwn = isOwnPost(request.headers, config.url)
  return isOwn && browser !== undefined && isFormToken(config.keyring, formBinding(browser), token)
}

interface SignInAnswer {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly next: string
  readonly email: string
  readonly status?: number
  readonly problem?: SignInProblem
}

function sendSignInPage(context: Context, answer: SignInAnswer): FastifyReply {
  const { request, reply, next, email, status = 200, problem } = answer
  const { config } = context
  // Kept while it is good: another tab may hold a form of the same browser.
  const known = readFormCookie(config.url, request)
  const browser = known ?? randomBytes(32).toString("base64url")
  if (known === undefined) setCookie(context, reply, formCookie, browser)
  const csrfToken = formToken(config.keyring, formBinding(browser))
  const { host } = new URL(config.url)
  return sendPage(reply, signInPage({ language: request.language, csrfToken, next, email, problem, host }), status)
}

function readFormCookie(url: string, request: FastifyRequest): string | undefined {
  const value = readCookie(request.headers.cookie, cookieName(formCookie, url.startsWith("https:")))
  return value !== undefined && formCookieShape.test(value) ? value : undefined
}

function formBinding(browser: string): string {
  return `sign-in ${browser}`
}

function setCookie(context: Context, reply: FastifyReply, name: string, value: string, maxAgeSeconds?: number): void {
  const secure = context.config.url.startsWith("https:")
  reply.header(
    "set-cookie",
    formatCookie({ name, value, secure, ...(maxAgeSeconds !== undefined && { maxAgeSeconds }) }),
  )
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined
}
