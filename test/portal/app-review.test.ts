import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { onEachEngine } from "../support/engines.ts"
import type { Answer, FormFields } from "../support/http.ts"
import { authorizeUrl, follow } from "../support/oauth-pages.ts"
import {
  addClient,
  addUser,
  callApi,
  connect,
  expectRefusal,
  expectTokens,
  type OAuthSite,
  refresh,
  startOAuthSite,
  type TestUser,
} from "../support/oauth-site.ts"
import { type AppDesk, addPerson, mailsTo, openDesk } from "./app-ground.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  let owner: AppDesk
  let operator: AppDesk
  let operatorUser: TestUser
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    operatorUser = await addPerson(site, { operator: true })
    owner = await openDesk(site.url, site.merchant)
    operator = await openDesk(site.url, operatorUser)
  })
  after(() => site.stop())

  const rowOf = (clientId: string) =>
    site.app.context.db.selectFrom("clients").selectAll().where("client_id", "=", clientId).executeTakeFirstOrThrow()
  const stateOf = async (clientId: string) => (await rowOf(clientId)).state
  const decide = (clientId: string, kind: string, fields: FormFields = {}): Promise<Answer> => {
    const app = `/operator/apps/${clientId}`
    // Mails of one moment have no order.
    site.clock.advance({ seconds: 1 })
    return operator.press(kind === "suspend" ? `${app}/suspend` : app, `${app}/${kind}`, fields)
  }
  async function submitted(changes: FormFields = {}): Promise<string> {
    const clientId = await owner.registered(changes)
    await owner.press(`/developer/apps/${clientId}`, `/developer/apps/${clientId}/submit`)
    return clientId
  }
  const newestMail = async () => (await mailsTo(site, site.merchant.email))[0]

  describe("the operator's review (contract/oauth.md §15)", () => {
    it("approves what was submitted: everybody can connect it, and its owner gets a mail", async () => {
      const clientId = await submitted({ name: "Được duyệt" })
      const stranger = await openDesk(site.url, await addUser(site.app))
      const url = authorizeUrl(site.url, { client_id: clientId, redirect_uri: "https://shop.example/callback" })
      assert.equal((await follow(stranger.visitor, url)).status, 403)
      const answer = await decide(clientId, "approve")
      assert.match(String(answer.location), /\/operator\/apps\/client_\w+\?done=approve$/)
      assert.equal((await operator.visitor.get(answer.location ?? "")).status, 200)
      assert.equal(await stateOf(clientId), "approved")
      assert.equal((await follow(stranger.visitor, url)).status, 200)
      const mail = await newestMail()
      assert.match(mail?.subject ?? "", /Được duyệt đã được duyệt/)
      assert.ok(mail?.text.includes(`${site.url}/developer/apps/${clientId}`))
      assert.equal((await rowOf(clientId)).review_since, null)
    })

    it("turns it down with a reason, which the owner reads, mends and submits again", async () => {
      const clientId = await submitted({ name: "Chưa ổn" })
      for (const reason of ["", "  \n ", "x".repeat(501), "a\u0000b"]) {
        const refused = await decide(clientId, "reject", { reason })
        assert.equal(refused.status, 400)
        assert.equal(await stateOf(clientId), "pending_review")
      }
      await decide(clientId, "reject", { reason: "Trang web không mở được.\r\nHãy <b>sửa</b>." })
      assert.equal(await stateOf(clientId), "rejected")
      const page = await owner.visitor.get(`/developer/apps/${clientId}`)
      assert.ok(page.text.includes("Trang web không mở được.\nHãy &lt;b&gt;sửa&lt;/b&gt;."))
      assert.ok((await newestMail())?.text.includes("Trang web không mở được.\nHãy <b>sửa</b>."))
      const again = await owner.press(`/developer/apps/${clientId}`, `/developer/apps/${clientId}/submit`)
      assert.match(String(again.location), /done=submitted/)
      const row = await rowOf(clientId)
      assert.deepEqual([row.state, row.state_reason], ["pending_review", null])
    })

    it("approves or turns down the pending changes of an approved app, which goes on meanwhile", async () => {
      const clientId = await submitted({ name: "Đang chạy" })
      await decide(clientId, "approve")
      const change = { redirect_uris: "https://shop.example/callback\nhttps://new.example/cb" }
      await owner.edit(clientId, { ...change, name: "Tên lạ" })
      const page = await operator.visitor.get(`/operator/apps/${clientId}`)
      assert.match(page.text, /Đang chạy[\s\S]*Tên lạ[\s\S]*https:\/\/new\.example\/cb/)
      await decide(clientId, "reject", { reason: "Tên giống ngân hàng." })
      let row = await rowOf(clientId)
      assert.deepEqual([row.state, row.name, row.review_since], ["approved", "Đang chạy", null])
      assert.match((await newestMail())?.subject ?? "", /Thay đổi của Đang chạy chưa được duyệt/)
      const form = await owner.visitor.get(`/developer/apps/${clientId}`)
      assert.ok(form.text.includes('value="Tên lạ"') && form.text.includes("Tên giống ngân hàng."))
      assert.equal((await decide(clientId, "suspend", { reason: "x" })).status, 303, "the rest is as before")
      await decide(clientId, "reinstate")
      await owner.edit(clientId, { ...change, name: "Đang chạy 2" })
      await decide(clientId, "approve")
      row = await rowOf(clientId)
      assert.deepEqual([row.name, row.pending, row.state_reason], ["Đang chạy 2", null, null])
      assert.deepEqual(JSON.parse(row.redirect_uris), ["https://shop.example/callback", "https://new.example/cb"])
      assert.match((await newestMail())?.subject ?? "", /Thay đổi của Đang chạy đã được duyệt/)
    })

    it("suspends with the numbers before one's eyes; tokens fail at once and work again afterwards", async () => {
      const client = await addClient(site, { name: "Bị ngưng" })
      const tokens = await connect(site, client)
      const path = `/operator/apps/${client.clientId}/suspend`
      assert.match((await operator.visitor.get(path)).text, /1 người dùng đã cấp quyền và 1 phiên/)
      assert.equal((await decide(client.clientId, "suspend", { reason: " " })).status, 400)
      assert.equal(await callApi(site, tokens.access_token), 200, "nothing happened yet")
      await decide(client.clientId, "suspend", { reason: "Khiếu nại số 12" })
      assert.equal(await callApi(site, tokens.access_token), 401)
      expectRefusal(await refresh(site, client, tokens.refresh_token), 400, "unauthorized_client")
      assert.ok((await newestMail())?.text.includes("Khiếu nại số 12"))
      assert.equal((await operator.visitor.get(path)).status, 409)
      await decide(client.clientId, "reinstate")
      assert.equal(await callApi(site, tokens.access_token), 200)
      expectTokens(await refresh(site, client, tokens.refresh_token))
      assert.match((await newestMail())?.subject ?? "", /Bị ngưng hoạt động trở lại/)
    })

    it("decides on what the operator saw: a change in between brings the page again, with it", async () => {
      const clientId = await submitted({ name: "Trước" })
      const app = `/operator/apps/${clientId}`
      const page = await operator.visitor.get(app)
      const field = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(page.text)?.[1]
      await owner.edit(clientId, { name: "Sau", redirect_uris: "https://evil.example/cb" })
      for (const version of [field("version"), undefined, "0", "9e9"]) {
        const answer = await operator.visitor.postForm(`${app}/approve`, { csrf_token: field("csrf_token"), version })
        assert.equal(answer.status, 409)
        assert.ok(
          answer.text.includes("đã thay đổi từ lúc bạn mở trang") && answer.text.includes("https://evil.example/cb"),
        )
        assert.equal(await stateOf(clientId), "pending_review")
      }
      const reason = "Chữ đã gõ"
      const fields = { csrf_token: field("csrf_token"), version: field("version"), reason }
      const answer = await operator.visitor.postForm(`${app}/reject`, fields)
      assert.ok(answer.status === 409 && answer.text.includes(reason), "what was typed is kept")
      assert.equal((await decide(clientId, "approve")).status, 303)
    })

    it("of several decisions at once carries out one", async () => {
      const clientId = await submitted()
      const app = `/operator/apps/${clientId}`
      const page = await operator.visitor.get(app)
      const field = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(page.text)?.[1]
      const fields = { csrf_token: field("csrf_token"), version: field("version"), reason: "x" }
      const kinds = ["approve", "reject", "approve", "reject", "approve"]
      const answers = await Promise.all(kinds.map((kind) => operator.visitor.postForm(`${app}/${kind}`, fields)))
      assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 409, 409, 409, 409])
    })

    it("has no decision that the state lacks", async () => {
      const draft = await owner.registered()
      const page = await operator.visitor.get(`/operator/apps/${draft}`)
      const token = /name="csrf_token" value="([^"]+)"/.exec(page.text)?.[1]
      const version = String((await rowOf(draft)).version)
      for (const kind of ["approve", "reject", "suspend", "reinstate"]) {
        const fields = { csrf_token: token, version, reason: "x" }
        assert.equal((await operator.visitor.postForm(`/operator/apps/${draft}/${kind}`, fields)).status, 409, kind)
      }
      assert.equal(await stateOf(draft), "draft")
    })

    it("is written down with who decided: the company reads that it was the operator, operators read who", async () => {
      const rows = await site.app.context.db
        .selectFrom("audit_entries")
        .select(["action", "actor_kind", "actor_id"])
        .where("company_id", "=", site.merchant.companyId)
        .where("actor_id", "=", operatorUser.id)
        .execute()
      for (const kind of ["approve", "reject", "suspend", "reinstate"]) {
        const row = rows.find(({ action }) => action === `client.${kind}`)
        assert.equal(row?.actor_kind, "operator", kind)
      }
      const { text } = await owner.visitor.get("/audit")
      assert.match(text, /đã duyệt ứng dụng/)
      assert.ok(!text.includes(operatorUser.email))
    })
  })

  describe("the list of apps", () => {
    it("shows what waits, longest waiting first, changes and apps alike", async () => {
      const { db } = site.app.context
      const waiting = await db.selectFrom("clients").select("client_id").where("review_since", "is not", null).execute()
      for (const { client_id } of waiting) await decide(client_id, "approve")
      assert.match((await operator.visitor.get("/operator/apps")).text, /Không còn gì chờ duyệt/)
      const live = await submitted({ name: "Có thay đổi" })
      await decide(live, "approve")
      site.clock.advance({ minutes: 1 })
      const first = await submitted({ name: "Trước nhất" })
      site.clock.advance({ minutes: 1 })
      await owner.edit(live, { name: "Đổi tên" })
      site.clock.advance({ minutes: 1 })
      const last = await submitted({ name: "Sau cùng" })
      const { text } = await operator.visitor.get("/operator/apps")
      const order = [...text.matchAll(/\/operator\/apps\/(client_\w+)"/g)].map(([, id]) => id)
      assert.deepEqual(order, [first, live, last])
      assert.match(text, /Chờ quyết định <span class="count">3</)
    })

    it("finds by part of a name without marks, by client_id and by the owner's e-mail, in every state", async () => {
      const clientId = await owner.registered({ name: "Cửa Hàng Độc Nhất 100%_x" })
      const found = async (q: string, state = "all") => {
        const { text, status } = await operator.visitor.get(`/operator/apps?state=${state}&q=${encodeURIComponent(q)}`)
        assert.equal(status, 200)
        return text.includes(`/operator/apps/${clientId}"`)
      }
      for (const q of ["cua hang doc nhat", "ĐỘC", "100%_", clientId, site.merchant.email.toUpperCase()]) {
        assert.equal(await found(q), true, q)
      }
      for (const q of ["100__", "khong co", clientId.slice(0, 10), "\u0000", "'; drop table clients;--", "%"]) {
        assert.equal(await found(q), q === "%" || q === "\u0000", q)
      }
      assert.equal(await found("", "draft"), true)
      assert.equal(await found("", "approved"), false)
      assert.equal((await operator.visitor.get("/operator/apps?state=nonsense&after=x&q=a&q=b")).status, 200)
    })

    it("goes on page by page without a gap", async () => {
      const seen: string[] = []
      const crowd = { ...site, merchant: await addUser(site.app) }
      for (let made = 0; made < 60; made++) await addClient(crowd, { name: `Trang ${made}` })
      let next: string | undefined = "/operator/apps?state=approved"
      while (next !== undefined) {
        const { text } = await operator.visitor.get(next)
        seen.push(...[...text.matchAll(/\/operator\/apps\/(client_\w+)"/g)].map(([, id = ""]) => id))
        next = /href="(\/operator\/apps\?[^"]*after=[^"]*)"/.exec(text)?.[1]?.replaceAll("&amp;", "&")
      }
      const all = await site.app.context.db
        .selectFrom("clients")
        .select("client_id")
        .where("state", "=", "approved")
        .orderBy("id", "desc")
        .execute()
      assert.deepEqual(
        seen,
        all.map(({ client_id }) => client_id),
      )
    })
  })

  it("exists for operators alone: for anybody else there is no such page", async () => {
    const clientId = await submitted()
    const app = `/operator/apps/${clientId}`
    for (const path of [
      "/operator",
      "/operator/apps",
      app,
      `${app}/suspend`,
      "/operator/keys",
      "/operator/keys/rotate",
    ]) {
      assert.equal((await owner.visitor.get(path)).status, 404, path)
      assert.match(String((await site.caller.get(path)).location), /\/login/, path)
    }
    const page = await owner.visitor.get("/developer/apps/new")
    const token = /name="csrf_token" value="([^"]+)"/.exec(page.text)?.[1]
    for (const kind of ["approve", "reject", "suspend", "reinstate"]) {
      const fields = { csrf_token: token, version: "2", reason: "x" }
      assert.equal((await owner.visitor.postForm(`${app}/${kind}`, fields)).status, 404, kind)
      assert.equal((await operator.visitor.postForm(`${app}/${kind}`, { version: "2", reason: "x" })).status, 403, kind)
    }
    assert.equal(
      (await owner.visitor.postForm("/operator/keys/rotate", { csrf_token: token, next_kid: "" })).status,
      404,
    )
    assert.equal(await stateOf(clientId), "pending_review")
    assert.equal((await operator.visitor.get("/operator/apps/client_00000000000000000000")).status, 404)
    assert.equal((await operator.visitor.get("/operator")).location?.pathname, "/operator/apps")
  })
})
