import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { recordAccessChange } from "../../src/database/access-changes.ts"
import { closeCompany } from "../../src/identity/company.ts"
import { closeUser, setPassword } from "../../src/identity/user.ts"
import { revokeGrant } from "../../src/oauth/grant.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answer, encodeForm, type FormFields } from "../support/http.ts"
import {
  addClient,
  addUser,
  basic,
  callApi,
  changeDatabase,
  connect,
  credentials,
  expectRefusal,
  expectTokens,
  grantCode,
  noticeChanges,
  type OAuthSite,
  redeemCode,
  refresh,
  startOAuthSite,
  type TestClient,
  type TestUser,
} from "../support/oauth-site.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  let client: TestClient
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    client = await addClient(site)
  })
  after(() => site.stop())

  const revoke = (fields: FormFields, by = client): Promise<Answer> =>
    site.caller.postForm("/oauth/revoke", { ...credentials(by), ...fields })
  async function expectRevoked(answer: Answer): Promise<void> {
    assert.equal(answer.text, "{}")
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get("content-type"), "application/json; charset=utf-8")
    assert.equal(answer.headers.get("cache-control"), "no-store")
  }

  describe("POST /oauth/revoke (RFC 7009, contract/oauth.md §9)", () => {
    it("with the refresh token ends the whole family at once", async () => {
      const tokens = await connect(site, client)
      const next = expectTokens(await refresh(site, client, tokens.refresh_token))
      await expectRevoked(await revoke({ token: next.refresh_token }))
      assert.equal(await callApi(site, tokens.access_token), 401)
      assert.equal(await callApi(site, next.access_token), 401)
      expectRefusal(await refresh(site, client, next.refresh_token), 400, "invalid_grant")
      // Not even the answer that was given already comes back.
      expectRefusal(await refresh(site, client, tokens.refresh_token), 400, "invalid_grant")
    })

    it("with a used refresh token ends the family as well", async () => {
      const tokens = await connect(site, client)
      const next = expectTokens(await refresh(site, client, tokens.refresh_token))
      await expectRevoked(await revoke({ token: tokens.refresh_token }))
      assert.equal(await callApi(site, next.access_token), 401)
    })

    it("with an access token ends that one alone", async () => {
      const tokens = await connect(site, client)
      await expectRevoked(await revoke({ token: tokens.access_token }))
      assert.equal(await callApi(site, tokens.access_token), 401)
      const next = expectTokens(await refresh(site, client, tokens.refresh_token))
      assert.equal(await callApi(site, next.access_token), 200)
      assert.equal(await callApi(site, tokens.access_token), 401)
    })

    it("never trusts the hint", async () => {
      for (const hint of ["access_token", "refresh_token", "something_else"]) {
        const tokens = await connect(site, client)
        await expectRevoked(await revoke({ token: tokens.access_token, token_type_hint: hint }))
        assert.equal(await callApi(site, tokens.access_token), 401)
        await expectRevoked(await revoke({ token: tokens.refresh_token, token_type_hint: hint }))
        expectRefusal(await refresh(site, client, tokens.refresh_token), 400, "invalid_grant")
      }
    })

    it("answers the same for what is unknown, expired or dead already", async () => {
      const tokens = await connect(site, client)
      const stale = await connect(site, client)
      await revoke({ token: tokens.refresh_token })
      site.clock.advance({ hours: 2 })
      const unknown = "sepay_rt_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf0anU7N"
      const texts = ["x", unknown, `${stale.access_token}x`, "a.b.c", stale.access_token, tokens.refresh_token]
      for (const token of texts) await expectRevoked(await revoke({ token }))
      expectTokens(await refresh(site, client, stale.refresh_token))
    })

    it("leaves another client's token as it was", async () => {
      const stranger = await addClient(site, { name: "Stranger" })
      const tokens = await connect(site, client)
      for (const token of [tokens.access_token, tokens.refresh_token]) {
        expectRefusal(await revoke({ token }, stranger), 400, "unauthorized_client")
      }
      assert.equal(await callApi(site, tokens.access_token), 200)
      expectTokens(await refresh(site, client, tokens.refresh_token))
    })

    it("needs the client's authentication, by form or by Basic, and a token", async () => {
      const { access_token, refresh_token } = await connect(site, client)
      expectRefusal(await revoke({ token: refresh_token, client_secret: "wrong" }), 401, "invalid_client")
      expectRefusal(await revoke({ token: refresh_token, client_secret: undefined }), 401, "invalid_client")
      expectRefusal(await revoke({}), 400, "invalid_request", "token")
      expectRefusal(await revoke({ token: [refresh_token, refresh_token] }), 400, "invalid_request", "token")
      assert.equal(await callApi(site, access_token), 200)
      await expectRevoked(await site.caller.postForm("/oauth/revoke", { token: refresh_token }, basic(client)))
      assert.equal(await callApi(site, access_token), 401)
    })

    it("keeps the consent: the grant is as it was", async () => {
      const user = await addUser(site.app)
      const tokens = await connect(site, client, { user })
      await revoke({ token: tokens.refresh_token })
      const grants = await site.app.context.db
        .selectFrom("grants")
        .select(["ended_at"])
        .where("user_id", "=", user.id)
        .execute()
      assert.deepEqual(
        grants.map((grant) => grant.ended_at),
        [null],
      )
    })
  })

  describe("what ends access (contract/oauth.md §9)", () => {
    const events: readonly (readonly [what: string, end: (user: TestUser) => Promise<unknown>])[] = [
      ["the grant is revoked", (user) => endGrant(user)],
      ["the user is closed", (user) => closeUser(site.app.context.db, site.clock.now(), user.id)],
      ["the company is closed", (user) => closeCompany(site.app.context.db, site.clock.now(), user.companyId)],
    ]
    for (const [what, end] of events) {
      it(`${what}: every family and every open code of it`, async () => {
        const user = await addUser(site.app)
        const [one, other] = [await connect(site, client, { user }), await connect(site, client, { user })]
        const bystander = await connect(site, client)
        const code = await grantCode(site, client, { user })
        await end(user)
        await noticeChanges(site)
        for (const tokens of [one, other]) {
          assert.equal(await callApi(site, tokens.access_token), 401)
          expectRefusal(await refresh(site, client, tokens.refresh_token), 400, "invalid_grant")
        }
        expectRefusal(await redeemCode(site, client, code), 400, "invalid_grant")
        assert.equal(await callApi(site, bystander.access_token), 200)
      })
    }

    it("the app is deleted: its secret, codes, tokens and links are those of an unknown client", async () => {
      const gone = await addClient(site)
      const tokens = await connect(site, gone)
      const code = await grantCode(site, gone)
      await changeDatabase(site, async (tx) => {
        const deleted = { deleted_at: site.clock.now() }
        await tx.updateTable("clients").set(deleted).where("client_id", "=", gone.clientId).execute()
        const row = await tx
          .selectFrom("clients")
          .select("id")
          .where("client_id", "=", gone.clientId)
          .executeTakeFirstOrThrow()
        await recordAccessChange(tx, "client", row.id, site.clock.now())
      })
      await noticeChanges(site)
      assert.equal(await callApi(site, tokens.access_token), 401)
      expectRefusal(await refresh(site, gone, tokens.refresh_token), 401, "invalid_client")
      expectRefusal(await redeemCode(site, gone, code), 401, "invalid_client")
      const query = encodeForm({ response_type: "code", client_id: gone.clientId, redirect_uri: gone.redirectUri })
      assert.equal((await site.caller.get(`/oauth/authorize?${query}`)).status, 400)
    })

    it("a new consent after a revocation starts afresh; the old tokens stay dead", async () => {
      const user = await addUser(site.app)
      const old = await connect(site, client, { user, scope: "profile company" })
      await endGrant(user)
      await noticeChanges(site)
      const fresh = await connect(site, client, { user, scope: "profile" })
      assert.equal(await callApi(site, old.access_token), 401)
      expectRefusal(await refresh(site, client, old.refresh_token), 400, "invalid_grant")
      assert.equal(expectTokens(await refresh(site, client, fresh.refresh_token)).scope, "profile")
    })

    it("a changed password does not", async () => {
      const user = await addUser(site.app)
      const tokens = await connect(site, client, { user })
      await setPassword(site.app.context.db, site.clock.now(), user.id, "mot mat khau khac that dai")
      await noticeChanges(site)
      assert.equal(await callApi(site, tokens.access_token), 200)
      expectTokens(await refresh(site, client, tokens.refresh_token))
    })
  })

  async function endGrant(user: TestUser): Promise<void> {
    const { db } = site.app.context
    const grants = await db.selectFrom("grants").select("id").where("user_id", "=", user.id).execute()
    const viewer = { userId: user.id, companyId: user.companyId, role: "SuperAdmin" as const, permissions: [] }
    for (const { id } of grants) await revokeGrant(db, viewer, id, site.clock.now())
  }
})
