import assert from "node:assert/strict"
import { createUser } from "../../src/identity/user.ts"
import { listMails, type StoredMail } from "../../src/mail-files.ts"
import { codeAt } from "../support/authenticator.ts"
import { type Answer, makeVisitor, type Visitor } from "../support/http.ts"
import type { IdentitySite } from "./identity-site.ts"

/** The password of every user that `newPerson` makes. */
export const password = "mùa thu Hà Nội"

/** A user of their own company with a browser, signed in from an address of their own. */
export interface Person {
  readonly id: number
  readonly companyId: number
  readonly email: string
  readonly browser: Visitor
}

let people = 0

/** Makes a user, SuperAdmin of a new company, and signs them in. */
export async function newPerson(site: IdentitySite): Promise<Person> {
  people += 1
  const email = `chu${process.pid}-${people}@mau.example`
  const { db, clock } = site.context
  const company = { fullName: `Công ty ${people}` }
  const { id, companyId } = await createUser(db, clock.now(), { email, password, company })
  const person = { id, companyId, email, browser: makeVisitor(site.url) }
  assert.equal((await signIn(person.browser, email)).status, 303)
  return person
}

/** Posts the sign-in form. */
export function signIn(browser: Visitor, email: string, fields: Record<string, string> = {}): Promise<Answer> {
  return browser.submit("/login", "/login", { email, password, ...fields })
}

/** Switches the second factor on by its pages, and returns the secret of the app and the recovery codes. */
export async function switchOn(site: IdentitySite, { browser }: Person) {
  const home = "/account/two-factor"
  const begun = await browser.submit(home, `${home}/begin`, { current_password: password })
  assert.equal(begun.location?.pathname, `${home}/set-up`)
  const secret = readSecret((await browser.get(`${home}/set-up`)).text)
  const code = codeAt(secret, site.context.clock.now())
  const done = await browser.submit(`${home}/set-up`, `${home}/set-up`, { code })
  assert.equal(done.status, 200)
  return { secret, recoveryCodes: readRecoveryCodes(done.text) }
}

/** The secret that a set-up page shows. */
export function readSecret(page: string): string {
  return /<code>((?:[A-Z2-7]{4} ?){8})<\/code>/.exec(page)?.[1]?.replaceAll(" ", "") ?? ""
}

/** The recovery codes that a page shows. */
export function readRecoveryCodes(page: string): string[] {
  return page.match(/\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b/g) ?? []
}

/** The mails to an address, oldest first, once all are written. */
export async function mailsTo({ context }: IdentitySite, email: string): Promise<readonly StoredMail[]> {
  await context.mail.settled()
  return (await listMails(context.config.dataDirectory, 1000)).filter((mail) => mail.to === email).reverse()
}

/** What the audit log says about a person, beside their being made and their sign-ins. */
export async function auditOf({ context }: IdentitySite, { id }: Person): Promise<readonly string[]> {
  const rows = await context.db
    .selectFrom("audit_entries")
    .select(["action", "actor_kind"])
    .where("subject_id", "=", id)
    .where("action", "like", "user.%")
    .where("action", "not in", ["user.create", "user.sign_in"])
    .orderBy("id")
    .execute()
  return rows.map((row) => `${row.action} by ${row.actor_kind}`)
}
