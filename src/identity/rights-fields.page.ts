import { choiceField } from "../http/fields.page.ts"
import { type Html, html } from "../http/html.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { companyUsersMessages, permissionMessages, roleMessages } from "../messages/company-users.ts"
import type { Role } from "./permission.ts"
import { problemText } from "./person-fields.page.ts"
import type { FieldProblems } from "./refused-form.ts"

/** What is ticked in a form that gives rights. */
export interface TypedRights {
  readonly role: string
  readonly permissions: readonly string[]
}

/** Role and permissions (contract/api.md §2). */
export function rightsFields(data: {
  readonly language: Language
  readonly typed: TypedRights
  readonly problems: FieldProblems
  /** The roles that this administrator may give. */
  readonly roles: readonly Role[]
}): Html {
  const { language, typed, problems } = data
  const words = speak(companyUsersMessages, language)
  const roles = speak(roleMessages, language)
  const permissions = Object.entries(speak(permissionMessages, language))
  return html`${choiceField({
    name: "role",
    label: words.role,
    kind: "radio",
    problem: problemText(problems["role"], language),
    chosen: [typed.role],
    options: data.roles.map((role) => ({ value: role, text: roles[role], note: roles[`${role}Note`] })),
  })}
${choiceField({
  name: "permission",
  label: words.permissions,
  hint: words.permissionsHint,
  kind: "checkbox",
  problem: problemText(problems["permission"], language),
  chosen: typed.permissions,
  options: permissions.map(([value, text]) => ({ value, text })),
})}`
}
