import assert from "node:assert/strict"
import { createUser, type User } from "../../src/identity/user.ts"
import { type Answer, type FormFields, makeVisitor, readForm, type Visitor } from "../support/http.ts"
import type { IdentitySite } from "./identity-site.ts"

/** The password of everybody whom these tests make. */
export const somePassword = "mùa thu Hà Nội"

let hosts = 0
let people = 0

/** A visitor from an address of their own, so that the limits of one test are not another's. */
export function newVisitor(site: Pick<IdentitySite, "url">): Visitor {
  hosts += 1
  const visitor = makeVisitor(site.url)
  const from = { "x-forwarded-for": `192.0.${hosts >> 8}.${hosts & 255}` }
  return { ...visitor, postForm: (path, fields, headers) => visitor.postForm(path, fields, { ...from, ...headers }) }
}

/** Opens a page, fills its form (the one with this action) and sends it. */
export async function submit(visitor: Visitor, page: string, action: string, fields: FormFields): Promise<Answer> {
  return visitor.postForm(action, { ...readForm((await visitor.get(page)).text, action), ...fields })
}

/** Signs in with an e-mail and a password. */
export function signIn(visitor: Visitor, email: string, password: string = somePassword): Promise<Answer> {
  return submit(visitor, "/login", "/login", { email, password })
}

/** An e-mail that nobody has. */
export function newEmail(): string {
  people += 1
  return `nguoi${people}@mau.example`
}

/** A user, SuperAdmin of a new company unless told otherwise, and a visitor who is signed in as them. */
export async function signedIn(
  site: IdentitySite,
  company:
    | { readonly id: number; readonly role: User["role"]; readonly permissions?: readonly string[] }
    | undefined = undefined,
): Promise<{ readonly id: number; readonly companyId: number; readonly email: string; readonly visitor: Visitor }> {
  const { db, clock } = site.context
  const email = newEmail()
  const made = await createUser(db, clock.now(), {
    email,
    password: somePassword,
    firstName: `Tên ${people}`,
    lastName: "Nguyễn",
    company: company === undefined ? { fullName: `Công ty ${people}` } : { id: company.id },
    role: company?.role,
    permissions: company?.permissions,
  })
  const visitor = newVisitor(site)
  assert.equal((await signIn(visitor, email)).status, 303)
  return { ...made, email, visitor }
}

/** What was recorded of a company's people, in order, beside their being made and their sign-ins. */
export async function auditOf(site: IdentitySite, companyId: number): Promise<readonly string[]> {
  const rows = await site.context.db
    .selectFrom("audit_entries")
    .select("action")
    .where("company_id", "=", companyId)
    .where("action", "!=", "user.sign_in")
    .where((entry) => entry.not(entry.and([entry("actor_kind", "=", "operator"), entry("action", "like", "%.create")])))
    .orderBy("id")
    .execute()
  return rows.map(({ action }) => action)
}
