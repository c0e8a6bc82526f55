import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { createBankAccount } from "../../src/banking/bank-account.ts"
import { onEachEngine } from "../support/engines.ts"
import { makeVisitor, readForm, type Visitor } from "../support/http.ts"
import { signIn } from "../support/oauth-pages.ts"
import {
  addClient,
  addUser,
  callApi,
  connect,
  expectRefusal,
  expectTokens,
  grantCode,
  type OAuthSite,
  redeemCode,
  refresh,
  startOAuthSite,
  type TestUser,
} from "../support/oauth-site.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  let admin: Visitor
  let clerk: TestUser
  let asClerk: Visitor
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    admin = await signIn(site.url, site.merchant)
    clerk = await addUser(site.app, site.merchant.companyId, "User")
    asClerk = await signIn(site.url, clerk)
  })
  after(() => site.stop())

  const revokePaths = (page: string): string[] =>
    [...page.matchAll(/href="(\/connected-apps\/\d+\/revoke)"/g)].map(([, path = ""]) => path)
  async function grantIdOf(clientId: string, user: TestUser): Promise<number> {
    const row = await site.app.context.db
      .selectFrom("grants")
      .innerJoin("clients", "clients.id", "grants.client_row_id")
      .select("grants.id")
      .where("clients.client_id", "=", clientId)
      .where("grants.user_id", "=", user.id)
      .where("grants.ended_at", "is", null)
      .executeTakeFirstOrThrow()
    return row.id
  }
  const revokePath = async (clientId: string, user: TestUser) =>
    `/connected-apps/${await grantIdOf(clientId, user)}/revoke`

  describe("the page (contract/oauth.md §16)", () => {
    it("shows per grant the app, its scopes, accounts, times and living families", async () => {
      const client = await addClient(site, { name: "Sổ <i>thu</i> chi" })
      const accountId = await createBankAccount(site.app.context.db, site.clock.now(), {
        companyId: clerk.companyId,
        bank: "VCB",
        accountNumber: "0071000123456",
        holderName: "NGUYEN VAN A",
        mode: "live",
      })
      const scope = "profile bank-account:read"
      const options = { user: clerk, scope, bankAccountIds: [accountId] }
      const [first, second] = [await connect(site, client, options), await connect(site, client, options)]
      assert.ok(first)
      const before = await asClerk.get("/connected-apps", { "accept-language": "vi" })
      assert.equal(before.status, 200)
      assert.ok(before.text.includes("Sổ &lt;i&gt;thu&lt;/i&gt; chi"))
      assert.ok(before.text.includes("Xem họ tên, email, số điện thoại, ảnh đại diện của bạn"))
      assert.ok(before.text.includes("3456") && !before.text.includes("0071000123456"), "the number is masked")
      assert.match(before.text, /<dd>2<\/dd>/, "two families live")
      await callApi(site, second.access_token)
      await site.app.runLoop("last used")
      const after = await asClerk.get("/connected-apps")
      assert.notEqual(after.text, before.text, "last used is shown")
      const fields = { token: second.refresh_token, client_id: client.clientId, client_secret: client.clientSecret }
      await site.caller.postForm("/oauth/revoke", fields)
      assert.match((await asClerk.get("/connected-apps")).text, /<dd>1<\/dd>/)
    })

    it("is for those who signed in", async () => {
      const answer = await makeVisitor(site.url).get("/connected-apps")
      assert.equal(answer.location?.pathname, "/login")
    })

    it("shows a user the own grants, and an administrator those of the company", async () => {
      const client = await addClient(site)
      await connect(site, client)
      await connect(site, client, { user: clerk })
      const [own, all] = [await revokePath(client.clientId, clerk), await revokePath(client.clientId, site.merchant)]
      const clerkSees = revokePaths((await asClerk.get("/connected-apps")).text)
      assert.ok(clerkSees.includes(own) && !clerkSees.includes(all))
      const adminSees = revokePaths((await admin.get("/connected-apps")).text)
      assert.ok(adminSees.includes(own) && adminSees.includes(all))
      const stranger = await signIn(site.url, await addUser(site.app))
      assert.deepEqual(revokePaths((await stranger.get("/connected-apps")).text), [])
    })
  })

  describe("revoking (contract/oauth.md §9)", () => {
    it("stops every token of the grant with the very next request", async () => {
      const client = await addClient(site)
      const [one, two] = [await connect(site, client), await connect(site, client)]
      const kept = await connect(site, client, { user: clerk })
      const code = await grantCode(site, client)
      const path = await revokePath(client.clientId, site.merchant)
      assert.ok(revokePaths((await admin.get("/connected-apps")).text).includes(path))
      const answer = await admin.submit(path, path, {})
      assert.equal(answer.status, 303)
      assert.equal(answer.headers.get("cache-control"), "no-store")
      for (const tokens of [one, two]) {
        assert.equal(await callApi(site, tokens.access_token), 401)
        expectRefusal(await refresh(site, client, tokens.refresh_token), 400, "invalid_grant")
      }
      expectRefusal(await redeemCode(site, client, code), 400, "invalid_grant")
      assert.ok(!revokePaths((await admin.get(answer.location ?? "")).text).includes(path))
      assert.equal(await callApi(site, kept.access_token), 200)
      expectTokens(await refresh(site, client, kept.refresh_token))
    })

    it("is an administrator's right over the company's grants", async () => {
      const client = await addClient(site)
      const tokens = await connect(site, client, { user: clerk })
      const path = await revokePath(client.clientId, clerk)
      assert.equal((await admin.submit(path, path, {})).status, 303)
      assert.equal(await callApi(site, tokens.access_token), 401)
    })

    it("is said with the app's name to whoever may see the grant, and to nobody else of the company", async () => {
      const client = await addClient(site, { name: "Sổ lương kín" })
      await connect(site, client)
      const path = await revokePath(client.clientId, site.merchant)
      const done = await admin.submit(path, path, {})
      assert.match((await admin.get(done.location ?? "")).text, /Sổ lương kín/)
      assert.doesNotMatch((await asClerk.get(done.location ?? "")).text, /Sổ lương kín/)
    })

    it("of somebody else's grant, or of none, is 404", async () => {
      const client = await addClient(site)
      const tokens = await connect(site, client)
      const path = await revokePath(client.clientId, site.merchant)
      const csrf_token = readForm((await asClerk.get("/connected-apps")).text, "/logout")["csrf_token"] ?? ""
      const stranger = await signIn(site.url, await addUser(site.app))
      const strangersToken = readForm((await stranger.get("/connected-apps")).text, "/logout")["csrf_token"] ?? ""
      assert.equal((await asClerk.postForm(path, { csrf_token })).status, 404)
      assert.equal((await stranger.postForm(path, { csrf_token: strangersToken })).status, 404)
      assert.equal((await stranger.get(path)).status, 404)
      for (const id of ["0", "999999999", "x", "1e3", "-1"]) {
        assert.equal((await asClerk.postForm(`/connected-apps/${id}/revoke`, { csrf_token })).status, 404, id)
      }
      assert.equal(await callApi(site, tokens.access_token), 200)
    })

    it("needs the form's token and an own page", async () => {
      const client = await addClient(site)
      const tokens = await connect(site, client)
      const path = await revokePath(client.clientId, site.merchant)
      const fields = readForm((await admin.get(path)).text, path)
      assert.equal((await admin.postForm(path, {})).status, 403)
      assert.equal((await admin.postForm(path, fields, { origin: "https://evil.example" })).status, 403)
      assert.equal((await admin.get(path)).status, 200, "a GET only asks")
      assert.equal(await callApi(site, tokens.access_token), 200)
    })
  })
})
