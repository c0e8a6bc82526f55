import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { cleanIdentity } from "../../src/identity/cleanup.ts"
import { closeCompany } from "../../src/identity/company.ts"
import { closeUser, createUser, findUser, setPassword } from "../../src/identity/user.ts"
import { type FakeClock, makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import { makeVisitor, readForm, type Visitor } from "../support/http.ts"
import { type IdentitySite, startIdentitySite } from "./identity-site.ts"

const password = "mùa thu Hà Nội"
let visitors = 0

onEachEngine((engine) => {
  let clock: FakeClock
  let site: IdentitySite

  before(async () => {
    clock = makeFakeClock()
    site = await startIdentitySite(engine.databaseUrl(), { clock })
  })
  after(() => site.close())

  /** A user of their own company, and a browser at an address nobody used before. */
  async function newcomer(): Promise<{ visitor: Visitor; email: string; id: number }> {
    visitors += 1
    const email = `nguoi${visitors}@mau.example`
    const company = { fullName: `Công ty ${visitors}` }
    const { id } = await createUser(site.context.db, clock.now(), { email, password, company, lastName: "Trần" })
    return { visitor: makeVisitor(site.url), email, id }
  }

  function signIn(visitor: Visitor, email: string, fields: Record<string, string> = {}) {
    return visitor.submit("/login", "/login", { email, password, ...fields })
  }

  describe("signing in", () => {
    it("leads to the page that was asked for, and tells it who came", async () => {
      const { visitor, email, id } = await newcomer()
      const turned = await visitor.get("/dashboard?tab=2")
      assert.equal(turned.status, 302)
      assert.equal(turned.location?.pathname, "/login")
      const done = await visitor.submit(turned.location ?? "", "/login", {
        email: ` ${email.toUpperCase()} `,
        password,
      })
      assert.equal(done.status, 303)
      assert.equal(done.location?.href, `${site.url}/dashboard?tab=2`)
      const session = (await visitor.get(done.location ?? "")).json<Record<string, unknown>>()
      assert.equal(session["userId"], id)
      assert.deepEqual(
        [session["email"], session["lastName"], session["role"], session["permissions"], session["isOperator"]],
        [email, "Trần", "SuperAdmin", [], false],
      )
      assert.equal(session["startedAt"], clock.now())
    })

    it("keeps the session out of the database in clear", async () => {
      const { visitor, email, id } = await newcomer()
      await signIn(visitor, email)
      const rows = await site.context.db.selectFrom("sessions").selectAll().where("user_id", "=", id).execute()
      assert.equal(rows.length, 1)
      const cookie = visitor.cookies.get("sepay_session") ?? ""
      assert.match(cookie, /^[A-Za-z0-9_-]{43}$/)
      assert.equal(JSON.stringify(rows).includes(cookie), false)
    })

    it("answers an unknown e-mail, a wrong password, a closed user and a closed company alike", async () => {
      const { visitor, email } = await newcomer()
      const closed = await newcomer()
      await closeUser(site.context.db, clock.now(), closed.id)
      const homeless = await newcomer()
      const company = (await findUser(site.context.db, { id: homeless.id }))?.companyId ?? 0
      await closeCompany(site.context.db, clock.now(), company)

      const answers = [
        await signIn(visitor, email, { password: `${password}?` }),
        await signIn(visitor, "khong.ai@mau.example"),
        await signIn(visitor, closed.email),
        await signIn(visitor, homeless.email),
        await signIn(visitor, "' or 1=1 --"),
        await signIn(visitor, "nguoi\u0000@mau.example", { password: "\u0000" }),
      ]
      const texts = answers.map(({ text }) => text.replaceAll(/ value="[^"]*"/g, ""))
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [400])
      assert.equal(new Set(texts).size, 1)
      assert.equal((await signIn(visitor, "", { password: "" })).status, 400)
      assert.equal(visitor.cookies.has("sepay_session"), false)
    })

    it("makes a new session and ends the old one", async () => {
      const { visitor, email } = await newcomer()
      await signIn(visitor, email)
      const old = visitor.cookies.get("sepay_session") ?? ""
      const again = await visitor.submit("/login?reauthenticate=1&next=/dashboard", "/login", { email, password })
      assert.equal(again.location?.pathname, "/dashboard")
      assert.notEqual(visitor.cookies.get("sepay_session"), old)
      assert.equal((await visitor.get("/dashboard")).status, 200)
      assert.equal((await makeVisitor(site.url).get("/dashboard", { cookie: `sepay_session=${old}` })).status, 302)
    })

    it("never adopts a session id that somebody else chose", async () => {
      const { visitor, email } = await newcomer()
      const planted = "x".repeat(43)
      visitor.cookies.set("sepay_session", planted)
      await signIn(visitor, email)
      assert.notEqual(visitor.cookies.get("sepay_session"), planted)
      assert.equal((await makeVisitor(site.url).get("/dashboard", { cookie: `sepay_session=${planted}` })).status, 302)
    })

    it("is not asked for again, unless the password is to be asked for", async () => {
      const { visitor, email } = await newcomer()
      await signIn(visitor, email)
      const skipped = await visitor.get("/login?next=/dashboard")
      assert.equal(skipped.status, 302)
      assert.equal(skipped.location?.pathname, "/dashboard")
      assert.equal((await visitor.get("/login?next=/dashboard&reauthenticate=1")).status, 200)
    })

    it("goes nowhere else, whatever next says", async () => {
      const { visitor, email } = await newcomer()
      for (const next of ["//evil.example", "/\\evil.example", "https://evil.example/", "/\t/evil.example"]) {
        visitor.cookies.clear()
        const done = await visitor.submit(`/login?next=${encodeURIComponent(next)}`, "/login", {
          email,
          password,
          next,
        })
        assert.equal(done.location?.href, `${site.url}/`)
        const skipped = await visitor.get(`/login?next=${encodeURIComponent(next)}`)
        assert.equal(skipped.location?.href, `${site.url}/`)
      }
    })
  })

  describe("a session", () => {
    it("ends 12 hours after its last use", async () => {
      const { visitor, email } = await newcomer()
      await signIn(visitor, email)
      clock.advance({ hours: 11, minutes: 59 })
      assert.equal((await visitor.get("/dashboard")).status, 200)
      clock.advance({ hours: 11, minutes: 59 })
      assert.equal((await visitor.get("/dashboard")).status, 200)
      clock.advance({ hours: 12 })
      assert.equal((await visitor.get("/dashboard")).status, 302)
    })

    it("ends after 30 days, however much it is used, and is then cleaned away", async () => {
      const { visitor, email, id } = await newcomer()
      await signIn(visitor, email)
      for (let hours = 0; hours < 30 * 24 - 10; hours += 10) {
        clock.advance({ hours: 10 })
        assert.equal((await visitor.get("/dashboard")).status, 200)
      }
      clock.advance({ hours: 10 })
      assert.equal((await visitor.get("/dashboard")).status, 302)
      while ((await cleanIdentity(site.context.db, clock.now(), 2)) > 0);
      const left = await site.context.db.selectFrom("sessions").selectAll().where("user_id", "=", id).execute()
      assert.deepEqual(left, [])
    })

    it("notes its use at most once a minute", async () => {
      const { visitor, email, id } = await newcomer()
      await signIn(visitor, email)
      const begun = clock.now()
      const lastUse = async (): Promise<number | undefined> => {
        await visitor.get("/dashboard")
        const rows = site.context.db.selectFrom("sessions").select("last_used_at").where("user_id", "=", id)
        return (await rows.executeTakeFirst())?.last_used_at
      }
      clock.advance({ seconds: 59 })
      assert.equal(await lastUse(), begun)
      clock.advance({ seconds: 1 })
      assert.equal(await lastUse(), begun + 60_000)
    })

    it("ends with the sign-out, the user's new password, and the user", async () => {
      for (const end of ["sign-out", "password", "user"] as const) {
        const { visitor, email, id } = await newcomer()
        await signIn(visitor, email)
        const cookie = visitor.cookies.get("sepay_session") ?? ""
        const csrf = (await visitor.get("/dashboard")).json<{ csrfToken: string }>().csrfToken
        if (end === "sign-out") {
          const out = await visitor.postForm("/logout", { csrf_token: csrf })
          assert.deepEqual([out.status, out.location?.pathname], [303, "/"])
          assert.equal(visitor.cookies.has("sepay_session"), false)
        }
        if (end === "password") await setPassword(site.context.db, clock.now(), id, "mật khẩu hoàn toàn mới")
        if (end === "user") await closeUser(site.context.db, clock.now(), id)
        assert.equal((await visitor.get("/dashboard", { cookie: `sepay_session=${cookie}` })).status, 302, end)
      }
    })

    it("gives way to another user's, who comes back to the same consent", async () => {
      const { visitor, email } = await newcomer()
      await signIn(visitor, email)
      const csrf = (await visitor.get("/dashboard")).json<{ csrfToken: string }>().csrfToken
      const switched = await visitor.postForm("/login/switch", { csrf_token: csrf, next: "/oauth/consent?request=h" })
      assert.equal(switched.status, 303)
      assert.equal(switched.location?.searchParams.get("next"), "/oauth/consent?request=h")
      assert.equal((await visitor.get("/dashboard")).status, 302)
    })
  })

  describe("a form", () => {
    it("without the session's own token changes nothing", async () => {
      const { visitor, email } = await newcomer()
      await signIn(visitor, email)
      const own = (await visitor.get("/dashboard")).json<{ csrfToken: string }>().csrfToken
      const stranger = await newcomer()
      await signIn(stranger.visitor, stranger.email)
      const foreign = (await stranger.visitor.get("/dashboard")).json<{ csrfToken: string }>().csrfToken

      const attempts: readonly [Record<string, string>, Record<string, string>][] = [
        [{}, {}],
        [{ csrf_token: "" }, {}],
        [{ csrf_token: foreign }, {}],
        [{ csrf_token: own }, { origin: "https://evil.example" }],
        [{ csrf_token: own }, { "sec-fetch-site": "cross-site" }],
      ]
      for (const [fields, headers] of attempts) {
        const answer = await visitor.postForm("/logout", fields, headers)
        assert.equal(answer.status, 403)
        assert.match(answer.headers.get("content-type") ?? "", /^text\/html/)
      }
      assert.equal((await visitor.send("/logout", { method: "POST" })).status, 403)
      assert.equal((await visitor.get("/dashboard")).status, 200)
      assert.equal((await visitor.postForm("/dashboard", { csrf_token: own })).text, "changed")
    })

    it("to sign in belongs to the browser that asked for it", async () => {
      const { visitor, email } = await newcomer()
      const form = { email, password, next: "/" }
      assert.equal((await visitor.postForm("/login", form)).status, 403)
      const [token] = readForm((await visitor.get("/login")).text, "/login")["csrf_token"] ?? []
      const other = makeVisitor(site.url)
      await other.get("/login")
      assert.equal((await other.postForm("/login", { ...form, csrf_token: token })).status, 403)
      const evil = { origin: "https://evil.example" }
      assert.equal((await visitor.postForm("/login", { ...form, csrf_token: token }, evil)).status, 403)
      assert.equal(visitor.cookies.has("sepay_session"), false)
      assert.equal((await visitor.postForm("/login", { ...form, csrf_token: token })).status, 303)
    })
  })
})
