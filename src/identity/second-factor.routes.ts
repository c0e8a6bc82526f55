import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { totpAddress } from "../crypto/totp.ts"
import { formValue } from "../http/form-body.ts"
import type { Html } from "../http/html.ts"
import { formOf, redirectTo, sendPage } from "../http/page-answer.ts"
import { Refusal } from "../refusal.ts"
import type { CheckPassword } from "./check-password.ts"
import type { FactorProblem } from "./factor-problem.page.ts"
import { newFormKey } from "./form-once.ts"
import { drawQr } from "./qr.ts"
import { type RequestSession, requireForm, requireSession, sessionOf } from "./require-session.hook.ts"
import { recoveryCodesPage, renewCodesPage, secondFactorPage, setUpPage, switchOffPage } from "./second-factor.page.ts"
import {
  beginSetUp,
  findMadeCodes,
  findSecondFactor,
  findSetUp,
  finishSetUp,
  renewRecoveryCodes,
  switchOffSecondFactor,
} from "./second-factor.ts"
import { examineCode } from "./second-factor-code.ts"
import { newsWriter } from "./signed-in.hook.ts"
import { foldEmail } from "./user-draft.ts"

const home = "/account/two-factor"

/** `/account/two-factor`: the second factor is set up, its recovery codes renewed, and switched off. */
export function secondFactorRoutes(scope: FastifyInstance, context: Context, checkPassword: CheckPassword): void {
  overviewRoutes(scope, context, checkPassword)
  setUpRoutes(scope, context)
  renewalRoutes(scope, context)
  switchOffRoutes(scope, context, checkPassword)
}

function overviewRoutes(scope: FastifyInstance, context: Context, checkPassword: CheckPassword): void {
  const { db, config, clock } = context
  const onRequest = requireSession(context)

  const overview = async (request: FastifyRequest, problem?: FactorProblem) => {
    const user = sessionOf(request)
    const { said } = request.query as { readonly said?: unknown }
    return secondFactorPage({
      ...{ language: request.language, user, problem, isOperator: user.isOperator },
      secondFactor: await findSecondFactor(db, user.userId),
      said: said === "off" || said === "expired" ? said : undefined,
    })
  }

  scope.get(home, { onRequest }, async (request, reply) => sendPage(reply, await overview(request)))

  scope.post(`${home}/begin`, { onRequest, preHandler: requireForm(context) }, (request, reply) =>
    orAskAgain(
      reply,
      (problem) => overview(request, problem),
      async () => {
        const session = sessionOf(request)
        if (session.hasSecondFactor) return redirectTo(reply, home)
        const password = formValue(formOf(request), "current_password") ?? ""
        const checked = await checkPassword(clock.now(), { email: session.email, password, ip: request.ip })
        if (checked === undefined) return { kind: "wrongPassword" }
        await beginSetUp(db, config.keyring, session, clock.now())
        return redirectTo(reply, `${home}/set-up`)
      },
    ),
  )
}

function setUpRoutes(scope: FastifyInstance, context: Context): void {
  const { db, config, clock } = context
  const onRequest = requireSession(context)

  const page = async (request: FastifyRequest, secret: string, formKey: string, problem?: FactorProblem) => {
    const user = sessionOf(request)
    const address = await totpAddress(secret, `SePay ${new URL(config.url).hostname}`, user.email)
    const frame = { language: request.language, user, problem }
    return setUpPage({ ...frame, secret, formKey, qr: await drawQr(address) })
  }

  scope.get(`${home}/set-up`, { onRequest }, async (request, reply) => {
    const secret = await findSetUp(db, config.keyring, sessionOf(request), clock.now())
    if (secret === undefined) return redirectTo(reply, home)
    return sendPage(reply, await page(request, secret, newFormKey()))
  })

  scope.post(`${home}/set-up`, { onRequest, preHandler: requireForm(context) }, async (request, reply) => {
    const session = sessionOf(request)
    const form = formOf(request)
    const formKey = formValue(form, "form_key")
    const tell = newsWriter(context, request, session, "second_factor_on")
    const typed = { code: formValue(form, "code") ?? "", formKey, tell }
    const result = await finishSetUp(db, config.keyring, session, typed, clock.now())
    if (result.kind === "codes") {
      context.mail.wake()
      return showCodes(context, request, reply, { codes: result.codes, reason: "nowOn" })
    }
    const secret = await findSetUp(db, config.keyring, session, clock.now())
    if (result.kind === "gone" || secret === undefined) {
      return redirectTo(reply, session.hasSecondFactor ? home : `${home}?said=expired`)
    }
    return sendPage(reply, await page(request, secret, formKey ?? newFormKey(), { kind: "wrongSetUpCode" }), 400)
  })
}

function renewalRoutes(scope: FastifyInstance, context: Context): void {
  const { db, config, clock } = context
  const onRequest = requireSession(context)
  const path = `${home}/recovery-codes`

  scope.get(path, { onRequest }, (request, reply) => {
    const session = sessionOf(request)
    if (!session.hasSecondFactor) return redirectTo(reply, home)
    return sendPage(reply, renewCodesPage({ language: request.language, user: session, formKey: newFormKey() }))
  })

  scope.post(path, { onRequest, preHandler: requireForm(context) }, (request, reply) => {
    const session = sessionOf(request)
    const formKey = formValue(formOf(request), "form_key")
    const ask = (problem: FactorProblem) =>
      renewCodesPage({ language: request.language, user: session, formKey: formKey ?? newFormKey(), problem })
    return orAskAgain(reply, ask, async () => {
      const tell = newsWriter(context, request, session, "recovery_codes_renewed")
      const result =
        (await findMadeCodes(db, config.keyring, session, formKey, clock.now())) ??
        (await renewRecoveryCodes(
          db,
          config.keyring,
          session,
          { code: await examine(context, request, session), formKey, tell },
          clock.now(),
        ))
      if (result.kind === "wrong") return { kind: "wrongCode" }
      if (result.kind === "gone") return redirectTo(reply, home)
      context.mail.wake()
      return showCodes(context, request, reply, { codes: result.codes, reason: "renewed" })
    })
  })
}

function switchOffRoutes(scope: FastifyInstance, context: Context, checkPassword: CheckPassword): void {
  const { db, config, clock } = context
  const onRequest = requireSession(context)
  const path = `${home}/off`

  scope.get(path, { onRequest }, (request, reply) => {
    const session = sessionOf(request)
    if (!session.hasSecondFactor) return redirectTo(reply, home)
    return sendPage(reply, switchOffPage({ language: request.language, user: session }))
  })

  scope.post(path, { onRequest, preHandler: requireForm(context) }, (request, reply) => {
    const session = sessionOf(request)
    const ask = (problem: FactorProblem) => switchOffPage({ language: request.language, user: session, problem })
    return orAskAgain(reply, ask, async () => {
      if (!session.hasSecondFactor) return redirectTo(reply, home)
      const password = formValue(formOf(request), "current_password") ?? ""
      const checked = await checkPassword(clock.now(), { email: session.email, password, ip: request.ip })
      if (checked === undefined) return { kind: "wrongPassword" }
      const code = await examine(context, request, session)
      const tell = newsWriter(context, request, session, "second_factor_off")
      const result = await switchOffSecondFactor(db, config.keyring, session, { code, tell }, clock.now())
      if (result === "wrong") return { kind: "wrongCode" }
      context.mail.wake()
      return redirectTo(reply, `${home}?said=off`)
    })
  })
}

function examine({ db, config, clock }: Context, request: FastifyRequest, session: RequestSession) {
  const typed = formValue(formOf(request), "code") ?? ""
  const { userId, email } = session
  const presented = { userId, emailKey: foldEmail(email), ip: request.ip, typed }
  return examineCode(db, config.keyring, presented, clock.now())
}

// Shown as the answer itself: the codes stand in no address and are kept nowhere.
function showCodes(
  { config }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  made: { readonly codes: readonly string[]; readonly reason: "nowOn" | "renewed" },
): FastifyReply {
  const frame = { language: request.language, user: sessionOf(request), host: new URL(config.url).host }
  return sendPage(reply, recoveryCodesPage({ ...frame, ...made }))
}

// Does what a form asks for; a problem, or a wait, brings the form back.
async function orAskAgain(
  reply: FastifyReply,
  ask: (problem: FactorProblem) => Html | Promise<Html>,
  work: () => Promise<FastifyReply | FactorProblem>,
): Promise<FastifyReply> {
  try {
    const done = await work()
    return "kind" in done ? sendPage(reply, await ask(done), 400) : done
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== "too_many") throw error
    const { retryAfterSeconds = 1 } = error.details
    reply.header("retry-after", retryAfterSeconds)
    return sendPage(reply, await ask({ kind: "too_many_tries", retryAfterSeconds }), 429)
  }
}
