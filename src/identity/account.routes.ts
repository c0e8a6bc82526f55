import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { formValue } from "../http/form-body.ts"
import { keepLanguage } from "../http/language.hook.ts"
import { formOf, redirectTo } from "../http/page-answer.ts"
import { isLanguage, type Language } from "../messages/catalogue.ts"
import { Refusal } from "../refusal.ts"
import { type AccountDone, type AccountPageData, accountPage } from "./account.page.ts"
import { changeProfile, profileMark } from "./profile.ts"
import { sendFormPage } from "./refused-form.hook.ts"
import { markToCarry, toRefusedForm } from "./refused-form.ts"
import { requireForm, requireSession, sessionOf } from "./require-session.hook.ts"
import { findUser, type User } from "./user.ts"

const allDone: readonly AccountDone[] = ["saved", "email_changed", "role_given_up"]

/** `/account`: the user's own name, telephone and language. */
export function accountRoutes(scope: FastifyInstance, context: Context): void {
  const { config, clock, db } = context
  const onRequest = requireSession(context)

  scope.get("/account", { onRequest }, async (request, reply) => {
    const user = await getOwnUser(context, request)
    const { done } = request.query as Readonly<Record<string, unknown>>
    const { firstName, lastName, phone, language = request.language } = user
    return sendAccount(request, reply, user, {
      typed: { firstName, lastName, phone, language },
      done: allDone.find((one) => one === done),
    })
  })

  scope.post("/account", { onRequest, preHandler: requireForm(context) }, async (request, reply) => {
    const form = formOf(request)
    const text = (name: string): string => formValue(form, name) ?? ""
    const asked = text("language")
    const language: Language = isLanguage(asked) ? asked : request.language
    const typed = { firstName: text("first_name"), lastName: text("last_name"), phone: text("phone"), language }
    try {
      await changeProfile(db, clock.now(), sessionOf(request).userId, { ...typed, seen: text("seen") })
    } catch (error) {
      const refused = toRefusedForm(error)
      const user = await getOwnUser(context, request)
      return sendAccount(request, reply, user, { typed, done: undefined, refused, sent: text("seen") })
    }
    // What this browser chose before would win over the setting.
    keepLanguage(reply, language, config.url.startsWith("https:"))
    return redirectTo(reply, "/account?done=saved")
  })
}

async function getOwnUser({ db }: Context, request: FastifyRequest): Promise<User> {
  const user = await findUser(db, { id: sessionOf(request).userId })
  if (user === undefined) throw new Refusal("not_found", "There is no such user.")
  return user
}

function sendAccount(
  request: FastifyRequest,
  reply: FastifyReply,
  user: User,
  { sent, ...page }: Pick<AccountPageData, "typed" | "done" | "refused"> & { readonly sent?: string },
): FastifyReply {
  const session = sessionOf(request)
  const seen = markToCarry(page.refused, { sent, current: profileMark(user) })
  const { language } = request
  return sendFormPage(reply, accountPage({ language, user: session, role: user.role, seen, ...page }), page.refused)
}
