import { Readable } from "node:stream"
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../../context.ts"
import { transaction } from "../../database/engine.ts"
import { durationText } from "../../http/duration.page.ts"
import { type Form, formValue } from "../../http/form-body.ts"
import { formOf, redirectTo, sendPage } from "../../http/page-answer.ts"
import { recordAudit } from "../../identity/audit-log.ts"
import type { CheckPassword } from "../../identity/check-password.ts"
import { type Company, closeCompany, findCompany } from "../../identity/company.ts"
import { type CompanyFields, companyMark, editCompany } from "../../identity/company-edit.ts"
import { countCompanyPeople } from "../../identity/directory.ts"
import { whileAllowed } from "../../identity/lasting-session.ts"
import {
  type RequestSession,
  requireAdministrator,
  requireForm,
  requireSession,
  sessionOf,
} from "../../identity/require-session.hook.ts"
import type { Session } from "../../identity/session.ts"
import { speak } from "../../messages/catalogue.ts"
import { companyMessages } from "../../messages/company.ts"
import { countConnectedApps } from "../../oauth/grant.ts"
import { Refusal } from "../../refusal.ts"
import { type CompanyDone, closeCompanyPage, companyClosedPage, companyPage } from "./company.page.ts"
import { exportCompany } from "./company-export.ts"

/** /company: names and settings for administrators; the data's download and closing for SuperAdmins. */
export function companyRoutes(pages: FastifyInstance, context: Context, checkPassword: CheckPassword): void {
  const { db, clock } = context
  const onRequest = requireSession(context)
  const forAdministrators = { onRequest, preHandler: requireAdministrator() }
  const form = requireForm(context)

  pages.get("/company", forAdministrators, async (request, reply) => {
    const session = sessionOf(request)
    const company = await getOwnCompany(context, session)
    const { done } = request.query as { readonly done?: unknown }
    return sendCompany(request, reply, company, { done: readDone(done) })
  })

  pages.post("/company", { onRequest, preHandler: [requireAdministrator(), form] }, async (request, reply) => {
    const session = sessionOf(request)
    const fields = readFields(formOf(request))
    const seen = formValue(formOf(request), "seen")
    try {
      const result = await editCompany(db, clock.now(), session, { ...fields, seen })
      if (result !== "changed_meanwhile") return redirectTo(reply, `/company?done=${result}`)
      return sendCompany(request, reply, await getOwnCompany(context, session), { fields, changedMeanwhile: true })
    } catch (error) {
      if (!(error instanceof Refusal) || error.reason !== "invalid") throw error
      const wrong = Object.keys(error.details.errors ?? {}) as ("full_name" | "short_name")[]
      return sendCompany(request, reply, await getOwnCompany(context, session), { fields, wrong, seen })
    }
  })

  pages.post("/company/export", { onRequest, preHandler: [requireSuperAdmin, form] }, async (request, reply) => {
    const session = sessionOf(request)
    const { companyId, userId } = session
    await transaction(db, (tx) =>
      recordAudit(tx, clock.now(), {
        companyId,
        actor: { kind: "user", id: userId },
        action: "company.export",
        subjectId: companyId,
        details: {},
      }),
    )
    return reply
      .type("application/x-ndjson; charset=utf-8")
      .header("content-disposition", `attachment; filename="company-${companyId}.ndjson"`)
      .send(Readable.from(whileAllowed(context, session, isSuperAdmin, exportCompany(db, companyId, clock.now()))))
  })
  closingRoutes(pages, context, checkPassword)
}

function closingRoutes(pages: FastifyInstance, context: Context, checkPassword: CheckPassword): void {
  const { db, clock, bus } = context
  const onRequest = requireSession(context)

  pages.get("/company/closed", (request, reply) => sendPage(reply, companyClosedPage(request.language)))

  pages.get("/company/close", { onRequest, preHandler: requireSuperAdmin }, (request, reply) =>
    sendQuestion(context, request, reply, { typedName: "", nameIsWrong: false, passwordProblem: undefined }),
  )

  pages.post(
    "/company/close",
    { onRequest, preHandler: [requireSuperAdmin, requireForm(context)] },
    async (request, reply) => {
      const session = sessionOf(request)
      const company = await getOwnCompany(context, session)
      const typedName = formValue(formOf(request), "company_name") ?? ""
      const words = speak(companyMessages, request.language)
      const ask = (nameIsWrong: boolean, passwordProblem?: string, status = 400) =>
        sendQuestion(context, request, reply, { typedName, nameIsWrong, passwordProblem }, status)
      if (typedName.normalize("NFC").trim() !== company.fullName) return ask(true)
      const typed = {
        email: session.email,
        password: formValue(formOf(request), "password") ?? "",
        ip: request.ip,
      }
      try {
        if ((await checkPassword(clock.now(), typed)) === undefined) return ask(false, words.passwordProblem)
      } catch (error) {
        if (!(error instanceof Refusal) || error.reason !== "too_many") throw error
        const { retryAfterSeconds = 1 } = error.details
        reply.header("retry-after", retryAfterSeconds)
        return ask(false, words.passwordWait(durationText(retryAfterSeconds, request.language)), 429)
      }
      await closeCompany(db, clock.now(), session.companyId, { kind: "user", id: session.userId })
      await bus.announce("access-changed")
      request.log.info({ companyId: session.companyId }, "company closed by its owner")
      return redirectTo(reply, "/company/closed")
    },
  )
}

function isSuperAdmin({ role }: Session): boolean {
  return role === "SuperAdmin"
}

async function requireSuperAdmin(request: FastifyRequest): Promise<void> {
  if (!isSuperAdmin(sessionOf(request))) throw new Refusal("forbidden", "This takes the role SuperAdmin.")
}

async function getOwnCompany({ db }: Context, { companyId }: RequestSession): Promise<Company> {
  const company = await findCompany(db, companyId)
  if (company === undefined) throw new Refusal("not_found", "There is no such company.")
  return company
}

function readFields(form: Form): CompanyFields {
  return {
    fullName: formValue(form, "full_name") ?? "",
    shortName: formValue(form, "short_name") ?? "",
    paymentCodesOn: form.has("payment_codes_on"),
    separatorTolerant: form.has("separator_tolerant"),
    subAccountsOn: form.has("sub_accounts_on"),
  }
}

function readDone(done: unknown): CompanyDone | undefined {
  return done === "changed" || done === "unchanged" ? done : undefined
}

interface Shown {
  readonly fields?: CompanyFields
  readonly wrong?: readonly ("full_name" | "short_name")[]
  readonly changedMeanwhile?: boolean
  readonly done?: CompanyDone | undefined
  /** Kept after wrong input, so that a change in another tab is still found out. */
  readonly seen?: string | undefined
}

function sendCompany(request: FastifyRequest, reply: FastifyReply, company: Company, shown: Shown): FastifyReply {
  const session = sessionOf(request)
  const { fields = company, wrong = [], changedMeanwhile = false, done, seen = companyMark(company) } = shown
  const page = companyPage({
    language: request.language,
    user: session,
    company,
    fields,
    seen,
    wrong,
    changedMeanwhile,
    done,
    isSuperAdmin: session.role === "SuperAdmin",
  })
  return sendPage(reply, page, changedMeanwhile ? 409 : wrong.length > 0 ? 400 : 200)
}

interface Question {
  readonly typedName: string
  readonly nameIsWrong: boolean
  readonly passwordProblem: string | undefined
}

async function sendQuestion(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  question: Question,
  status = 200,
): Promise<FastifyReply> {
  const { db, clock } = context
  const session = sessionOf(request)
  const [company, people, grants] = await Promise.all([
    getOwnCompany(context, session),
    countCompanyPeople(db, session.companyId, clock.now()),
    countConnectedApps(db, session.companyId),
  ])
  const page = { language: request.language, user: session, company, users: people.activeUsers, grants, ...question }
  return sendPage(reply, closeCompanyPage(page), status)
}
