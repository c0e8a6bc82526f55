import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { onEachEngine } from "../support/engines.ts"
import {
  addClient,
  addUser,
  callApi,
  changeDatabase,
  connect,
  expectRefusal,
  expectTokens,
  grantCode,
  type OAuthSite,
  readClaims,
  redeemCode,
  refresh,
  startOAuthSite,
  type TestClient,
} from "../support/oauth-site.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  let client: TestClient
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    client = await addClient(site)
  })
  after(() => site.stop())

  const setGrantScopes = (userId: number, scopes: readonly string[]) =>
    changeDatabase(site, (tx) =>
      tx
        .updateTable("grants")
        .set({ scopes: JSON.stringify(scopes) })
        .where("user_id", "=", userId)
        .execute(),
    )

  describe("the scope of a refreshed access token (contract/oauth.md §8)", () => {
    it("is the requested subset, in its order; the family keeps its own", async () => {
      const { refresh_token } = await connect(site, client, { scope: "company transaction:read profile" })
      const narrowed = expectTokens(await refresh(site, client, refresh_token, { scope: "profile,  company,profile" }))
      assert.equal(narrowed.scope, "profile company")
      assert.equal(readClaims(narrowed.access_token)["scope"], "profile company")
      const whole = expectTokens(await refresh(site, client, narrowed.refresh_token))
      assert.equal(whole.scope, "company transaction:read profile")
    })

    it("narrows this access token only: without profile it does not open /api/v1/me", async () => {
      const { refresh_token } = await connect(site, client)
      const narrowed = expectTokens(await refresh(site, client, refresh_token, { scope: "company" }))
      assert.equal(await callApi(site, narrowed.access_token), 403)
      const whole = expectTokens(await refresh(site, client, narrowed.refresh_token))
      assert.equal(await callApi(site, whole.access_token), 200)
    })

    it("shrinks with the grant, and grows back with it up to the family's", async () => {
      const user = await addUser(site.app)
      const tokens = await connect(site, client, { user })
      await setGrantScopes(user.id, ["company"])
      const less = expectTokens(await refresh(site, client, tokens.refresh_token))
      assert.equal(less.scope, "company")
      await setGrantScopes(user.id, ["bank-account:read", "profile", "company"])
      const back = expectTokens(await refresh(site, client, less.refresh_token))
      assert.equal(back.scope, "profile company")
    })

    it("of which nothing is left is invalid_grant, and the token stays current", async () => {
      const user = await addUser(site.app)
      const { refresh_token } = await connect(site, client, { user })
      await setGrantScopes(user.id, ["bank-account:read"])
      expectRefusal(await refresh(site, client, refresh_token), 400, "invalid_grant")
      await setGrantScopes(user.id, ["profile"])
      expectRefusal(await refresh(site, client, refresh_token, { scope: "company" }), 400, "invalid_grant")
      assert.equal(expectTokens(await refresh(site, client, refresh_token)).scope, "profile")
    })

    it("is repeated byte for byte, though the grant was narrowed in between", async () => {
      const user = await addUser(site.app)
      const { refresh_token } = await connect(site, client, { user })
      const answer = await refresh(site, client, refresh_token)
      await setGrantScopes(user.id, ["company"])
      assert.equal((await refresh(site, client, refresh_token)).text, answer.text)
    })

    it("follows a second consent: the grant widens, the old family does not", async () => {
      const user = await addUser(site.app)
      const old = await connect(site, client, { user, scope: "profile" })
      const wide = expectTokens(
        await redeemCode(site, client, await grantCode(site, client, { user, scope: "company bank-account:read" })),
      )
      assert.equal(wide.scope, "company bank-account:read")
      assert.equal(expectTokens(await refresh(site, client, old.refresh_token)).scope, "profile")
      const grants = await site.app.context.db
        .selectFrom("grants")
        .select("id")
        .where("user_id", "=", user.id)
        .execute()
      assert.equal(grants.length, 1, "one grant per app, user and mode")
    })

    it("shrinks with the app's registration", async () => {
      const small = await addClient(site, { scope: "profile company" })
      const { refresh_token, access_token } = await connect(site, small)
      const scopes = JSON.stringify([{ scope: "company", required: true }])
      await changeDatabase(site, (tx) =>
        tx.updateTable("clients").set({ scopes }).where("client_id", "=", small.clientId).execute(),
      )
      assert.equal(expectTokens(await refresh(site, small, refresh_token)).scope, "company")
      assert.ok(access_token)
    })
  })
})
