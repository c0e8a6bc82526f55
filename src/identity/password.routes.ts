import type { FastifyInstance, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { formValue } from "../http/form-body.ts"
import { formOf, redirectTo, sendPage } from "../http/page-answer.ts"
import { Refusal } from "../refusal.ts"
import type { CheckPassword } from "./check-password.ts"
import { type PasswordProblem, passwordPage } from "./password.page.ts"
import { changePassword } from "./password-change.ts"
import type { PasswordQueue } from "./password-queue.ts"
import { findPasswordFault } from "./password-rule.ts"
import { type RequestSession, requireForm, requireSession, sessionOf } from "./require-session.hook.ts"
import { newsWriter } from "./signed-in.hook.ts"

type Queued = Context & { readonly queue: PasswordQueue }

/** GET and POST `/account/password`: the password is changed, all other sessions end. */
export function passwordRoutes(scope: FastifyInstance, context: Queued, checkPassword: CheckPassword): void {
  const onRequest = requireSession(context)

  scope.get("/account/password", { onRequest }, (request, reply) => {
    const { done } = request.query as { readonly done?: unknown }
    const frame = { language: request.language, user: sessionOf(request) }
    return sendPage(reply, passwordPage({ ...frame, isDone: done === "changed" }))
  })

  scope.post("/account/password", { onRequest, preHandler: requireForm(context) }, async (request, reply) => {
    const session = sessionOf(request)
    const problem = await tryToChange(context, checkPassword, request, session)
    if (problem === undefined) {
      context.mail.wake()
      return redirectTo(reply, "/account/password?done=changed")
    }
    const isWait = problem.kind === "too_many_tries"
    if (isWait) reply.header("retry-after", problem.retryAfterSeconds)
    return sendPage(reply, passwordPage({ language: request.language, user: session, problem }), isWait ? 429 : 400)
  })
}

async function tryToChange(
  context: Queued,
  checkPassword: CheckPassword,
  request: FastifyRequest,
  session: RequestSession,
): Promise<PasswordProblem | undefined> {
  const { clock } = context
  const form = formOf(request)
  const [current = "", fresh = "", again = ""] = ["current_password", "new_password", "new_password_again"].map(
    (name) => formValue(form, name),
  )
  // First what costs no try of the current password.
  const fault = findPasswordFault(fresh, session.email)
  if (fault !== undefined) return { kind: fault }
  if (fresh !== again) return { kind: "differs" }
  try {
    const checked = await checkPassword(clock.now(), { email: session.email, password: current, ip: request.ip })
    if (checked === undefined) return { kind: "wrongCurrent" }
    if (fresh.normalize("NFKC") === current.normalize("NFKC")) return { kind: "same" }
    const tell = newsWriter(context, request, session, "password_changed")
    const change = { oldHash: checked.passwordHash, newPassword: fresh, tell }
    return (await changePassword(context, session, change, clock.now())) ? undefined : { kind: "wrongCurrent" }
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== "too_many") throw error
    return { kind: "too_many_tries", retryAfterSeconds: error.details.retryAfterSeconds ?? 1 }
  }
}
