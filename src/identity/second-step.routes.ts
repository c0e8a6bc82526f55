import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { formValue } from "../http/form-body.ts"
import { languageOfPage } from "../http/language.hook.ts"
import { formOf, redirectTo, sendPage } from "../http/page-answer.ts"
import { Refusal } from "../refusal.ts"
import { findBegunSignIn, finishSignIn } from "./begun-sign-in.ts"
import { loginPath } from "./login-path.ts"
import { safeNextPath } from "./next-path.ts"
import { loadSession } from "./require-session.hook.ts"
import { type SecondStepProblem, secondStepPage } from "./second-step.page.ts"
import { createWarnings } from "./security-mail.ts"
import { readSignInCookie, setSignInCookie, visitorOf } from "./sign-in-cookies.hook.ts"
import { readCarried, sendSignInPage } from "./sign-in-form.hook.ts"
import { answerSignedIn } from "./signed-in.hook.ts"
import { isVisitorForm, visitorFormToken } from "./visitor-form.hook.ts"

/** What the second step leads to. */
interface Wish {
  readonly next: string
  readonly carried?: string | undefined
}

/** GET and POST `/login/second-factor`: the code after the right password. */
export function secondStepRoutes(scope: FastifyInstance, context: Context): void {
  scope.get<{ Querystring: { next?: unknown } }>("/login/second-factor", async (request, reply) => {
    const { next: asked } = request.query
    const next = safeNextPath(typeof asked === "string" ? asked : undefined)
    const begun = await findBegun(context, request)
    if (begun === undefined) return redirectTo(reply, loginPath({ next }))
    return sendPage(reply, toPage(context, request, reply, { next, email: begun.email }))
  })

  scope.post("/login/second-factor", { onRequest: loadSession(context) }, async (request, reply) => {
    const form = formOf(request)
    request.language = languageOfPage(request, form) ?? request.language
    const wish = { next: safeNextPath(formValue(form, "next")), carried: readCarried(context, request) }
    try {
      return await answerCode(context, request, reply, wish)
    } catch (error) {
      if (!(error instanceof Refusal) || error.reason !== "too_many") throw error
      const { retryAfterSeconds = 1 } = error.details
      reply.header("retry-after", retryAfterSeconds)
      return askAgain(context, request, reply, wish, { kind: "too_many_tries", retryAfterSeconds })
    }
  })
}

/** Leads from a right password to the code: by a redirect or, with a form that waits, by the page itself. */
export async function answerSecondStep(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { next, carried, email }: Wish & { readonly email: string },
): Promise<FastifyReply> {
  if (carried === undefined) {
    const query = new URLSearchParams({ next, ui_locales: request.language })
    return redirectTo(reply, `/login/second-factor?${query}`)
  }
  return sendPage(reply, toPage(context, request, reply, { next, carried, email }))
}

async function answerCode(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  wish: Wish,
): Promise<FastifyReply> {
  const { db, config, clock, mail } = context
  if (!isVisitorForm(context, request)) return beginAgain(context, request, reply, wish, "form_expired")
  const form = formOf(request)
  const recoveryCode = formValue(form, "recovery_code")
  const cookie = readSignInCookie(context, request, "sepay_sign_in")
  const visitor = visitorOf(context, request)
  const typed = recoveryCode ?? formValue(form, "code") ?? ""
  const warn = createWarnings({ mail, url: config.url })
  const result = await finishSignIn({ db, keyring: config.keyring, warn }, { cookie, typed, visitor }, clock.now())
  switch (result.kind) {
    case "expired":
      // Sent twice, and the first one signed in.
      if (request.session !== undefined && wish.carried === undefined) return redirectTo(reply, wish.next)
      return beginAgain(context, request, reply, wish, "step_expired")
    case "wrong": {
      mail.wake()
      const kind = recoveryCode === undefined ? "wrong_code" : "wrong_recovery_code"
      return askAgain(context, request, reply, wish, { kind })
    }
    case "signed_in": {
      setSignInCookie(context, reply, "sepay_sign_in", null)
      return answerSignedIn(context, request, reply, { ...wish, carried: wish.carried, signedIn: result, visitor })
    }
  }
}

async function askAgain(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  wish: Wish,
  problem: SecondStepProblem,
): Promise<FastifyReply> {
  const begun = await findBegun(context, request)
  if (begun === undefined) return beginAgain(context, request, reply, wish, "step_expired")
  const page = toPage(context, request, reply, { ...wish, email: begun.email, problem })
  return sendPage(reply, page, problem.kind === "too_many_tries" ? 429 : 400)
}

function beginAgain(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { next, carried }: Wish,
  kind: "form_expired" | "step_expired",
): FastifyReply {
  const interrupted = carried === undefined ? undefined : "kept"
  const page = { request, reply, next, carried, interrupted, email: "", status: 403, problem: { kind } } as const
  return sendSignInPage(context, page)
}

function toPage(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  shown: Wish & { readonly email: string; readonly problem?: SecondStepProblem },
) {
  const csrfToken = visitorFormToken(context, request, reply)
  return secondStepPage({ ...shown, language: request.language, csrfToken })
}

function findBegun(context: Context, request: FastifyRequest) {
  const { db, config, clock } = context
  return findBegunSignIn(db, config.keyring, readSignInCookie(context, request, "sepay_sign_in"), clock.now())
}
