import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { countCompanyAccounts } from "../../banking/company-data.ts"
import type { Context } from "../../context.ts"
import { formValue } from "../../http/form-body.ts"
import { formOf, redirectTo, sendPage } from "../../http/page-answer.ts"
import { type Company, findCompany } from "../../identity/company.ts"
import { countCompanyPeople, getListedUser, searchCompanies, searchUsers } from "../../identity/directory.ts"
import { requireForm, requireOperator, requireSession, sessionOf } from "../../identity/require-session.hook.ts"
import { findSecondFactor } from "../../identity/second-factor.ts"
import {
  longestReason,
  reinstateCompany,
  reinstateUser,
  type SuspensionResult,
  suspendCompany,
  suspendUser,
} from "../../identity/suspension.ts"
import { speak } from "../../messages/catalogue.ts"
import { operatorPeopleMessages } from "../../messages/operator-people.ts"
import { personName } from "../../messages/person-name.ts"
import { listCompanyClients } from "../../oauth/client-names.ts"
import { countConnectedApps, countUserGrants } from "../../oauth/grant.ts"
import { Refusal } from "../../refusal.ts"
import { operatorCompaniesPage, operatorCompanyPage } from "./companies.page.ts"
import { type SuspensionDone, suspendPage } from "./suspension.page.ts"
import { operatorUserPage, operatorUsersPage } from "./users.page.ts"

const onAPage = 50
const peopleShown = 20
const idPattern = /^[1-9][0-9]{0,15}$/

/** /operator/companies and /operator/users: find, look, suspend and reinstate; for operators alone. */
export function operatorPeopleRoutes(pages: FastifyInstance, context: Context): void {
  companyPages(pages, context)
  userPages(pages, context)
  suspensionForms(pages, context)
}

function companyPages(pages: FastifyInstance, context: Context): void {
  const { db, clock } = context
  const forOperators = { onRequest: requireSession(context), preHandler: requireOperator() }

  pages.get("/operator/companies", forOperators, async (request, reply) => {
    const { text, before } = readSearch(request)
    const found = await searchCompanies(db, text, { before, limit: onAPage + 1 })
    const companies = found.slice(0, onAPage)
    const accounts = await countCompanyAccounts(
      db,
      companies.map(({ id }) => id),
    )
    const next = found.length > onAPage ? companies.at(-1)?.id : undefined
    const page = { ...frameOf(request), text, companies, accounts, isFirst: before === undefined, next }
    return sendPage(reply, operatorCompaniesPage(page))
  })

  pages.get("/operator/companies/:id", forOperators, async (request, reply) => {
    const company = await getCompany(context, readId(request))
    const now = clock.now()
    const slice = { before: undefined, limit: peopleShown + 1 }
    const [people, users, accounts, grants, apps] = await Promise.all([
      countCompanyPeople(db, company.id, now),
      searchUsers(db, { text: "", companyId: company.id }, slice, now),
      countCompanyAccounts(db, [company.id]),
      countConnectedApps(db, company.id),
      listCompanyClients(db, company.id),
    ])
    const page = operatorCompanyPage({
      ...frameOf(request),
      company,
      isOwn: company.id === sessionOf(request).companyId,
      people,
      users: users.slice(0, peopleShown),
      hasMoreUsers: users.length > peopleShown,
      accounts: accounts.get(company.id) ?? 0,
      grants,
      apps,
      done: readDone(request),
    })
    return sendPage(reply, page)
  })

  pages.get("/operator/companies/:id/suspend", forOperators, (request, reply) =>
    askCompany(context, request, reply, { reason: "", isWrong: false }),
  )
}

function userPages(pages: FastifyInstance, context: Context): void {
  const { db, clock } = context
  const forOperators = { onRequest: requireSession(context), preHandler: requireOperator() }

  pages.get("/operator/users", forOperators, async (request, reply) => {
    const { text, before } = readSearch(request)
    const { company: typed } = request.query as { readonly company?: unknown }
    const company = typeof typed === "string" && typed !== "" ? await getCompany(context, checkId(typed)) : undefined
    const slice = { before, limit: onAPage + 1 }
    const found = await searchUsers(db, { text, companyId: company?.id }, slice, clock.now())
    const users = found.slice(0, onAPage)
    const page = operatorUsersPage({
      ...frameOf(request),
      text,
      company: company && { id: company.id, name: company.fullName },
      users,
      isFirst: before === undefined,
      next: found.length > onAPage ? users.at(-1)?.id : undefined,
    })
    return sendPage(reply, page)
  })

  pages.get("/operator/users/:id", forOperators, async (request, reply) => {
    const shown = await getListedUser(db, readId(request), clock.now())
    const [grants, secondFactor] = await Promise.all([countUserGrants(db, shown.id), findSecondFactor(db, shown.id)])
    const isSelf = shown.id === sessionOf(request).userId
    return sendPage(
      reply,
      operatorUserPage({ ...frameOf(request), shown, isSelf, grants, secondFactor, done: readDone(request) }),
    )
  })

  pages.get("/operator/users/:id/suspend", forOperators, (request, reply) =>
    askUser(context, request, reply, { reason: "", isWrong: false }),
  )
}

function suspensionForms(pages: FastifyInstance, context: Context): void {
  const { db, clock, bus } = context
  const forForms = { onRequest: requireSession(context), preHandler: [requireOperator(), requireForm(context)] }
  const things = {
    companies: {
      suspend: (request: FastifyRequest, id: number, reason: string) =>
        suspendCompany(db, clock.now(), sessionOf(request), { companyId: id, reason }),
      reinstate: (request: FastifyRequest, id: number) => reinstateCompany(db, clock.now(), sessionOf(request), id),
      ask: askCompany,
    },
    users: {
      suspend: (request: FastifyRequest, id: number, reason: string) =>
        suspendUser(db, clock.now(), sessionOf(request), { userId: id, reason }),
      reinstate: (request: FastifyRequest, id: number) => reinstateUser(db, clock.now(), sessionOf(request), id),
      ask: askUser,
    },
  } as const

  for (const [area, { suspend, reinstate, ask }] of Object.entries(things)) {
    const end = async (
      request: FastifyRequest,
      reply: FastifyReply,
      result: SuspensionResult,
      done: SuspensionDone,
    ): Promise<FastifyReply> => {
      const id = readId(request)
      await bus.announce("access-changed")
      request.log.info({ [area]: id, result }, done)
      return redirectTo(reply, `/operator/${area}/${id}?done=${result === "done" ? done : result}`)
    }
    pages.post(`/operator/${area}/:id/suspend`, forForms, async (request, reply) => {
      const reason = formValue(formOf(request), "reason") ?? ""
      const length = reason.normalize("NFC").trim().length
      if (length === 0 || length > longestReason) return ask(context, request, reply, { reason, isWrong: true })
      return end(request, reply, await suspend(request, readId(request), reason), "suspended")
    })
    pages.post(`/operator/${area}/:id/reinstate`, forForms, async (request, reply) =>
      end(request, reply, await reinstate(request, readId(request)), "reinstated"),
    )
  }
}

interface TypedReason {
  readonly reason: string
  readonly isWrong: boolean
}

async function askCompany(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  typed: TypedReason,
): Promise<FastifyReply> {
  const { db, clock } = context
  const company = await getCompany(context, readId(request))
  const path = `/operator/companies/${company.id}`
  if (company.status !== "active" || company.id === sessionOf(request).companyId) return redirectTo(reply, path)
  const [people, grants, accounts, apps] = await Promise.all([
    countCompanyPeople(db, company.id, clock.now()),
    countConnectedApps(db, company.id),
    countCompanyAccounts(db, [company.id]),
    listCompanyClients(db, company.id),
  ])
  const words = speak(operatorPeopleMessages, request.language)
  const effects = [
    words.effectUsers({ users: people.activeUsers, sessions: people.sessions }),
    words.effectGrants(grants),
    words.effectData(accounts.get(company.id) ?? 0),
    ...(apps.length === 0 ? [] : [words.effectApps(apps.length)]),
  ]
  const page = { ...frameOf(request), current: "operator-companies", path, name: company.fullName, effects } as const
  return sendPage(reply, suspendPage({ ...page, ...typed }), typed.isWrong ? 400 : 200)
}

async function askUser(
  { db, clock }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  typed: TypedReason,
): Promise<FastifyReply> {
  const user = await getListedUser(db, readId(request), clock.now())
  const path = `/operator/users/${user.id}`
  if (user.status !== "active" || user.id === sessionOf(request).userId) return redirectTo(reply, path)
  const words = speak(operatorPeopleMessages, request.language)
  const effects = [words.effectUser(user.sessions), words.effectGrants(await countUserGrants(db, user.id))]
  const page = {
    ...frameOf(request),
    current: "operator-users",
    path,
    name: personName(user, request.language),
    effects,
  } as const
  return sendPage(reply, suspendPage({ ...page, ...typed }), typed.isWrong ? 400 : 200)
}

async function getCompany({ db }: Context, id: number): Promise<Company> {
  const company = await findCompany(db, id)
  if (company === undefined) throw new Refusal("not_found", "There is no such company.")
  return company
}

function frameOf(request: FastifyRequest) {
  return { language: request.language, user: sessionOf(request) }
}

function readSearch(request: FastifyRequest): { readonly text: string; readonly before: number | undefined } {
  const { q, before } = request.query as { readonly q?: unknown; readonly before?: unknown }
  const text = typeof q === "string" ? q.trim().slice(0, 100) : ""
  return { text, before: typeof before === "string" && idPattern.test(before) ? Number(before) : undefined }
}

function readId(request: FastifyRequest): number {
  return checkId((request.params as { readonly id: string }).id)
}

function checkId(text: string): number {
  if (idPattern.test(text)) return Number(text)
  throw new Refusal("not_found", "There is nothing of that id.")
}

const doneCodes: readonly string[] = ["suspended", "reinstated", "already", "closed"] satisfies SuspensionDone[]

function readDone(request: FastifyRequest): SuspensionDone | undefined {
  const { done } = request.query as { readonly done?: unknown }
  return typeof done === "string" && doneCodes.includes(done) ? (done as SuspensionDone) : undefined
}
