import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { approveClient, suspendClient } from "../../src/oauth/client.ts"
import { onEachEngine } from "../support/engines.ts"
import type { FormFields } from "../support/http.ts"
import { authorizeUrl, follow, openConsent, signIn } from "../support/oauth-pages.ts"
import {
  addClient,
  addUser,
  callApi,
  connect,
  expectRefusal,
  expectTokens,
  grantCode,
  makePkce,
  noticeChanges,
  type OAuthSite,
  redeemCode,
  refresh,
  startOAuthSite,
  type TestUser,
} from "../support/oauth-site.ts"
import { type AppDesk, addPerson, auditOf, openDesk, rightForm } from "./app-ground.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  let desk: AppDesk
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    desk = await openDesk(site.url, site.merchant)
  })
  after(() => site.stop())

  const pageOf = (clientId: string) => desk.visitor.get(`/developer/apps/${clientId}`)
  const rowOf = (clientId: string) =>
    site.app.context.db.selectFrom("clients").selectAll().where("client_id", "=", clientId).executeTakeFirstOrThrow()
  async function approved(changes: FormFields = {}): Promise<string> {
    const clientId = await desk.registered(changes)
    await approveClient(site.app.context.db, clientId, site.clock.now())
    return clientId
  }

  describe("changing an app that is approved (contract/oauth.md §15)", () => {
    it("lets what is new wait and what is live stay; removals, description and switches hold at once", async () => {
      const clientId = await approved({
        redirect_uris: "https://shop.example/callback\nhttps://shop.example/old",
        "scope.company": "required",
        "scope.webhook:read": "optional",
      })
      const answer = await desk.edit(clientId, {
        name: "Tên mới",
        description: "Mô tả mới",
        website: "https://new.example",
        redirect_uris: "https://shop.example/callback\nhttps://new.example/callback",
        "scope.company": "off",
        "scope.transaction:read": "optional",
        "scope.profile": "optional",
        "scope.webhook:read": "required",
        "scope.bank-account:read": "optional",
        legacy_token_errors: "1",
      })
      assert.match(String(answer.location), /done=waits/)
      const row = await rowOf(clientId)
      assert.deepEqual(
        [row.name, row.description, row.website, row.state, row.legacy_token_errors],
        ["Kho hàng", "Mô tả mới", "https://shop.example", "approved", 1],
      )
      assert.deepEqual(JSON.parse(row.redirect_uris), ["https://shop.example/callback"])
      assert.deepEqual(JSON.parse(row.scopes), [
        { scope: "transaction:read", required: false },
        { scope: "webhook:read", required: false },
        { scope: "profile", required: false },
      ])
      assert.deepEqual(JSON.parse(row.pending ?? ""), {
        name: "Tên mới",
        website: "https://new.example",
        redirectUris: ["https://new.example/callback"],
        scopes: [
          { scope: "bank-account:read", required: false },
          { scope: "webhook:read", required: true },
        ],
      })
      const live = await follow(
        desk.visitor,
        authorizeUrl(site.url, { client_id: clientId, redirect_uri: "https://new.example/callback" }),
      )
      assert.equal(live.status, 400, "a URI that waits is not registered")
      const consent = await openConsent(
        desk.visitor,
        authorizeUrl(site.url, { client_id: clientId, redirect_uri: "https://shop.example/callback" }),
      )
      assert.ok(consent.text.includes("Kho hàng") && !consent.text.includes("Tên mới"))
      const page = await pageOf(clientId)
      assert.ok(page.text.includes('value="Tên mới"'), "the form shows what is wanted")

      assert.equal((await approveClient(site.app.context.db, clientId, site.clock.now())).about, "changes")
      const after = await rowOf(clientId)
      assert.deepEqual([after.name, after.website, after.pending], ["Tên mới", "https://new.example", null])
      assert.deepEqual(JSON.parse(after.redirect_uris), [
        "https://shop.example/callback",
        "https://new.example/callback",
      ])
    })

    it("keeps at least one URI and one scope live", async () => {
      const clientId = await approved()
      const version = (await rowOf(clientId)).version
      const answer = await desk.edit(clientId, {
        redirect_uris: "https://new.example/callback",
        "scope.transaction:read": "off",
        "scope.profile": "off",
        "scope.company": "required",
      })
      assert.equal(answer.status, 400)
      assert.match(answer.text, /giữ ít nhất một redirect URI đang dùng[\s\S]*giữ ít nhất một quyền đang dùng/)
      assert.equal((await rowOf(clientId)).version, version, "nothing was saved")
    })

    it("drops what waits when the owner takes it back, by the form or by the button", async () => {
      const clientId = await approved()
      await desk.edit(clientId, { name: "Tên mới" })
      assert.notEqual((await rowOf(clientId)).review_since, null)
      await desk.edit(clientId, { name: "Kho hàng" })
      assert.deepEqual([(await rowOf(clientId)).pending, (await rowOf(clientId)).review_since], [null, null])
      await desk.edit(clientId, { name: "Tên mới" })
      const answer = await desk.press(`/developer/apps/${clientId}`, `/developer/apps/${clientId}/withdraw`)
      assert.match(String(answer.location), /done=withdrawn/)
      assert.equal((await rowOf(clientId)).pending, null)
      assert.equal((await rowOf(clientId)).state, "approved")
    })

    it("lets the profile wait too, and ends the app's tokens when it is approved", async () => {
      const client = await addClient(site, { website: "https://shop.example" })
      const tokens = await connect(site, client)
      assert.match(String((await desk.edit(client.clientId, { profile: "oauth21" })).location), /done=waits/)
      assert.equal(await callApi(site, tokens.access_token), 200)
      await approveClient(site.app.context.db, client.clientId, site.clock.now())
      await noticeChanges(site)
      assert.equal(await callApi(site, tokens.access_token), 401)
      expectRefusal(await refresh(site, client, tokens.refresh_token), 400, "invalid_grant")
    })
  })

  describe("changing an app that was never approved", () => {
    it("holds at once, and a change of profile or type ends tokens and secrets", async () => {
      const client = await addClient(site, { approve: false, profile: "oauth21" })
      const { verifier, challenge } = makePkce()
      const code = await grantCode(site, client, { challenge })
      const tokens = expectTokens(await redeemCode(site, client, code, { code_verifier: verifier }))
      const answer = await desk.edit(client.clientId, { name: "Tên mới", client_type: "public" })
      assert.match(String(answer.location), /done=tokens-ended/)
      assert.equal((await rowOf(client.clientId)).name, "Tên mới")
      assert.equal(await callApi(site, tokens.access_token), 401)
      await desk.edit(client.clientId, { client_type: "confidential" })
      expectRefusal(await refresh(site, client, tokens.refresh_token), 401, "invalid_client")
    })

    it("shrinks the scope of tokens from the next request on", async () => {
      const client = await addClient(site, { approve: false })
      const { access_token } = await connect(site, client, { scope: "profile company" })
      await desk.edit(client.clientId, { "scope.profile": "off" })
      assert.equal(await callApi(site, access_token), 403)
    })
  })

  it("a form that was open while the app changed elsewhere saves nothing, keeps what was typed, and can be sent again", async () => {
    const clientId = await desk.registered()
    const { version } = await rowOf(clientId)
    await desk.edit(clientId, { name: "Ở thẻ khác" })
    const stale = await desk.edit(clientId, { name: "Ở thẻ này", version: String(version) })
    assert.equal(stale.status, 409)
    assert.ok(stale.text.includes('value="Ở thẻ này"') && stale.text.includes("đã được sửa ở nơi khác"))
    assert.equal((await rowOf(clientId)).name, "Ở thẻ khác")
    const now = /name="version" value="(\d+)"/.exec(stale.text)?.[1]
    assert.equal((await desk.edit(clientId, { name: "Ở thẻ này", version: now })).status, 303)
    assert.equal((await rowOf(clientId)).name, "Ở thẻ này")
  })

  it("a form with a wrong field comes back over what it was opened with: a change elsewhere is still found out", async () => {
    const clientId = await desk.registered()
    const { version } = await rowOf(clientId)
    await desk.edit(clientId, { name: "Ở thẻ khác" })
    const wrong = await desk.edit(clientId, { website: "không phải URL", version: String(version) })
    assert.equal(wrong.status, 400)
    const carried = /name="version" value="(\d+)"/.exec(wrong.text)?.[1]
    assert.equal((await desk.edit(clientId, { name: "Ở thẻ này", version: carried })).status, 409)
    assert.equal((await rowOf(clientId)).name, "Ở thẻ khác")
  })

  describe("the way to the review", () => {
    it("goes draft → in review → draft, and needs a website", async () => {
      const clientId = await desk.registered({ website: "" })
      const submit = () => desk.press(`/developer/apps/${clientId}`, `/developer/apps/${clientId}/submit`)
      const refused = await submit()
      assert.equal(refused.status, 400)
      assert.ok(refused.text.includes("Cần có trang web để gửi duyệt"))
      await desk.edit(clientId, { website: "https://shop.example" })
      assert.match(String((await submit()).location), /done=submitted/)
      assert.equal((await rowOf(clientId)).state, "pending_review")
      assert.equal((await desk.edit(clientId, { website: "" })).status, 400, "an app in review keeps its website")
      await desk.press(`/developer/apps/${clientId}`, `/developer/apps/${clientId}/withdraw`)
      const row = await rowOf(clientId)
      assert.deepEqual([row.state, row.review_since], ["draft", null])
    })

    it("has no step that the state lacks: the page says so and nothing changes", async () => {
      const { db } = site.app.context
      const suspended = await approved()
      await suspendClient(db, suspended, "a test", site.clock.now())
      for (const [clientId, step] of [
        [await approved(), "submit"],
        [await approved(), "withdraw"],
        [suspended, "submit"],
        [await desk.registered(), "withdraw"],
      ] as const) {
        const before = await rowOf(clientId)
        const { text } = await pageOf(clientId)
        const token = /name="csrf_token" value="([^"]+)"/.exec(text)?.[1]
        const answer = await desk.visitor.postForm(`/developer/apps/${clientId}/${step}`, { csrf_token: token })
        assert.equal(answer.status, 409)
        assert.ok(answer.text.includes("Trạng thái ứng dụng đã đổi"))
        assert.deepEqual(await rowOf(clientId), before)
      }
    })
  })

  it("deleting asks first, then ends grants, tokens and open codes, and the app is found nowhere", async () => {
    const client = await addClient(site, { name: "Sắp xóa" })
    const tokens = await connect(site, client)
    const code = await grantCode(site, client)
    const page = await desk.visitor.get(`/developer/apps/${client.clientId}/delete`)
    assert.match(page.text, /Quyền của 1 người dùng và 1 phiên/)
    assert.equal(await callApi(site, tokens.access_token), 200, "asking changes nothing")
    const path = `/developer/apps/${client.clientId}/delete`
    assert.match(String((await desk.press(path, path)).location), /\/developer\/apps\?done=deleted$/)
    assert.equal(await callApi(site, tokens.access_token), 401)
    expectRefusal(await refresh(site, client, tokens.refresh_token), 401, "invalid_client")
    expectRefusal(await redeemCode(site, client, code), 401, "invalid_client")
    assert.equal((await pageOf(client.clientId)).status, 404)
    const apps = await desk.visitor.get("/connected-apps")
    assert.ok(!apps.text.includes("Sắp xóa"))
    const grants = await site.app.context.db
      .selectFrom("grants")
      .innerJoin("clients", "clients.id", "grants.client_row_id")
      .select("end_reason")
      .where("clients.client_id", "=", client.clientId)
      .execute()
    assert.deepEqual(grants, [{ end_reason: "app_deleted" }])
  })

  describe("the apps of a company", () => {
    let clientId: string
    let stranger: TestUser
    const paths = () => {
      const app = `/developer/apps/${clientId}`
      const gets = [app, `${app}/secrets`, `${app}/delete`, `${app}/secrets/1/expire`]
      const posts = ["", "/submit", "/withdraw", "/delete", "/secrets", "/secrets/1/expire"].map((end) => app + end)
      return { gets, posts }
    }
    before(async () => {
      clientId = await desk.registered()
      stranger = await addUser(site.app)
    })

    it("do not exist for another company, at any address", async () => {
      const other = await openDesk(site.url, stranger)
      const form = await other.visitor.get("/developer/apps/new")
      const field = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(form.text)?.[1]
      const fields = { ...rightForm, csrf_token: field("csrf_token"), form_key: field("form_key"), version: "1" }
      const before = await rowOf(clientId)
      for (const path of paths().gets) assert.equal((await other.visitor.get(path)).status, 404, path)
      for (const path of paths().posts) {
        assert.equal((await other.visitor.postForm(path, { ...fields, old_expires_in: "0" })).status, 404, path)
      }
      assert.ok(!(await other.visitor.get("/developer/apps")).text.includes(clientId))
      assert.deepEqual(await rowOf(clientId), before)
      for (const id of ["client_00000000000000000000", "client_%00", "nobody", "1"]) {
        assert.equal((await desk.visitor.get(`/developer/apps/${id}`)).status, 404, id)
      }
      for (const id of ["0", "-1", "1e3", "99999999999999999999", "abc"]) {
        const path = `/developer/apps/${clientId}/secrets/${id}/expire`
        assert.equal((await desk.visitor.get(path)).status, 404, id)
      }
    })

    it("take the permission application.manage, which a User may be given", async () => {
      const { companyId } = site.merchant
      const clerk = await signIn(site.url, await addPerson(site, { companyId, permissions: ["transaction.list"] }))
      for (const path of ["/developer/apps", "/developer/apps/new", ...paths().gets]) {
        assert.equal((await clerk.get(path)).status, 403, path)
      }
      for (const path of ["/developer/apps/new", ...paths().posts]) {
        assert.equal((await clerk.postForm(path, {})).status, 403, path)
      }
      const permitted = await signIn(
        site.url,
        await addPerson(site, { companyId, permissions: ["application.manage"] }),
      )
      assert.equal((await permitted.get(`/developer/apps/${clientId}`)).status, 200)
      assert.ok((await permitted.get("/developer/apps")).text.includes(clientId))
    })

    it("change by no form from elsewhere, and by none without a session", async () => {
      const before = await rowOf(clientId)
      for (const path of ["/developer/apps/new", ...paths().posts]) {
        assert.equal((await desk.visitor.postForm(path, { ...rightForm, csrf_token: "x" })).status, 403, path)
        const anonymous = await site.caller.postForm(path, rightForm)
        assert.match(String(anonymous.location), /\/login/, path)
      }
      assert.deepEqual(await rowOf(clientId), before)
    })

    it("are written down in the audit log, step by step, without a secret", async () => {
      const { companyId } = stranger
      const other = await openDesk(site.url, stranger)
      const made = await other.registered()
      const app = `/developer/apps/${made}`
      await other.edit(made, { name: "Đổi tên" })
      await other.press(app, `${app}/submit`)
      await other.press(app, `${app}/withdraw`)
      await other.press(`${app}/delete`, `${app}/delete`)
      assert.deepEqual(await auditOf(site, companyId), [
        "user client.create",
        "user client.update",
        "user client.submit",
        "user client.withdraw",
        "user client.delete",
      ])
      const { db } = site.app.context
      const details = (await db.selectFrom("audit_entries").select("details").execute()).map((row) => row.details)
      assert.doesNotMatch(details.join(), /sepay_/)
    })
  })
})
