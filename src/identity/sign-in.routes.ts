import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { formValue } from "../http/form-body.ts"
import { languageOfPage } from "../http/language.hook.ts"
import { formOf, redirectTo } from "../http/page-answer.ts"
import { Refusal } from "../refusal.ts"
import { loginPath } from "./login-path.ts"
import { safeNextPath } from "./next-path.ts"
import type { PasswordQueue } from "./password-queue.ts"
import { loadSession, requireForm, requireSession } from "./require-session.hook.ts"
import { answerSecondStep } from "./second-step.routes.ts"
import { createWarnings } from "./security-mail.ts"
import { endSession } from "./session.ts"
import { createSignIn, type SignIn } from "./sign-in.ts"
import { readSignInCookie, setSignInCookie, visitorOf } from "./sign-in-cookies.hook.ts"
import { readCarried, sendSignInPage } from "./sign-in-form.hook.ts"
import { answerSignedIn } from "./signed-in.hook.ts"
import { isVisitorForm } from "./visitor-form.hook.ts"

const longestHint = 254

interface LoginQuery {
  readonly next?: string | readonly string[]
  readonly reauthenticate?: string | readonly string[]
  readonly login_hint?: string | readonly string[]
  readonly done?: string | readonly string[]
}

/** `/login`, `/logout` and `/login/switch`, within a page scope. */
export function signInRoutes(scope: FastifyInstance, context: Context & { readonly queue: PasswordQueue }): void {
  const { config, db, mail, queue } = context
  const warn = createWarnings({ mail, url: config.url })
  const signIn = createSignIn({ db, keyring: config.keyring, warn }, queue)

  scope.get<{ Querystring: LoginQuery }>("/login", { onRequest: loadSession(context) }, (request, reply) => {
    const next = safeNextPath(single(request.query.next))
    const asksAgain = single(request.query.reauthenticate) === "1"
    if (request.session !== undefined && !asksAgain) return redirectTo(reply, next)
    const email = single(request.query.login_hint)?.slice(0, longestHint) ?? request.session?.email ?? ""
    return sendSignInPage(context, { request, reply, next, email, done: single(request.query.done) })
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
  request.language = languageOfPage(request, form) ?? request.language
  const carried = readCarried(context, request)
  const page = { request, reply, next, email, carried, ...(carried !== undefined && { interrupted: "kept" as const }) }
  if (!isVisitorForm(context, request)) {
    return sendSignInPage(context, { ...page, status: 403, problem: { kind: "form_expired" } })
  }
  const visitor = visitorOf(context, request)
  try {
    const attempt = { email, password: formValue(form, "password") ?? "", visitor }
    const result = await signIn(context.clock.now(), attempt)
    switch (result.kind) {
      case "wrong":
        return sendSignInPage(context, { ...page, status: 400, problem: { kind: "wrong_credentials" } })
      case "suspended":
        return sendSignInPage(context, {
          ...page,
          status: 403,
          problem: { kind: "suspended", reason: result.reason },
        })
      case "unverified":
        return redirectTo(reply, `/signup/sent?sign_up=${result.formKey}`)
      case "second_factor":
        setSignInCookie(context, reply, "sepay_sign_in", result.cookie)
        return await answerSecondStep(context, request, reply, { next, carried, email })
      case "signed_in":
        return await answerSignedIn(context, request, reply, { signedIn: result, visitor, next, carried })
    }
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== "too_many") throw error
    const { retryAfterSeconds = 1 } = error.details
    reply.header("retry-after", retryAfterSeconds)
    return sendSignInPage(context, { ...page, status: 429, problem: { kind: "too_many_tries", retryAfterSeconds } })
  }
}

async function signOut(context: Context, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const cookie = readSignInCookie(context, request, "sepay_session")
  await endSession(context.db, context.config.keyring, cookie, context.clock.now())
  setSignInCookie(context, reply, "sepay_session", null)
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined
}
