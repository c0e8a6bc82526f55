import { Refusal } from "../refusal.ts"
import type { CompanyDraft } from "./company.ts"
import { findPasswordProblem } from "./password-rule.ts"
import { type Permission, permissions, type Role, roles } from "./permission.ts"

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
    phone: phone === "" || phoneShape.test(phone) ? undefined : `phone "${phone}" is no telephone number.`,
    role: isRole(role) ? undefined : `role must be one of ${roles.join(", ")}, not "${role}".`,
    permission: permissionProblem(role, asked),
  }
  const found = Object.entries(problems).flatMap(([field, problem]) =>
    problem === undefined ? [] : [[field, problem]],
  )
  if (found.length > 0) {
    const errors = Object.fromEntries(found.map(([field, problem]) => [field, [problem]]))
    throw new Refusal("invalid", found.map(([, problem]) => problem).join(" "), { errors })
  }
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

function emailProblem(email: string): string | undefined {
  return email.length <= longestEmail && emailShape.test(email) ? undefined : `email "${email}" is no e-mail address.`
}

function nameProblem(field: string, name: string): string | undefined {
  if (name.length <= longestName && !/\p{Cc}/u.test(name)) return undefined
  return `${field} must be at most ${longestName} characters on one line.`
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
