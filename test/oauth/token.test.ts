import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { closeCompany } from "../../src/identity/company.ts"
import { closeUser } from "../../src/identity/user.ts"
import { approveClient, suspendClient } from "../../src/oauth/client.ts"
import { revokeGrant } from "../../src/oauth/grant.ts"
import { onEachEngine } from "../support/engines.ts"
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
  makePkce,
  noticeChanges,
  type OAuthSite,
  postToken,
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

  describe("the exchange of a code (contract/oauth.md §6)", () => {
    it("answers with all five members and a JWT of exactly the claims of §7", async () => {
      const scope = "transaction:read profile"
      const tokens = await connect(site, client, { scope })
      assert.equal(tokens.expires_in, 3600)
      assert.equal(tokens.scope, scope, "the scope comes in the order of the request")
      assert.match(tokens.refresh_token, /^sepay_rt_[0-9A-Za-z]{49}$/)
      const [header = ""] = tokens.access_token.split(".")
      const { kid, ...head } = JSON.parse(Buffer.from(header, "base64url").toString())
      assert.deepEqual(head, { alg: "RS256", typ: "JWT" })
      assert.match(kid, /^[A-Za-z0-9_-]{43}$/)
      const { jti, ...claims } = readClaims(tokens.access_token)
      const iat = site.clock.now() / 1000
      const { clientId: aud } = client
      assert.deepEqual(claims, { iss: site.url, sub: String(site.merchant.id), aud, exp: iat + 3600, iat, scope })
      assert.ok(typeof jti === "string" && jti.length <= 64)
      assert.equal(await callApi(site, tokens.access_token), 200)
    })

    it("counts whole seconds, however the clock stands within one", async () => {
      site.clock.advance({ milliseconds: 999 })
      const tokens = await connect(site, client)
      assert.equal(readClaims(tokens.access_token)["iat"], Math.floor(site.clock.now() / 1000))
      assert.equal(tokens.expires_in, 3600)
      site.clock.advance({ milliseconds: 1 })
    })

    it("takes the code for 300 s and not a moment longer", async () => {
      const [inTime, late] = [await grantCode(site, client), await grantCode(site, client)]
      site.clock.advance({ seconds: 299, milliseconds: 999 })
      expectTokens(await redeemCode(site, client, inTime))
      site.clock.advance({ milliseconds: 1 })
      const answer = await redeemCode(site, client, late)
      assert.equal(expectRefusal(answer, 400, "invalid_grant"), "Authorization code expired")
      assert.equal(answer.json<{ hint: string }>().hint, "Send the user to /oauth/authorize again")
    })

    it("refuses a code that nobody issued, with a right check or a wrong one, in the same words", async () => {
      const unknown = "sepay_ac_0000000000000000000000000000000000000000000"
      const texts = ["nonsense", `${unknown}000000`, "sepay_rt_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf0anU7N"]
      for (const code of texts) {
        const description = expectRefusal(await redeemCode(site, client, code), 400, "invalid_grant")
        assert.equal(description, "Unknown authorization code")
      }
    })

    it("ignores the parameters of the other grants and unknown ones, and takes an empty one as absent", async () => {
      const code = await grantCode(site, client)
      const extra = { refresh_token: "x", scope: "no such scope", device_code: "y", colour: ["red", "blue"] }
      expectTokens(await redeemCode(site, client, code, { ...extra, code_verifier: "" }))
    })
  })

  describe("a code that is presented wrongly stays usable (contract/oauth.md §5.2)", () => {
    const { verifier, challenge } = makePkce()
    const wrong: readonly (readonly [
      what: string,
      pkce: boolean,
      changes: Record<string, string | undefined>,
      error: string,
    ])[] = [
      ["another redirect URI", false, { redirect_uri: "https://shop.example/other" }, "invalid_grant"],
      ["the redirect URI normalised", false, { redirect_uri: "https://shop.example/callback/" }, "invalid_grant"],
      ["no redirect URI, which this profile needs", false, { redirect_uri: undefined }, "invalid_request"],
      ["a verifier though there was no challenge", false, { code_verifier: verifier }, "invalid_grant"],
      ["no verifier", true, { code_verifier: undefined }, "invalid_grant"],
      ["a wrong verifier", true, { code_verifier: makePkce().verifier }, "invalid_grant"],
      ["the challenge itself as verifier", true, { code_verifier: challenge }, "invalid_grant"],
      ["a verifier of 42 characters", true, { code_verifier: verifier.slice(1) }, "invalid_grant"],
      ["a verifier of 129 characters", true, { code_verifier: "a".repeat(129) }, "invalid_grant"],
      ["a wrong secret", true, { client_secret: "sepay_cs_wrong" }, "invalid_client"],
    ]
    for (const [what, pkce, changes, error] of wrong) {
      it(`with ${what}`, async () => {
        const code = await grantCode(site, client, pkce ? { challenge } : {})
        const right = pkce ? { code_verifier: verifier } : {}
        const status = error === "invalid_client" ? 401 : 400
        expectRefusal(await redeemCode(site, client, code, { ...right, ...changes }), status, error)
        const { access_token } = expectTokens(await redeemCode(site, client, code, right))
        assert.equal(await callApi(site, access_token), 200)
      })
    }

    it("by another client, which learns nothing of it", async () => {
      const code = await grantCode(site, client)
      const stranger = await addClient(site, { name: "Stranger" })
      const answer = await redeemCode(site, stranger, code)
      assert.equal(expectRefusal(answer, 400, "invalid_grant"), "Unknown authorization code")
      expectTokens(await redeemCode(site, client, code))
    })
  })

  describe("the redirect URI at the token endpoint (contract/oauth.md §4)", () => {
    it("must be the one that was sent, down to a loopback port", async () => {
      const native = await addClient(site, { redirectUris: ["http://127.0.0.1/cb"] })
      const redirectUri = "http://127.0.0.1:41234/cb"
      const code = await grantCode(site, native, { redirectUri })
      expectRefusal(await redeemCode(site, native, code), 400, "invalid_grant")
      expectRefusal(
        await redeemCode(site, native, code, { redirect_uri: "http://127.0.0.1:41235/cb" }),
        400,
        "invalid_grant",
      )
      expectTokens(await redeemCode(site, native, code, { redirect_uri: redirectUri }))
    })

    it("may be left out in the profile oauth21, but not differ", async () => {
      const modern = await addClient(site, { profile: "oauth21" })
      const { verifier, challenge } = makePkce()
      const code = await grantCode(site, modern, { challenge })
      const proof = { code_verifier: verifier }
      const other = { ...proof, redirect_uri: "https://shop.example/other" }
      expectRefusal(await redeemCode(site, modern, code, other), 400, "invalid_grant")
      expectTokens(await redeemCode(site, modern, code, { ...proof, redirect_uri: undefined }))
    })
  })

  describe("a code whose ground has gone", () => {
    it("is refused once the user has revoked the grant", async () => {
      const user = await addUser(site.app)
      const code = await grantCode(site, client, { user })
      const viewer = { userId: user.id, companyId: user.companyId, role: "SuperAdmin" as const, permissions: [] }
      const { db } = site.app.context
      const [grant] = await db.selectFrom("grants").select("id").where("user_id", "=", user.id).execute()
      await revokeGrant(db, viewer, grant?.id ?? 0, site.clock.now())
      expectRefusal(await redeemCode(site, client, code), 400, "invalid_grant")
    })

    it("is refused once the user or the company is closed", async () => {
      const { db } = site.app.context
      const [left, closed] = [await addUser(site.app), await addUser(site.app)]
      const codes = [await grantCode(site, client, { user: left }), await grantCode(site, client, { user: closed })]
      await closeUser(db, site.clock.now(), left.id)
      await closeCompany(db, site.clock.now(), closed.companyId)
      for (const code of codes) expectRefusal(await redeemCode(site, client, code), 400, "invalid_grant")
    })

    it("yields only what the grant and the app's registration still hold", async () => {
      const small = await addClient(site, { scope: "profile", optionalScope: "company" })
      const code = await grantCode(site, small, { scope: "company profile" })
      await changeDatabase(site, (tx) =>
        tx
          .updateTable("clients")
          .set({ scopes: JSON.stringify([{ scope: "profile", required: true }]) })
          .where("client_id", "=", small.clientId)
          .execute(),
      )
      assert.equal(expectTokens(await redeemCode(site, small, code)).scope, "profile")
    })
  })

  describe("grant types (contract/oauth.md §6.4)", () => {
    for (const type of [
      "client_credentials",
      "password",
      "implicit",
      "urn:ietf:params:oauth:grant-type:device_code",
      "Refresh_Token",
    ]) {
      it(`${type} is unsupported, decided before the client authenticates`, async () => {
        expectRefusal(await postToken(site, { grant_type: type }), 400, "unsupported_grant_type")
      })
    }

    it("are off while the app is suspended, and work again afterwards", async () => {
      const { db } = site.app.context
      const code = await grantCode(site, client)
      const { access_token, refresh_token } = await connect(site, client)
      await suspendClient(db, client.clientId, "a complaint", site.clock.now())
      expectRefusal(await redeemCode(site, client, code), 400, "unauthorized_client")
      expectRefusal(await refresh(site, client, refresh_token), 400, "unauthorized_client")
      await noticeChanges(site)
      assert.equal(await callApi(site, access_token), 401)
      await approveClient(db, client.clientId, site.clock.now())
      await noticeChanges(site)
      expectTokens(await redeemCode(site, client, code))
      expectTokens(await refresh(site, client, refresh_token))
      assert.equal(await callApi(site, access_token), 200)
    })

    it("of the code flow are refused to an app that has it switched off", async () => {
      const other = await addClient(site)
      const code = await grantCode(site, other)
      await changeDatabase(site, (tx) =>
        tx.updateTable("clients").set({ code_flow_on: 0 }).where("client_id", "=", other.clientId).execute(),
      )
      expectRefusal(await redeemCode(site, other, code), 400, "unauthorized_client")
    })
  })

  it("needs each of its parameters, and names the one that is missing", async () => {
    const needed = { grant_type: "authorization_code", code: "sepay_ac_x", redirect_uri: client.redirectUri }
    for (const name of ["grant_type", "code", "redirect_uri"]) {
      for (const value of [undefined, ""]) {
        const answer = await postToken(site, { ...needed, ...credentials(client), [name]: value })
        expectRefusal(answer, 400, "invalid_request", name)
      }
    }
    expectRefusal(
      await postToken(site, { grant_type: "refresh_token" }, basic(client)),
      400,
      "invalid_request",
      "refresh_token",
    )
  })
})
