import type { Instant } from "../clock.ts"
import { hashPassword } from "../crypto/passwords.ts"
import { recordAccessChange } from "../database/access-changes.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import type { CompanyId, UserId } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import { recordAudit } from "./audit-log.ts"
import { createCompany, findCompany } from "./company.ts"
import { endLinks } from "./one-time-link.ts"
import { findPasswordProblem } from "./password-rule.ts"
import { deleteSessionsOfUser } from "./sessions.store.ts"
import { checkUserDraft, foldEmail, type UserDraft, type UserFields } from "./user-draft.ts"
import {
  findUserByEmailKey,
  findUserById,
  insertUser,
  listUsersById,
  markUserClosed,
  type User,
  updatePasswordHash,
} from "./users.store.ts"

export type { User } from "./users.store.ts"

/**
 * Creates a user in a company that exists or that is created with them, as an operator does at the command line. The password
 * is hashed before the transaction.
 *
 * @throws Refusal invalid (naming each field), not_found (company), conflict (e-mail taken)
 */
export async function createUser(
  db: Database,
  now: Instant,
  draft: UserDraft,
): Promise<{ readonly id: UserId; readonly companyId: CompanyId }> {
  const fields = checkUserDraft(draft)
  const passwordHash = await hashPassword(draft.password)
  return transaction(db, async (tx) => {
    const companyId = await resolveCompany(tx, now, fields.company)
    const id = await insertUser(tx, now, { ...fields, companyId, passwordHash })
    if (id === undefined) {
      const problem = `A user with the e-mail ${fields.email} exists already.`
      throw new Refusal("conflict", problem, { errors: { email: [problem] } })
    }
    const { role, permissions, isOperator } = fields
    const details = { role, permissions, ...(isOperator && { operator: true }) }
    await recordByOperator(tx, now, { companyId, action: "user.create", subjectId: id, details })
    return { id, companyId }
  })
}

async function resolveCompany(tx: Queries, now: Instant, company: UserFields["company"]): Promise<CompanyId> {
  if (!("id" in company)) {
    const companyId = await createCompany(tx, now, company)
    await recordByOperator(tx, now, { companyId, action: "company.create", subjectId: companyId })
    return companyId
  }
  const found = await findCompany(tx, company.id)
  if (found?.isActive === true) return found.id
  const problem = found === undefined ? `There is no company ${company.id}.` : `Company ${company.id} is closed.`
  throw new Refusal("not_found", problem, { errors: { company_id: [problem] } })
}

/** The user of that id or e-mail (any case), active or closed. */
export function findUser(db: Queries, by: { id: number } | { email: string }): Promise<User | undefined> {
  return "id" in by ? findUserById(db, by.id) : findUserByEmailKey(db, foldEmail(by.email))
}

/** Users by id, of one company or of all, those after `after`, at most `limit`. */
export function listUsers(
  db: Queries,
  { companyId, after = 0, limit = 1000 }: { companyId?: number; after?: number; limit?: number } = {},
): Promise<readonly User[]> {
  return listUsersById(db, { companyId, after, limit })
}

/**
 * Gives the user a new password, as an operator does at the command line, and ends all their sessions and the links they may
 * have, to a reset and to another e-mail; grants stay (contract/oauth.md §9).
 *
 * @throws Refusal invalid, not_found
 */
export async function setPassword(db: Database, now: Instant, userId: number, password: string): Promise<void> {
  const user = await findUserById(db, userId)
  if (user === undefined) throw unknownUser(userId)
  const problem = findPasswordProblem(password, user.email)
  if (problem !== undefined) throw new Refusal("invalid", problem, { errors: { password: [problem] } })
  const passwordHash = await hashPassword(password)
  await transaction(db, async (tx) => {
    if (!(await updatePasswordHash(tx, userId, passwordHash))) throw unknownUser(userId)
    await deleteSessionsOfUser(tx, userId)
    await endLinks(tx, "reset_password", userId)
    await endLinks(tx, "change_email", userId)
    await recordByOperator(tx, now, { companyId: user.companyId, action: "user.password_set", subjectId: userId })
  })
}

/**
 * Closes a user, as an operator does: signed out, no sign-in any more; their grants end with them (contract/oauth.md §9).
 *
 * @throws Refusal not_found
 */
export async function closeUser(db: Database, now: Instant, userId: number): Promise<void> {
  await transaction(db, async (tx) => {
    const user = await findUserById(tx, userId)
    if (user === undefined || !(await markUserClosed(tx, userId))) throw unknownUser(userId)
    await deleteSessionsOfUser(tx, userId)
    await recordByOperator(tx, now, { companyId: user.companyId, action: "user.close", subjectId: userId })
    await recordAccessChange(tx, "user", userId, now)
  })
}

function recordByOperator(
  tx: Queries,
  now: Instant,
  done: {
    readonly companyId: number
    readonly action: string
    readonly subjectId: number
    readonly details?: Readonly<Record<string, unknown>>
  },
): Promise<void> {
  return recordAudit(tx, now, { details: {}, ...done, actor: { kind: "operator" } })
}

function unknownUser(id: number): Refusal {
  return new Refusal("not_found", `There is no user ${id}.`)
}
