import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { formValue } from "../http/form-body.ts"
import { formOf, redirectTo, sendPage } from "../http/page-answer.ts"
import { Refusal } from "../refusal.ts"
import { companyUserPage, removeUserPage } from "./company-user.page.ts"
import {
  changeRights,
  findRightsProblem,
  getCompanyUser,
  listCompanyUsers,
  type RightsProblem,
  removeUser,
  rightsMark,
} from "./company-user.ts"
import { companyUsersPage, type UsersDone } from "./company-users.page.ts"
import { listInvitations } from "./invitation.ts"
import { type Role, roles } from "./permission.ts"
import { sendFormPage } from "./refused-form.hook.ts"
import { markToCarry, type RefusedForm, toRefusedForm } from "./refused-form.ts"
import { requireAdministrator, requireForm, requireSession, sessionOf } from "./require-session.hook.ts"
import type { TypedRights } from "./rights-fields.page.ts"
import type { User } from "./user.ts"

const idShape = /^[1-9][0-9]{0,15}$/
const allDone: readonly UsersDone[] = ["invited", "sent", "withdrawn", "changed", "removed"]

/** `/company/users`: a company's people, their rights, and taking one out. For its administrators. */
export function companyUsersRoutes(scope: FastifyInstance, context: Context): void {
  const { clock, db, bus } = context
  const onRequest = requireSession(context)
  const reading = { onRequest, preHandler: requireAdministrator() }
  const writing = { onRequest, preHandler: [requireAdministrator(), requireForm(context)] }

  scope.get("/company/users", reading, async (request, reply) => {
    const user = sessionOf(request)
    const { done, after } = request.query as Readonly<Record<string, unknown>>
    const from = typeof after === "string" && idShape.test(after) ? Number(after) : 0
    const { users, next } = await listCompanyUsers(db, user.companyId, from)
    const now = clock.now()
    const invitations = from > 0 ? [] : await listInvitations(db, user.companyId)
    const page = companyUsersPage({
      ...{ language: request.language, user, users, next, isFirst: from === 0 },
      invitations: invitations.map((one) => ({ ...one, isExpired: one.expiresAt <= now })),
      done: allDone.find((one) => one === done),
    })
    return sendPage(reply, page)
  })

  scope.get("/company/users/:id", reading, async (request, reply) => {
    const person = await getCompanyUser(db, sessionOf(request).companyId, readId(request))
    return sendUser(request, reply, person, { typed: person })
  })

  scope.post("/company/users/:id", writing, async (request, reply) => {
    const session = sessionOf(request)
    const form = formOf(request)
    const userId = readId(request)
    const typed = readRights(request)
    const seen = formValue(form, "seen")
    try {
      await changeRights(db, clock.now(), session, { userId, ...typed, seen })
    } catch (error) {
      const problem = rightsProblemOf(error)
      const refused = problem === undefined ? toRefusedForm(error) : undefined
      const person = await getCompanyUser(db, session.companyId, userId)
      return sendUser(request, reply, person, { typed, problem, refused, sent: seen })
    }
    await bus.announce("access-changed")
    // Whoever has taken the role from themselves may see the list no more.
    const isOwnEnd = userId === session.userId && typed.role === "User"
    return redirectTo(reply, isOwnEnd ? "/account?done=role_given_up" : "/company/users?done=changed")
  })

  scope.get("/company/users/:id/remove", reading, async (request, reply) => {
    const user = sessionOf(request)
    const person = await getCompanyUser(db, user.companyId, readId(request))
    return sendPage(reply, removeUserPage({ language: request.language, user, person }))
  })

  scope.post("/company/users/:id/remove", writing, async (request, reply) => {
    const user = sessionOf(request)
    const userId = readId(request)
    try {
      await removeUser(db, clock.now(), user, userId)
    } catch (error) {
      const problem = rightsProblemOf(error)
      if (problem === undefined) throw error
      const person = await getCompanyUser(db, user.companyId, userId)
      return sendPage(reply, removeUserPage({ language: request.language, user, person, problem }), 403)
    }
    await bus.announce("access-changed")
    return redirectTo(reply, "/company/users?done=removed")
  })
}

/** The roles that somebody of that role may give. */
export function rolesToGive(role: Role): readonly Role[] {
  return role === "SuperAdmin" ? roles : roles.filter((one) => one !== "SuperAdmin")
}

/** Role and permissions of a form; permissions count for the role User alone. */
export function readRights(request: FastifyRequest): TypedRights {
  const form = formOf(request)
  const role = formValue(form, "role") ?? ""
  return { role, permissions: role === "User" ? (form.get("permission") ?? []) : [] }
}

/** The id in the path, if it has the form of one. */
export function readId(request: FastifyRequest): number {
  const { id } = request.params as { readonly id: string }
  if (idShape.test(id)) return Number(id)
  throw new Refusal("not_found", "There is no such user.")
}

/** Why an administrator may not do that, if that is what an error says. */
export function rightsProblemOf(error: unknown): RightsProblem | undefined {
  if (!(error instanceof Refusal) || error.reason !== "forbidden") return undefined
  const { hint } = error.details
  return hint === "super_admin_only" || hint === "last_super_admin" || hint === "oneself" ? hint : undefined
}

function sendUser(
  request: FastifyRequest,
  reply: FastifyReply,
  person: User,
  {
    sent,
    ...page
  }: {
    readonly typed: TypedRights
    readonly problem?: RightsProblem | undefined
    readonly refused?: RefusedForm | undefined
    readonly sent?: string | undefined
  },
): FastifyReply {
  const user = sessionOf(request)
  const seen = markToCarry(page.refused, { sent, current: rightsMark(person) })
  const shown = { ...page, language: request.language, user, person, seen }
  const barred = findRightsProblem(user, person)
  const html = companyUserPage({ ...shown, barred, roles: rolesToGive(user.role) })
  return page.problem === undefined ? sendFormPage(reply, html, page.refused) : sendPage(reply, html, 403)
}
