import { Refusal } from "../refusal.ts"
import type { CompanyDraft } from "./company.ts"
import { findPasswordProblem } from "./password-rule.ts"
import { type Actor, type Permission, permissions, type Role, roles } from "./permission.ts"

/** What is asked for when a user is created, as typed. */
export interface UserDraft {
  readonly email: string
  readonly password: string
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
  readonly phone?: string | undefined
  /** One that exists, or a new one. */
  readonly company: { readonly id: number } | CompanyDraft
  /** Absent: SuperAdmin of a new company, User of one that exists. */
  readonly role?: string | undefined
  readonly permissions?: readonly string[] | undefined
  readonly isOperator?: boolean | undefined
}

/** A draft that has passed every check. */
export interface UserFields {
  readonly email: string
  readonly emailKey: string
  readonly firstName: string
  readonly lastName: string
  readonly phone: string
  readonly company: { readonly id: number } | CompanyDraft
  readonly role: Role
  readonly permissions: readonly Permission[]
  readonly isOperator: boolean
}

const longestEmail = 254
const emailShape = /^[^\s@\p{Cc}<>(),;:"\\[\]]+@[^\s@\p{Cc}<>(),;:"\\[\]]+$/u
const longestName = 100
const phoneShape = /^\+?[0-9 ().-]{3,30}$/

/** The form under which an e-mail is unique: trimmed, composed, lower case. */
export function foldEmail(email: string): string {
  // PostgreSQL takes no NUL in a text, not even to look for it.
  return email.trim().normalize("NFC").toLowerCase().replaceAll("\0", "\ufffd")
}

/** The e-mail as it is kept, or undefined if it is none. */
export function readEmail(text: string): string | undefined {
  const email = text.trim().normalize("NFC")
  return emailProblem(email) === undefined ? email : undefined
}

/**
 * Checks what a user tells of themselves, and gives it back trimmed.
 *
 * @throws Refusal invalid, with `errors` by field: first_name, last_name, phone
 */
export function checkProfile(draft: { readonly firstName: string; readonly lastName: string; readonly phone: string }) {
  const firstName = draft.firstName.trim()
  const lastName = draft.lastName.trim()
  const phone = draft.phone.trim()
  const isNameless = firstName === "" && lastName === ""
  refuseProblems({
    first_name: isNameless ? "first_name or last_name must be given." : nameProblem("first_name", firstName),
    last_name: nameProblem("last_name", lastName),
    phone: phoneProblem(phone),
  })
  return { firstName, lastName, phone }
}

/**
 * Checks what a user of a company may do.
 *
 * @throws Refusal invalid, with `errors` by field: role, permission
 */
export function checkRights(draft: { readonly role: string; readonly permissions: readonly string[] }): Actor {
  const asked = [...new Set(draft.permissions)]
  refuseProblems({ role: roleProblem(draft.role), permission: permissionProblem(draft.role, asked) })
  return { role: draft.role as Role, permissions: asked as Permission[] }
}

/**
 * Checks every field at once.
 *
 * @throws Refusal invalid, with `errors` by field: email, password, first_name, last_name, phone, role, permission
 */
export function checkUserDraft(draft: UserDraft): UserFields {
  const email = draft.email.trim().normalize("NFC")
  const { firstName = "", lastName = "", phone = "" } = draft
  const role = draft.role ?? ("id" in draft.company ? "User" : "SuperAdmin")
  const asked = [...new Set(draft.permissions ?? [])]
  const problems = {
    email: emailProblem(email),
    password: findPasswordProblem(draft.password, email),
    first_name: nameProblem("first_name", firstName),
    last_name: nameProblem("last_name", lastName),
    phone: phoneProblem(phone),
    role: roleProblem(role),
    permission: permissionProblem(role, asked),
  }
  refuseProblems(problems)
  return {
    email,
    emailKey: foldEmail(email),
    firstName: firstName.trim(),
    lastName: lastName.trim(),
    phone,
    company: draft.company,
    role: role as Role,
    permissions: asked as Permission[],
    isOperator: draft.isOperator ?? false,
  }
}

function refuseProblems(problems: Readonly<Record<string, string | undefined>>): void {
  const found = Object.entries(problems).flatMap(([field, problem]) =>
    problem === undefined ? [] : [[field, problem]],
  )
  if (found.length === 0) return
  const errors = Object.fromEntries(found.map(([field, problem]) => [field, [problem]]))
  throw new Refusal("invalid", found.map(([, problem]) => problem).join(" "), { errors })
}

function emailProblem(email: string): string | undefined {
  return email.length <= longestEmail && emailShape.test(email) ? undefined : `email "${email}" is no e-mail address.`
}

function nameProblem(field: string, name: string): string | undefined {
  if (name.length <= longestName && !/\p{Cc}/u.test(name)) return undefined
  return `${field} must be at most ${longestName} characters on one line.`
}

function phoneProblem(phone: string): string | undefined {
  return phone === "" || phoneShape.test(phone) ? undefined : `phone "${phone}" is no telephone number.`
}

function roleProblem(role: string): string | undefined {
  return isRole(role) ? undefined : `role must be one of ${roles.join(", ")}, not "${role}".`
}

function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text)
}

function permissionProblem(role: string, asked: readonly string[]): string | undefined {
  const unknown = asked.filter((name) => !(permissions as readonly string[]).includes(name))
  if (unknown.length > 0) {
    return `permission "${unknown.join('", "')}" is unknown; known are ${permissions.join(", ")}.`
  }
  return asked.length > 0 && isRole(role) && role !== "User"
    ? `permission goes with role User only: ${role} may do everything.`
    : undefined
}
