import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { createBankAccount } from "../../src/banking/bank-account.ts"
import { onSqlite } from "../support/engines.ts"
import { makeVisitor, readForm, type Visitor } from "../support/http.ts"
import { addClient, addUser, connect, type OAuthSite, startOAuthSite, type TestUser } from "../support/oauth-site.ts"
import { collectPageRoutes, type KnownRoute } from "../support/routes.ts"
import { audienceOf, fillIn, idsOfNothing } from "./route-ground.ts"

onSqlite((engine) => {
  let site: OAuthSite
  let routes: readonly KnownRoute[]
  let owner: TestUser
  let stranger: TestUser
  let clerk: TestUser
  let ids: { readonly account: number; readonly grant: number; readonly client: string }

  before(async () => {
    routes = collectPageRoutes()
    site = await startOAuthSite(engine.databaseUrl())
    owner = site.merchant
    stranger = await addUser(site.app)
    clerk = await addUser(site.app, owner.companyId, "User")
    const { db, clock } = site.app.context
    const account = await createBankAccount(db, clock.now(), {
      companyId: owner.companyId,
      bank: "Vietcombank",
      accountNumber: "0071000111111",
      holderName: "CONG TY TNHH MAU",
      mode: "live",
    })
    const client = await addClient(site)
    await connect(site, client)
    const grant = await db.selectFrom("grants").select("id").executeTakeFirstOrThrow()
    ids = { account, grant: grant.id, client: client.clientId }
  })
  after(() => site.stop())

  async function signIn(user: TestUser): Promise<{ readonly visitor: Visitor; readonly csrfToken: string }> {
    const visitor = makeVisitor(site.url)
    await visitor.submit("/login", "/login", { email: user.email, password: user.password })
    const { text } = await visitor.get("/connected-apps")
    return { visitor, csrfToken: String(readForm(text, "/logout")["csrf_token"]) }
  }

  // The owner's own object where the path names one, so that "not found" is told of something that is there.
  const addressOf = (path: string) => fillIn(path, { ...ids, user: owner.id, other: 1 })
  const addressOfNothing = (path: string) => fillIn(path, idsOfNothing)

  async function ask(
    as: { visitor: Visitor; csrfToken: string },
    { method, path }: KnownRoute,
    address = addressOf(path),
  ): Promise<number> {
    if (method === "GET") return (await as.visitor.get(address)).status
    return (await as.visitor.postForm(address, { csrf_token: as.csrfToken })).status
  }

  describe("every page that the app has", () => {
    it("is known to this test", () => {
      assert.ok(routes.length > 120, `only ${routes.length} routes were collected`)
    })

    it("sends whoever is not signed in to the sign-in, and does nothing", async () => {
      const nobody = makeVisitor(site.url)
      const open: string[] = []
      for (const route of routes.filter((one) => audienceOf(one) !== "nobody")) {
        const address = addressOf(route.path)
        const answer = route.method === "GET" ? await nobody.get(address) : await nobody.postForm(address, {})
        const leadsToSignIn = [302, 303].includes(answer.status) && answer.location?.pathname === "/login"
        if (!leadsToSignIn) open.push(`${route.method} ${route.path}: ${answer.status}`)
      }
      assert.deepEqual(open, [])
    })

    it("that names an object is not found for a user of another company, by any method", async () => {
      const other = await signIn(stranger)
      const found: string[] = []
      for (const route of routes.filter((one) => /[:*]/.test(one.path) && audienceOf(one) !== "nobody")) {
        const status = await ask(other, route)
        // A form may be judged before its object is looked for: then it is judged alike for one that does not exist.
        const isJudged = route.method === "POST" && (status === 400 || status === 409)
        if (isJudged && (await ask(other, route, addressOfNothing(route.path))) === status) continue
        if (status !== 404) found.push(`${route.method} ${route.path}: ${status}`)
      }
      assert.deepEqual(found, [])
    })

    it("of the operator is not found for anybody else", async () => {
      const merchant = await signIn(owner)
      const found: string[] = []
      for (const route of routes.filter((one) => audienceOf(one) === "operator")) {
        const status = await ask(merchant, route)
        if (status !== 404) found.push(`${route.method} ${route.path}: ${status}`)
      }
      assert.deepEqual(found, [])
    })

    it("is forbidden, or not found, for a user of the company without any permission", async () => {
      const without = await signIn(clerk)
      const allowed: string[] = []
      for (const route of routes) {
        if (["nobody", "everyone"].includes(audienceOf(route))) continue
        const status = await ask(without, route)
        if (status !== 403 && status !== 404) allowed.push(`${route.method} ${route.path}: ${status}`)
      }
      assert.deepEqual(allowed, [])
    })
  })
})
