import assert from "node:assert/strict"
import { createHash } from "node:crypto"
import { after, before, describe, it } from "node:test"
import { sql } from "kysely"
import { type Permission, permissions, type Role } from "../../src/identity/permission.ts"
import { createUser } from "../../src/identity/user.ts"
import { onSqlite } from "../support/engines.ts"
import { makeVisitor, readForm, type Visitor } from "../support/http.ts"
import { aBankAccount, aSubAccount, aTemplate } from "../support/make.ts"
import { addClient, type OAuthSite, startOAuthSite, type TestUser } from "../support/oauth-site.ts"
import { collectPageRoutes, type KnownRoute } from "../support/routes.ts"
import { aPusher, aWebhook } from "./money-ground.ts"
import { audienceOf, fillIn, idsOfNothing, type RouteIds } from "./route-ground.ts"
import { administrator, nameOf, owner, type Right, rightOfRoute, routesOfRight } from "./route-rights.ts"

interface SignedIn {
  readonly visitor: Visitor
  readonly csrfToken: string
}

onSqlite((engine) => {
  let site: OAuthSite
  let routes: readonly KnownRoute[]
  let existing: RouteIds

  before(async () => {
    const collected = collectPageRoutes()
    site = await startOAuthSite(engine.databaseUrl())
    routes = collected.filter((route) => audienceOf(route) === "permitted")
    existing = await fillCompany(site)
  })
  after(() => site.stop())

  describe("the pages of a company", () => {
    it("are all in the table of what they take, and the table has no other", () => {
      assert.ok(routes.length > 100, `only ${routes.length} routes were collected`)
      const problems = [
        ...routes
          .map(nameOf)
          .filter((name) => !rightOfRoute.has(name))
          .map((name) => `${name} is not in the table`),
        ...[...rightOfRoute.keys()]
          .filter((name) => !routes.some((route) => nameOf(route) === name))
          .map((name) => `${name} is in the table, and is no route`),
      ]
      assert.deepEqual(problems, [])
      assert.equal(rightOfRoute.size, Object.values(routesOfRight).flat().length, "a route is in the table twice")
    })

    it("are refused to an Admin, whatever the permissions, where they take the owner, and nowhere else", async () => {
      const admin = await signIn(site, await addPerson(site, "Admin", []))
      assert.deepEqual(compare(await findRefused(site, admin, routes), [owner]), [])
    })

    it("are refused to whoever has every permission where they take an administrator, and nowhere else", async () => {
      const clerk = await signIn(site, await addPerson(site, "User", permissions))
      assert.deepEqual(compare(await findRefused(site, clerk, routes), [administrator, owner]), [])
    })

    for (const missing of permissions) {
      it(`are refused without ${missing} where they take it, and nowhere else`, async () => {
        const rest = permissions.filter((permission) => permission !== missing)
        const clerk = await signIn(site, await addPerson(site, "User", rest))
        assert.deepEqual(compare(await findRefused(site, clerk, routes), [administrator, owner, missing]), [])
      })
    }

    it("are refused before anything is looked up or done", async () => {
      const clerk = await signIn(site, await addPerson(site, "User", []))
      const before = await fingerprint(site)
      const answered: string[] = []
      for (const ids of [existing, idsOfNothing]) {
        for (const route of routes) {
          const status = await ask(site, clerk, route, ids)
          if (status !== 403) answered.push(`${nameOf(route)} (${fillIn(route.path, ids)}): ${status}`)
        }
      }
      assert.deepEqual(answered, [])
      assert.deepEqual(await fingerprint(site), before)
    })

    it("of what is there are found by whoever may: the refusals were not those of what is missing", async () => {
      const clerk = await signIn(site, await addPerson(site, "User", permissions))
      const missing: string[] = []
      for (const route of routes.filter(isReadByPermission)) {
        const status = await ask(site, clerk, route, existing)
        if (status !== 200) missing.push(`${nameOf(route)}: ${status}`)
      }
      assert.deepEqual(missing, [])
    })
  })
})

// What these show comes from a file, a call of an app or a bulk replay, of which the company has none.
const withoutExample = new Set([
  "GET /bank-accounts/:id/imports/:importId",
  "GET /developer/apps/:client_id/requests/:id",
  "GET /webhooks/:id/log/:n",
  "GET /webhooks/:id/replays/:replay",
  "GET /webhooks/:id/roll",
])

function isReadByPermission(route: KnownRoute): boolean {
  const right = rightOfRoute.get(nameOf(route))
  return route.method === "GET" && right !== administrator && right !== owner && !withoutExample.has(nameOf(route))
}

/** Gives the company one of each thing that a path can name; whatever is numbered by itself has the number 1. */
async function fillCompany(site: OAuthSite): Promise<RouteIds> {
  const { db } = site.app.context
  const { merchant } = site
  const number = "0071000111111"
  const account = await aBankAccount(db, { companyId: merchant.companyId, number })
  await aSubAccount(db, { bankAccountId: account, number: "VA0001" })
  await aTemplate(db, { companyId: merchant.companyId })
  const pusher = await aPusher(site, merchant, number)
  await pusher.push({})
  await aWebhook(site, merchant)
  const { clientId } = await addClient(site)
  return { account, grant: 1, client: clientId, user: merchant.id, other: 1 }
}

// Of sessions, the moment of their last use is kept; of the rest, nothing that was refused may leave a trace.
const unwatched = new Set(["sessions"])

/** Every row of the database, by table. */
async function fingerprint({ app }: OAuthSite): Promise<Readonly<Record<string, string>>> {
  const { db } = app.context
  const rowsOf: Record<string, string> = {}
  for (const { name, isView } of await db.introspection.getTables()) {
    if (isView || unwatched.has(name)) continue
    const { rows } = await sql`select * from ${sql.table(name)}`.execute(db)
    rowsOf[name] = createHash("sha256").update(JSON.stringify(rows)).digest("hex").slice(0, 12)
  }
  return rowsOf
}

async function addPerson(site: OAuthSite, role: Role, given: readonly Permission[]): Promise<TestUser> {
  const { db, clock } = site.app.context
  const email = `person-${crypto.randomUUID()}@shop.example`
  const password = "mot mat khau that dai 2026"
  const company = { id: site.merchant.companyId }
  const created = await createUser(db, clock.now(), { email, password, company, role, permissions: given })
  return { ...created, email, password }
}

async function signIn(site: OAuthSite, user: TestUser): Promise<SignedIn> {
  const visitor = makeVisitor(site.url)
  await visitor.submit("/login", "/login", { email: user.email, password: user.password })
  const { text } = await visitor.get("/connected-apps")
  return { visitor, csrfToken: String(readForm(text, "/logout")["csrf_token"]) }
}

/** Which routes are forbidden, asked for what nobody has, so that whatever is not forbidden does nothing. */
async function findRefused(site: OAuthSite, as: SignedIn, routes: readonly KnownRoute[]): Promise<readonly string[]> {
  const refused: string[] = []
  for (const route of routes) if ((await ask(site, as, route, idsOfNothing)) === 403) refused.push(nameOf(route))
  return refused
}

function compare(refused: readonly string[], rights: readonly Right[]): readonly string[] {
  const problems: string[] = []
  for (const [name, right] of rightOfRoute) {
    if (rights.includes(right) && !refused.includes(name)) problems.push(`${name} does not ask for ${right}`)
    if (!rights.includes(right) && refused.includes(name)) problems.push(`${name} asks for more than ${right}`)
  }
  return problems
}

// The status is enough: what follows transactions never ends by itself.
async function ask(site: OAuthSite, as: SignedIn, route: KnownRoute, ids: RouteIds): Promise<number> {
  const cookie = [...as.visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ")
  const { method } = route
  const headers = { cookie, origin: site.url }
  const sent = method === "GET" ? {} : { body: new URLSearchParams({ csrf_token: as.csrfToken }) }
  const answer = await fetch(new URL(fillIn(route.path, ids), site.url), {
    method,
    headers,
    ...sent,
    redirect: "manual",
  })
  await answer.body?.cancel()
  return answer.status
}
