import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { readConfig } from "../../src/config.ts"
import { findUser } from "../../src/identity/user.ts"
import { onEachEngine } from "../support/engines.ts"
import { makeVisitor, readForm } from "../support/http.ts"
import { linkIn, newestMailTo } from "../support/mailbox.ts"
import { signIn } from "../support/oauth-pages.ts"
import { type OAuthSite, startOAuthSite } from "../support/oauth-site.ts"
import { newEmail, somePassword, submit } from "./visits.ts"

onEachEngine((engine) => {
  let open: OAuthSite
  let closed: OAuthSite

  // Two nodes of one platform: what the first still let begin, the second finds closed.
  before(async () => {
    const databaseUrl = engine.databaseUrl()
    open = await startOAuthSite(databaseUrl)
    const { clock, merchant } = open
    closed = await startOAuthSite(databaseUrl, { clock, merchant, env: { SIGN_UP: "invitation" } })
  })
  after(async () => {
    await closed.stop()
    await open.stop()
  })

  const person = (email: string) => ({
    company: "Công ty",
    first_name: "Lan",
    last_name: "Trần",
    email,
    password: somePassword,
  })

  describe("with SIGN_UP=invitation", () => {
    it("the sign-up page says that it is by invitation, and takes no form", async () => {
      const visitor = makeVisitor(closed.url)
      const page = await visitor.get("/signup", { "accept-language": "en" })
      assert.equal(page.status, 403)
      assert.match(page.text, /Sign-up is by invitation/)
      assert.doesNotMatch(page.text, /<form method="post"|href="\/signup/)
      const email = newEmail()
      const form = readForm((await makeVisitor(open.url).get("/signup")).text, "/signup")
      const login = readForm((await visitor.get("/login")).text, "/login")
      for (const csrf_token of [login["csrf_token"], form["csrf_token"], undefined]) {
        const answer = await visitor.postForm("/signup", { ...form, ...person(email), csrf_token })
        assert.equal(answer.status, 403)
        assert.match(answer.text, /Đăng ký theo lời mời/)
      }
      const signUps = await closed.app.context.db.selectFrom("sign_ups").select("email").execute()
      assert.ok(!signUps.some((one) => one.email === email))
    })

    it("no page leads there", async () => {
      for (const path of ["/", "/login", "/forgot-password", "/docs"]) {
        assert.doesNotMatch((await makeVisitor(closed.url).get(path)).text, /\/signup/, path)
      }
      for (const path of ["/", "/login"]) assert.match((await makeVisitor(open.url).get(path)).text, /"\/signup"/, path)
    })

    it("a sign-up that had begun before makes no company any more", async () => {
      const email = newEmail()
      const sent = await submit(makeVisitor(open.url), "/signup", "/signup", person(email))
      assert.equal(sent.status, 303)
      const link = linkIn(await newestMailTo(open.app.context, email))
      const visitor = makeVisitor(closed.url)
      assert.equal((await visitor.get(link)).status, 403)
      const token = new URL(link, closed.url).searchParams.get("token") ?? ""
      const login = readForm((await visitor.get("/login")).text, "/login")
      const forms = [
        ["/verify-email", { token, csrf_token: login["csrf_token"] }],
        ["/signup/send-again", { sign_up: sent.location?.searchParams.get("sign_up") ?? "", ...login }],
      ] as const
      for (const [path, fields] of forms) assert.equal((await visitor.postForm(path, fields)).status, 403, path)
      assert.equal((await visitor.get(`/signup/sent${sent.location?.search}`)).status, 403)
      assert.equal(await findUser(closed.app.context.db, { email }), undefined)
    })

    it("an administrator still invites people, who come in", async () => {
      const owner = await signIn(closed.url, closed.merchant)
      const email = newEmail()
      const path = "/company/users/invite"
      const invited = await submit(owner, path, path, { email, role: "User", language: "vi" })
      assert.equal(invited.status, 303)
      const link = linkIn(await newestMailTo(closed.app.context, email))
      const { company: _company, email: _email, ...names } = person(email)
      const joined = await submit(makeVisitor(closed.url), link, "/invitation", names)
      assert.equal(joined.status, 303)
      const user = await findUser(closed.app.context.db, { email })
      assert.equal(user?.companyId, closed.merchant.companyId)
    })
  })
})

describe("the setting SIGN_UP", () => {
  const read = (env: Readonly<Record<string, string>>) =>
    readConfig({ DATABASE_URL: "postgres://h/n", SEPAY_SECRET: "x".repeat(32), ...env }).signUp

  it("is open unless it says otherwise, and stops the start when it is neither", () => {
    assert.deepEqual([read({}), read({ SIGN_UP: "" }), read({ SIGN_UP: "invitation" })], ["open", "open", "invitation"])
    for (const bad of ["closed", "Open", "off"]) {
      assert.throws(() => read({ SIGN_UP: bad }), { message: `SIGN_UP must be one of open, invitation, not "${bad}".` })
    }
  })
})
