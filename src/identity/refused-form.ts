import { Refusal } from "../refusal.ts"
import { findPasswordFault, type PasswordFault } from "./password-rule.ts"

/** What is wrong with one field, for the page to say in its words. */
export type FieldProblem =
  | PasswordFault
  | "email"
  | "name"
  | "phone"
  | "company"
  | "role"
  | "permission"
  | "wrong_password"
  | "same_email"
  | "member"
  | "invited"

/** Field names of a form with what is wrong with each. */
export type FieldProblems = Readonly<Record<string, FieldProblem | undefined>>

/** Why a form comes back, and what of it is wrong. */
export interface RefusedForm {
  readonly status: number
  readonly problems: FieldProblems
  readonly trouble: FormTrouble
}

/** What stands over a form that comes back. */
export type FormTrouble =
  | { readonly kind: "fields" | "form_expired" | "changed_meanwhile" | "invitations_full" }
  | { readonly kind: "too_many"; readonly what: "tries" | "mails"; readonly retryAfterSeconds: number }

const byField: Readonly<Record<string, FieldProblem>> = {
  email: "email",
  first_name: "name",
  last_name: "name",
  phone: "phone",
  company: "company",
  role: "role",
  permission: "permission",
}

/**
 * The mark that a form which comes back carries: with wrong fields the one it was sent with, so that a change in another tab is
 * still found out; once it was told of such a change, the mark of what it is told. Pure.
 */
export function markToCarry(
  refused: RefusedForm | undefined,
  { sent, current }: { readonly sent: string | undefined; readonly current: string },
): string {
  return refused?.trouble.kind === "fields" ? (sent ?? "") : current
}

/** The form token was not this browser's, or no longer. */
export const expiredForm: RefusedForm = { status: 403, problems: {}, trouble: { kind: "form_expired" } }

/**
 * What a form that was refused is to show.
 *
 * @param typed what was typed where the rule needs it: the password, and the e-mail that it must not be
 * @throws whatever is not the sender's to mend
 */
export function toRefusedForm(
  error: unknown,
  typed: { readonly password?: string; readonly email?: string } = {},
): RefusedForm {
  if (!(error instanceof Refusal)) throw error
  const { reason, details } = error
  if (reason === "too_many") {
    const { retryAfterSeconds = 1 } = details
    const what = details.hint === "mails" ? "mails" : "tries"
    return { status: 429, problems: {}, trouble: { kind: "too_many", what, retryAfterSeconds } }
  }
  if (reason === "quota_exceeded") return { status: 409, problems: {}, trouble: { kind: "invitations_full" } }
  if (reason === "conflict" && details.errors === undefined) {
    return { status: 409, problems: {}, trouble: { kind: "changed_meanwhile" } }
  }
  if ((reason !== "invalid" && reason !== "conflict") || details.errors === undefined) throw error
  const problems = Object.fromEntries(
    Object.keys(details.errors).map((field) => [field, problemOf(field, details.hint, typed)]),
  )
  return { status: reason === "invalid" ? 400 : 409, problems, trouble: { kind: "fields" } }
}

function problemOf(
  field: string,
  hint: string | undefined,
  { password = "", email = "" }: { readonly password?: string; readonly email?: string },
): FieldProblem | undefined {
  if (hint === "member" || hint === "invited" || hint === "same_email" || hint === "wrong_password") return hint
  // What is right by itself was refused for what the page does not know: it is the account's e-mail.
  return field === "password" ? (findPasswordFault(password, email) ?? "easy") : byField[field]
}
