import assert from "node:assert/strict"
import { crc32, deflateSync } from "node:zlib"
import type { Permission } from "../../src/identity/permission.ts"
import { createUser } from "../../src/identity/user.ts"
import { listMails, type StoredMail } from "../../src/mail-files.ts"
import { type Answer, type FormFields, readForm, type Visitor } from "../support/http.ts"
import { signIn } from "../support/oauth-pages.ts"
import type { OAuthSite, TestUser } from "../support/oauth-site.ts"

let people = 0

/** Creates an operator in a company of his own, or a User with these permissions alone in the company given. */
export async function addPerson(
  site: OAuthSite,
  person: { readonly operator?: true; readonly companyId?: number; readonly permissions?: readonly Permission[] },
): Promise<TestUser> {
  const { db, clock } = site.app.context
  const { operator = false, companyId, permissions = [] } = person
  const email = `person-${process.pid}-${++people}@desk.example`
  const password = "mot mat khau that dai 2026"
  const created = await createUser(db, clock.now(), {
    email,
    password,
    company: companyId === undefined ? { fullName: "The operator" } : { id: companyId },
    role: operator ? "SuperAdmin" : "User",
    permissions,
    isOperator: operator,
  })
  return { ...created, email, password }
}

/** What somebody types who registers an app and makes no mistake. */
export const rightForm: FormFields = {
  name: "Kho hàng",
  description: "Đối soát đơn hàng với giao dịch.",
  website: "https://shop.example",
  redirect_uris: "https://shop.example/callback",
  "scope.bank-account:read": "off",
  "scope.transaction:read": "required",
  "scope.profile": "optional",
  profile: "sepay",
  client_type: "confidential",
}

/** A PNG of one colour, as small as can be. */
export function aPng(width: number, height: number, shade = 120): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data])
    const frame = Buffer.alloc(8)
    frame.writeUInt32BE(data.length, 0)
    frame.writeUInt32BE(crc32(body), 4)
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const rows = Buffer.alloc(height * (width + 1), shade)
  for (let row = 0; row < height; row++) rows[row * (width + 1)] = 0
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ])
}

/** Signs in, and does at the pages of apps what people do there. */
export interface AppDesk {
  readonly visitor: Visitor
  /** Registers an app by the form; `changes` replaces or, with undefined, removes fields. Returns the answer. */
  register(changes?: FormFields): Promise<Answer>
  /** Registers an app and returns its `client_id`. */
  registered(changes?: FormFields): Promise<string>
  /** Sends the form of an app as it stands, changed by `fields`. */
  edit(clientId: string, fields?: FormFields): Promise<Answer>
  /** Presses the button of the form that leads to that path, on the page given. */
  press(page: string, path: string, fields?: FormFields): Promise<Answer>
}

/** A signed-in visitor of the apps' pages. */
export async function openDesk(url: string, user: TestUser): Promise<AppDesk> {
  const visitor = await signIn(url, user)
  const register = (changes: FormFields = {}): Promise<Answer> =>
    visitor.submit("/developer/apps/new", "/developer/apps/new", { ...rightForm, ...changes })
  return {
    visitor,
    register,
    registered: async (changes) => {
      const answer = await register(changes)
      assert.equal(answer.status, 303, answer.text)
      return clientIdOf(answer)
    },
    edit: async (clientId, fields = {}) => {
      const path = `/developer/apps/${clientId}`
      const { text } = await visitor.get(path)
      return visitor.postForm(path, { ...readForm(text, path), ...readAreas(text), ...fields })
    },
    press: (page, path, fields = {}) => visitor.submit(page, path, fields),
  }
}

/** The `client_id` in the address that an answer leads to. */
export function clientIdOf(answer: Answer): string {
  const clientId = /client_[0-9A-Za-z]{20}/.exec(answer.location?.pathname ?? "")?.[0]
  assert.ok(clientId !== undefined, `${answer.status} ${answer.location}`)
  return clientId
}

/** The texts of the areas of a page by their names. */
function readAreas(text: string): Record<string, string> {
  const areas = [...text.matchAll(/<textarea id="(\w+)"[^>]*>\n([\s\S]*?)<\/textarea>/g)]
  return Object.fromEntries(areas.map(([, name = "", value = ""]) => [name, value.replaceAll("&amp;", "&")]))
}

/** The secret that a page shows. */
export function secretOn(answer: Answer): string | undefined {
  return /sepay_cs_[0-9A-Za-z]{49}/.exec(answer.text)?.[0]
}

/** The mails that were written to somebody so far, newest first. */
export async function mailsTo(site: OAuthSite, email: string): Promise<readonly StoredMail[]> {
  await site.app.context.mail.settled()
  const mails = await listMails(site.app.context.config.dataDirectory, 100)
  return mails.filter((mail) => mail.to === email)
}

/** What was written down of apps and keys, in a company or the platform itself (0): the kind of who did it, and the action. */
export async function auditOf(site: OAuthSite, companyId: number): Promise<readonly string[]> {
  const rows = await site.app.context.db
    .selectFrom("audit_entries")
    .select(["actor_kind", "action"])
    .where("company_id", "=", companyId)
    .where("subject", "in", ["client", "key"])
    .orderBy("id")
    .execute()
  return rows.map((row) => `${row.actor_kind} ${row.action}`)
}
