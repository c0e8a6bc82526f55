import type { Instant } from "../clock.ts"
import { recordAccessChange } from "../database/access-changes.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { Refusal } from "../refusal.ts"
import { recordAudit } from "./audit-log.ts"
import { lockCompany } from "./companies.store.ts"
import type { Actor, Role } from "./permission.ts"
import { seenMark } from "./seen-mark.ts"
import { deleteSessionsOfUser } from "./sessions.store.ts"
import { checkRights } from "./user-draft.ts"
import {
  countSuperAdmins,
  findUserById,
  listColleagues,
  lockUser,
  markUserRemoved,
  type User,
  updateRights,
} from "./users.store.ts"

/** The administrator who does something. */
export interface Administrator {
  readonly userId: number
  readonly companyId: number
  readonly role: Role
}

/** Why an administrator may not do a thing to a user; the page says it in its words. */
export type RightsProblem = "super_admin_only" | "last_super_admin" | "oneself"

const pageSize = 50

/** The people of a company, 50 of them from the first after `after`, and where the next page begins. */
export async function listCompanyUsers(
  db: Queries,
  companyId: number,
  after: number,
): Promise<{ readonly users: readonly User[]; readonly next: number | undefined }> {
  const found = await listColleagues(db, { companyId, after, limit: pageSize + 1 })
  const users = found.slice(0, pageSize)
  return { users, next: found.length > pageSize ? users.at(-1)?.id : undefined }
}

/**
 * A user of the administrator's company.
 *
 * @throws Refusal not_found (unknown, removed, or another company's)
 */
export async function getCompanyUser(db: Queries, companyId: number, userId: number): Promise<User> {
  return requireColleague(await findUserById(db, userId), companyId)
}

/** The mark of a user's rights as they are: a form that changes them carries it. */
export function rightsMark({ role, permissions }: Actor): string {
  return seenMark([role, [...permissions].sort()])
}

/** What keeps the administrator from changing this user's rights or removing them, judged by what was just read. */
export function findRightsProblem(administrator: Administrator, user: User): RightsProblem | undefined {
  return user.role === "SuperAdmin" && administrator.role !== "SuperAdmin" ? "super_admin_only" : undefined
}

/**
 * Gives a user of the company other rights, at once in every session and app of theirs.
 *
 * @throws Refusal invalid (role, permission), not_found, conflict (changed meanwhile), forbidden (`hint`: a RightsProblem)
 */
export async function changeRights(
  db: Database,
  now: Instant,
  administrator: Administrator,
  change: {
    readonly userId: number
    readonly role: string
    readonly permissions: readonly string[]
    readonly seen: string | undefined
  },
): Promise<void> {
  const rights = checkRights(change)
  await transaction(db, async (tx) => {
    const { user, actor } = await lockColleague(tx, administrator, change.userId)
    if (rightsMark(user) === rightsMark(rights)) return
    if (rightsMark(user) !== change.seen) throw new Refusal("conflict", "The rights were changed meanwhile.")
    if (rights.role === "SuperAdmin" || user.role === "SuperAdmin") requireSuperAdmin(actor)
    if (rights.role !== "SuperAdmin") await keepOneSuperAdmin(tx, user)
    await updateRights(tx, user.id, rights)
    await recordAudit(tx, now, {
      companyId: user.companyId,
      actor: { kind: "user", id: actor.id },
      action: "user.change_rights",
      subjectId: user.id,
      details: { from: toDetails(user), to: toDetails(rights) },
    })
    await recordAccessChange(tx, "user", user.id, now)
  })
}

/**
 * Takes a user out of the company: signed out, their grants end with them (contract/oauth.md §9), their e-mail is free.
 *
 * @throws Refusal not_found, forbidden (`hint`: a RightsProblem)
 */
export async function removeUser(
  db: Database,
  now: Instant,
  administrator: Administrator,
  userId: number,
): Promise<void> {
  await transaction(db, async (tx) => {
    const { user, actor } = await lockColleague(tx, administrator, userId)
    // Another administrator does it: so that nobody locks themselves out by a slip.
    if (user.id === actor.id) throw refuse("oneself")
    if (user.role === "SuperAdmin") requireSuperAdmin(actor)
    await keepOneSuperAdmin(tx, user)
    await markUserRemoved(tx, user)
    await deleteSessionsOfUser(tx, user.id)
    await recordAudit(tx, now, {
      companyId: user.companyId,
      actor: { kind: "user", id: actor.id },
      action: "user.remove",
      subjectId: user.id,
      details: toDetails(user),
    })
    await recordAccessChange(tx, "user", user.id, now)
  })
}

/** Locks the company, then the user and the administrator as they are now: a session's view may be a moment old. */
async function lockColleague(tx: Queries, administrator: Administrator, userId: number) {
  const { companyId } = administrator
  await lockCompany(tx, companyId)
  const user = requireColleague(await lockUser(tx, userId), companyId)
  const actor = await findUserById(tx, administrator.userId)
  if (actor?.isActive !== true || actor.role === "User") {
    throw new Refusal("forbidden", "This takes the role SuperAdmin or Admin.")
  }
  return { user, actor }
}

function requireColleague(user: User | undefined, companyId: number): User {
  if (user !== undefined && user.companyId === companyId && !user.isRemoved) return user
  throw new Refusal("not_found", "There is no such user.")
}

function requireSuperAdmin(actor: User): void {
  if (actor.role !== "SuperAdmin") throw refuse("super_admin_only")
}

async function keepOneSuperAdmin(tx: Queries, user: User): Promise<void> {
  if (user.role !== "SuperAdmin" || !user.isActive) return
  if ((await countSuperAdmins(tx, user.companyId)) <= 1) throw refuse("last_super_admin")
}

function refuse(problem: RightsProblem): Refusal {
  return new Refusal("forbidden", `This is not allowed: ${problem}.`, { hint: problem })
}

function toDetails({ role, permissions }: Actor) {
  return { role, permissions }
}
