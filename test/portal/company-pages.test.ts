import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { instantAfter } from "../../src/clock.ts"
import { transaction } from "../../src/database/engine.ts"
import { countCompanyPeople, getListedUser } from "../../src/identity/directory.ts"
import { createUser } from "../../src/identity/user.ts"
import { onEachEngine } from "../support/engines.ts"
import { makeVisitor, readForm, type Visitor } from "../support/http.ts"
import { aBankAccount, aSubAccount, someTransactions } from "../support/make.ts"
import { signIn } from "../support/oauth-pages.ts"
import {
  addClient,
  addUser,
  callApi,
  connect,
  expectTokens,
  type OAuthSite,
  refresh,
  startOAuthSite,
  type TestUser,
} from "../support/oauth-site.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  let owner: Visitor
  let operator: Visitor
  let operatorUser: { readonly id: number; readonly companyId: number }
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    owner = await signIn(site.url, site.merchant)
    const account = { email: "operator@platform.example", password: "mot mat khau that dai 2026" }
    const { db, clock } = site.app.context
    const company = { fullName: "Vận hành" }
    operatorUser = await createUser(db, clock.now(), { ...account, company, isOperator: true })
    operator = await signIn(site.url, account)
  })
  after(() => site.stop())

  const tokenOf = async (visitor: Visitor): Promise<string> => {
    const { text } = await visitor.get("/connected-apps")
    return readForm(text, "/logout")["csrf_token"]?.[0] ?? ""
  }
  const auditOf = (companyId: number, action: string) =>
    site.app.context.db
      .selectFrom("audit_entries")
      .selectAll()
      .where("company_id", "=", companyId)
      .where("action", "=", action)
      .execute()

  describe("/company", () => {
    it("is for administrators; the data and closing are SuperAdmin's", async () => {
      const clerk = await signIn(site.url, await addUser(site.app, site.merchant.companyId, "User"))
      const admin = await signIn(site.url, await addUser(site.app, site.merchant.companyId, "Admin"))
      assert.equal((await clerk.get("/company")).status, 403)
      assert.equal((await clerk.postForm("/company", { csrf_token: await tokenOf(clerk) })).status, 403)
      const page = await admin.get("/company")
      assert.equal(page.status, 200)
      assert.ok(!page.text.includes("/company/close") && !page.text.includes("/company/export"))
      assert.equal((await admin.get("/company/close")).status, 403)
      for (const path of ["/company/close", "/company/export"]) {
        assert.equal((await admin.postForm(path, { csrf_token: await tokenOf(admin) })).status, 403, path)
      }
      assert.equal((await owner.postForm("/company", {})).status, 403, "without the form's token")
    })

    it("saves a form once, however often it is sent, and refuses names that are none with all that was typed", async () => {
      const user = await addUser(site.app)
      const visitor = await signIn(site.url, user)
      const form = readForm((await visitor.get("/company")).text, "/company")
      const edit = { ...form, full_name: "Công ty Mới", separator_tolerant: [] }
      const answers = await Promise.all([visitor.postForm("/company", edit), visitor.postForm("/company", edit)])
      assert.deepEqual(answers.map(({ location }) => location?.search).sort(), ["?done=changed", "?done=unchanged"])
      const entries = await auditOf(user.companyId, "company.update")
      assert.equal(entries.length, 1)
      assert.deepEqual(JSON.parse(entries[0]?.details ?? ""), {
        before: { full_name: JSON.parse(entries[0]?.details ?? "").before.full_name, separator_tolerant: true },
        after: { full_name: "Công ty Mới", separator_tolerant: false },
      })
      const bad = { ...edit, full_name: "x".repeat(201), short_name: "", payment_codes_on: [] }
      const refused = await visitor.postForm("/company", bad)
      assert.equal(refused.status, 400)
      assert.equal([...refused.text.matchAll(/aria-invalid="true"/g)].length, 2)
      const kept = readForm(refused.text, "/company")
      assert.equal(kept["full_name"]?.[0]?.length, 201)
      assert.equal(kept["payment_codes_on"], undefined)
    })
  })

  describe("the company's data", () => {
    it("is a line of JSON for each thing of the company and of no other, without a secret, and noted", async () => {
      const { db } = site.app.context
      const user = await addUser(site.app)
      const visitor = await signIn(site.url, user)
      const other = await addUser(site.app)
      const accountId = await aBankAccount(db, { companyId: user.companyId, label: "Quỹ" })
      await aSubAccount(db, { bankAccountId: accountId, number: "VA1" })
      const foreign = await aBankAccount(db, { companyId: other.companyId, label: "Không phải của ta" })
      const bookedAt = site.clock.now()
      await someTransactions(
        db,
        Array.from({ length: 1003 }, (_, index) => ({ bankAccountId: accountId, amountVnd: 1000 + index, bookedAt })),
      )
      await someTransactions(db, [{ bankAccountId: foreign, amountVnd: 9_999_999, bookedAt }])
      const client = await addClient(site)
      const tokens = await connect(site, client, { user, scope: "profile webhook:read webhook:write" })
      const made = await site.caller.postJson(
        "/api/v1/webhooks",
        {
          bank_mode: "all",
          name: "Shop",
          event_type: "All",
          authen_type: "Api_Key",
          api_key: "KHOA-BI-MAT-123",
          webhook_url: "https://127.0.0.1/hook?key=cung-bi-mat",
          is_verify_payment: 0,
          skip_if_no_code: 0,
        },
        { authorization: `Bearer ${tokens.access_token}` },
      )
      assert.equal(made.status, 201, made.text)
      const answer = await visitor.submit("/company", "/company/export", {})
      assert.equal(answer.status, 200)
      assert.equal(answer.headers.get("content-type"), "application/x-ndjson; charset=utf-8")
      const things = answer.text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>)
      const counts = new Map<unknown, number>()
      for (const { type } of things) counts.set(type, (counts.get(type) ?? 0) + 1)
      assert.deepEqual(
        ["company", "user", "bank_account", "sub_account", "webhook", "grant", "transaction"].map((type) =>
          counts.get(type),
        ),
        [1, 1, 1, 1, 1, 1, 1003],
      )
      const ids = things.filter(({ type }) => type === "transaction").map(({ id }) => id)
      assert.equal(new Set(ids).size, 1003)
      for (const secret of ["KHOA-BI-MAT-123", "cung-bi-mat", "argon2", "Không phải của ta", "9999999"]) {
        assert.ok(!answer.text.includes(secret), secret)
      }
      assert.match(String(things.find(({ type }) => type === "transaction")?.["booked_at"]), /^\d{4}-\d\d-\d\d \d\d:/)
      assert.equal((await auditOf(user.companyId, "company.export")).length, 1)
    })
  })

  describe("closing a company", () => {
    it("takes its name and the password, ends sessions and access, and cannot be done from a stranger's page", async () => {
      const user = await addUser(site.app)
      const colleague = await signIn(site.url, await addUser(site.app, user.companyId, "User"))
      const visitor = await signIn(site.url, user)
      const client = await addClient(site)
      const tokens = await connect(site, client, { user })
      const page = await visitor.get("/company/close", { "accept-language": "en" })
      assert.match(page.text, /2 users are signed out/)
      assert.match(page.text, /1 connected app loses/)
      const form = readForm(page.text, "/company/close")
      const name = /confirm: ([^<]+)</.exec(page.text)?.[1] ?? ""
      const post = (fields: Record<string, string>) => visitor.postForm("/company/close", { ...form, ...fields })
      const wrongName = await post({ company_name: "Công ty khác", password: user.password })
      assert.equal(wrongName.status, 400)
      const wrongPassword = await post({ company_name: name, password: "sai mat khau roi" })
      assert.equal(wrongPassword.status, 400)
      assert.ok(!wrongPassword.text.includes("sai mat khau roi"), "a password is never shown again")
      assert.ok(wrongPassword.text.includes(`value="${name}"`))
      assert.equal(await callApi(site, tokens.access_token), 200, "nothing happened yet")
      const foreign = { origin: "https://evil.example" }
      const fields = { ...form, company_name: name, password: user.password }
      assert.equal((await visitor.postForm("/company/close", fields, foreign)).status, 403)
      const closed = await post({ company_name: name, password: user.password })
      assert.equal(closed.location?.pathname, "/company/closed")
      assert.equal((await visitor.get("/company/closed")).status, 200)
      assert.equal(await callApi(site, tokens.access_token), 401)
      for (const each of [visitor, colleague]) {
        assert.equal((await each.get("/connected-apps")).location?.pathname, "/login")
      }
      const [entry] = await auditOf(user.companyId, "company.close")
      assert.equal(`${entry?.actor_kind} ${entry?.actor_id}`, `user ${user.id}`)
    })
  })

  describe("an operator", () => {
    it("is the only one who finds the pages; ids that are none are not found", async () => {
      const id = site.merchant.companyId
      const paths = [
        "/operator/companies",
        `/operator/companies/${id}`,
        `/operator/companies/${id}/suspend`,
        "/operator/users",
        `/operator/users/${site.merchant.id}`,
        `/operator/users/${site.merchant.id}/suspend`,
      ]
      for (const path of paths) {
        assert.equal((await makeVisitor(site.url).get(path)).location?.pathname, "/login", path)
        assert.equal((await owner.get(path)).status, 404, path)
        assert.equal((await operator.get(path)).status, 200, path)
      }
      for (const kind of ["companies", "users"]) {
        for (const deed of ["suspend", "reinstate"]) {
          const path = `/operator/${kind}/${kind === "users" ? site.merchant.id : id}/${deed}`
          const fields = { csrf_token: await tokenOf(owner), reason: "x" }
          assert.equal((await owner.postForm(path, fields)).status, 404, path)
          for (const none of ["0", "999999999", "x", "1e3"]) {
            const answer = await operator.postForm(`/operator/${kind}/${none}/${deed}`, {
              csrf_token: await tokenOf(operator),
              reason: "x",
            })
            assert.equal(answer.status, 404, `${kind} ${none} ${deed}`)
          }
        }
      }
      assert.equal((await operator.postForm(`/operator/companies/${id}/suspend`, { reason: "x" })).status, 403)
      assert.equal((await operator.get("/operator/users?company=999999999")).status, 404)
    })

    it("finds companies and users by name in any case, by e-mail, by id, and not by wildcards", async () => {
      const { db, clock } = site.app.context
      const made = await createUser(db, clock.now(), {
        email: "Dang.100%_tim@mau.example",
        password: "mot mat khau that dai 2026",
        firstName: "Đặng",
        lastName: "Văn Tìm",
        company: { fullName: "Công ty Đặc Biệt" },
      })
      const finds = async (path: string, text: string, id: number) =>
        (await operator.get(`${path}?q=${encodeURIComponent(text)}`)).text.includes(`href="${path}/${id}"`)
      for (const text of ["đặc biệt", "ĐẶC BIỆT", "Đặc Biệt", "100%_tim@mau", "dang.100", String(made.companyId)]) {
        assert.equal(await finds("/operator/companies", text, made.companyId), true, text)
      }
      for (const text of ["đặng văn tìm", "văn tìm đặng", "ĐẶNG VĂN", "DANG.100%_TIM@mau.example", String(made.id)]) {
        assert.equal(await finds("/operator/users", text, made.id), true, text)
      }
      for (const text of ["%", "_", "100%%tim", "' or 1=1 --"]) {
        assert.equal(await finds("/operator/users", `${text}khong`, made.id), false, text)
      }
    })

    it("counts only sessions that live: one that lay unused for half a day opens nothing", async () => {
      const user = await addUser(site.app)
      await signIn(site.url, user)
      const { db, clock } = site.app.context
      const sessions = async () => (await countCompanyPeople(db, user.companyId, clock.now())).sessions
      assert.equal(await sessions(), 1)
      const half = instantAfter(clock.now(), -12 * 3600 * 1000)
      await transaction(db, (tx) =>
        tx.updateTable("sessions").set({ last_used_at: half }).where("user_id", "=", user.id).execute(),
      )
      assert.equal(await sessions(), 0)
      assert.equal((await getListedUser(db, user.id, clock.now())).sessions, 0)
    })

    it("suspends at once for tokens and refreshes, reversibly; twice is once, and never the own", async () => {
      const user = await addUser(site.app)
      const client = await addClient(site)
      const tokens = await connect(site, client, { user })
      const path = `/operator/companies/${user.companyId}`
      const form = readForm((await operator.get(`${path}/suspend`)).text, `${path}/suspend`)
      const answers = await Promise.all(
        [1, 2].map(() => operator.postForm(`${path}/suspend`, { ...form, reason: "Chờ xác minh" })),
      )
      assert.deepEqual(answers.map(({ location }) => location?.search).sort(), ["?done=already", "?done=suspended"])
      assert.equal((await auditOf(user.companyId, "company.suspend")).length, 1)
      assert.equal(await callApi(site, tokens.access_token), 401)
      assert.equal((await refresh(site, client, tokens.refresh_token)).status, 400)
      const visitor = makeVisitor(site.url)
      const wrong = await visitor.submit("/login", "/login", { email: user.email, password: "khong dung dau" })
      assert.ok(!wrong.text.includes("Chờ xác minh"), "only who knows the password is told")
      const right = await visitor.submit("/login", "/login", { email: user.email, password: user.password })
      assert.equal(right.status, 403)
      assert.ok(right.text.includes("Chờ xác minh"))
      const again = await operator.postForm(`${path}/reinstate`, form)
      assert.equal(again.location?.search, "?done=reinstated")
      assert.equal((await operator.postForm(`${path}/reinstate`, form)).location?.search, "?done=already")
      assert.equal(await callApi(site, tokens.access_token), 200)
      expectTokens(await refresh(site, client, tokens.refresh_token))
      const own = `/operator/companies/${operatorUser.companyId}/suspend`
      assert.equal((await operator.postForm(own, { ...form, reason: "x" })).status, 409)
      const self = `/operator/users/${operatorUser.id}/suspend`
      assert.equal((await operator.postForm(self, { ...form, reason: "x" })).status, 409)
      assert.equal((await operator.get("/operator/companies")).status, 200)
    })

    it("cannot reinstate what is closed, and takes a reason of 1 to 500 characters", async () => {
      const user: TestUser = await addUser(site.app)
      const path = `/operator/users/${user.id}`
      const form = { csrf_token: await tokenOf(operator) }
      for (const reason of ["", "   ", "x".repeat(501)]) {
        const answer = await operator.postForm(`${path}/suspend`, { ...form, reason })
        assert.equal(answer.status, 400)
        assert.match(answer.text, /aria-invalid="true"/)
      }
      const { db } = site.app.context
      const { closeUser } = await import("../../src/identity/user.ts")
      await closeUser(db, site.clock.now(), user.id)
      assert.equal((await operator.postForm(`${path}/reinstate`, form)).location?.search, "?done=closed")
      const suspended = await operator.postForm(`${path}/suspend`, { ...form, reason: "x" })
      assert.equal(suspended.location?.search, "?done=closed")
    })
  })
})
