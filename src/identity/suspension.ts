import type { Instant } from "../clock.ts"
import { recordAccessChange } from "../database/access-changes.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { Refusal } from "../refusal.ts"
import { recordAudit } from "./audit-log.ts"
import { lockCompany, markCompanyReinstated, markCompanySuspended } from "./companies.store.ts"
import { deleteSessionsOfCompany, deleteSessionsOfUser } from "./sessions.store.ts"
import { findUserById, markUserReinstated, markUserSuspended, type User } from "./users.store.ts"

/** Characters of a reason. */
export const longestReason = 500

/** An operator at a page. */
export interface Operator {
  readonly userId: number
  readonly companyId: number
}

/** Whether it was done now, or is so already; `closed`: there is nothing left to stop or to reinstate. */
export type SuspensionResult = "done" | "already" | "closed"

/**
 * Stops a company until it is reinstated: its people are signed out and can not sign in, and the tokens of their grants fail
 * (contract/oauth.md §9). The caller announces it to the instance before it answers.
 *
 * @param reason 1–500 characters, told to the company's people when they sign in
 * @throws Refusal not_found, invalid (`reason`), conflict (the operator's own company)
 */
export function suspendCompany(
  db: Database,
  now: Instant,
  operator: Operator,
  { companyId, reason }: { readonly companyId: number; readonly reason: string },
): Promise<SuspensionResult> {
  const text = checkReason(reason)
  if (companyId === operator.companyId) throw new Refusal("conflict", "An operator cannot suspend the own company.")
  return transaction(db, async (tx) => {
    const company = await getCompanyLocked(tx, companyId)
    if (!(await markCompanySuspended(tx, companyId, { at: now, reason: text }))) {
      return company.status === "suspended" ? "already" : "closed"
    }
    await deleteSessionsOfCompany(tx, companyId)
    await record(tx, now, operator, {
      companyId,
      action: "company.suspend",
      subjectId: companyId,
      details: { name: company.fullName, reason: text },
    })
    await recordAccessChange(tx, "company", companyId, now)
    return "done"
  })
}

/**
 * Ends the suspension of a company: its people may sign in again, and the tokens that have not expired meanwhile work.
 *
 * @throws Refusal not_found
 */
export function reinstateCompany(
  db: Database,
  now: Instant,
  operator: Operator,
  companyId: number,
): Promise<SuspensionResult> {
  return transaction(db, async (tx) => {
    const company = await getCompanyLocked(tx, companyId)
    if (!(await markCompanyReinstated(tx, companyId))) return company.isActive ? "already" : "closed"
    const details = { name: company.fullName }
    await record(tx, now, operator, { companyId, action: "company.reinstate", subjectId: companyId, details })
    await recordAccessChange(tx, "company", companyId, now)
    return "done"
  })
}

/**
 * Stops a user until they are reinstated, as `suspendCompany` does a company.
 *
 * @throws Refusal not_found, invalid (`reason`), conflict (the operator themself)
 */
export function suspendUser(
  db: Database,
  now: Instant,
  operator: Operator,
  { userId, reason }: { readonly userId: number; readonly reason: string },
): Promise<SuspensionResult> {
  const text = checkReason(reason)
  if (userId === operator.userId) throw new Refusal("conflict", "An operator cannot suspend themself.")
  return transaction(db, async (tx) => {
    const user = await getUser(tx, userId)
    if (!(await markUserSuspended(tx, userId, { at: now, reason: text }))) {
      const current = await getUser(tx, userId)
      return current.status === "suspended" ? "already" : "closed"
    }
    await deleteSessionsOfUser(tx, userId)
    await record(tx, now, operator, {
      companyId: user.companyId,
      action: "user.suspend",
      subjectId: userId,
      details: { name: user.email, reason: text },
    })
    await recordAccessChange(tx, "user", userId, now)
    return "done"
  })
}

/**
 * Ends the suspension of a user.
 *
 * @throws Refusal not_found
 */
export function reinstateUser(
  db: Database,
  now: Instant,
  operator: Operator,
  userId: number,
): Promise<SuspensionResult> {
  return transaction(db, async (tx) => {
    const user = await getUser(tx, userId)
    if (!(await markUserReinstated(tx, userId))) return (await getUser(tx, userId)).isActive ? "already" : "closed"
    const { companyId, email } = user
    await record(tx, now, operator, {
      companyId,
      action: "user.reinstate",
      subjectId: userId,
      details: { name: email },
    })
    await recordAccessChange(tx, "user", userId, now)
    return "done"
  })
}

interface Deed {
  readonly companyId: number
  readonly action: string
  readonly subjectId: number
  readonly details: Readonly<Record<string, unknown>>
}

function record(tx: Queries, now: Instant, operator: Operator, deed: Deed): Promise<void> {
  return recordAudit(tx, now, { ...deed, actor: { kind: "operator", id: operator.userId } })
}

async function getCompanyLocked(tx: Queries, id: number) {
  const company = await lockCompany(tx, id)
  if (company === undefined) throw new Refusal("not_found", "There is no such company.")
  return company
}

async function getUser(tx: Queries, id: number): Promise<User> {
  const user = await findUserById(tx, id)
  if (user === undefined) throw new Refusal("not_found", "There is no such user.")
  return user
}

function checkReason(reason: string): string {
  const text = reason.normalize("NFC").trim()
  if (text.length >= 1 && text.length <= longestReason) return text
  const problem = `reason takes 1 to ${longestReason} characters`
  throw new Refusal("invalid", problem, { errors: { reason: [problem] } })
}
