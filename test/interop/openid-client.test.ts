import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import * as openid from "openid-client"
import { systemClock } from "../../src/clock.ts"
import { makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import type { Visitor } from "../support/http.ts"
import { authorize, decide, follow, openConsent, signIn } from "../support/oauth-pages.ts"
import { addClient, callApi, type OAuthSite, startOAuthSite, type TestClient } from "../support/oauth-site.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  let visitor: Visitor
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl(), { clock: makeFakeClock(systemClock.now()) })
    visitor = await signIn(site.url, site.merchant)
  })
  after(() => site.stop())

  const discover = (client: TestClient, authentication?: openid.ClientAuth): Promise<openid.Configuration> =>
    openid.discovery(new URL(site.url), client.clientId, client.clientSecret, authentication, {
      algorithm: "oauth2",
      execute: [openid.allowInsecureRequests],
    })

  async function begin(config: openid.Configuration, client: TestClient, pkce: boolean) {
    const verifier = openid.randomPKCECodeVerifier()
    const state = openid.randomState()
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: client.redirectUri,
      scope: "profile company",
      state,
      ...(pkce && {
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      }),
    })
    return { url: url.href, checks: { expectedState: state, ...(pkce && { pkceCodeVerifier: verifier }) } }
  }

  async function roundTrip(
    client: TestClient,
    authentication: openid.ClientAuth | undefined,
    pkce: boolean,
  ): Promise<void> {
    const config = await discover(client, authentication)
    const { url, checks } = await begin(config, client, pkce)
    const tokens = await openid.authorizationCodeGrant(config, await authorize(visitor, url), checks)
    assert.equal(tokens.scope, "profile company")
    assert.equal(tokens.expires_in, 3600)
    const resource = new URL("/api/v1/me", site.url)
    assert.equal((await openid.fetchProtectedResource(config, tokens.access_token, resource, "GET")).status, 200)

    const fresh = await openid.refreshTokenGrant(config, tokens.refresh_token ?? "", { scope: "profile" })
    assert.equal(fresh.scope, "profile")
    assert.notEqual(fresh.refresh_token, tokens.refresh_token)
    await openid.tokenRevocation(config, fresh.access_token)
    assert.equal(await callApi(site, fresh.access_token), 401)
    await openid.tokenRevocation(config, fresh.refresh_token ?? "", { token_type_hint: "refresh_token" })
    assert.equal(await callApi(site, tokens.access_token), 401)
    await assert.rejects(openid.refreshTokenGrant(config, fresh.refresh_token ?? ""), { error: "invalid_grant" })
  }

  describe("openid-client goes through the life of a grant", () => {
    it("with PKCE and client_secret_post", async () => {
      const client = await addClient(site)
      await roundTrip(client, openid.ClientSecretPost(client.clientSecret), true)
    })
    it("with PKCE and client_secret_basic", async () => {
      const client = await addClient(site)
      await roundTrip(client, openid.ClientSecretBasic(client.clientSecret), true)
    })
    it("without PKCE, with the authentication it chooses by itself", async () => {
      await roundTrip(await addClient(site), undefined, false)
    })
    it("as a public client", async () => {
      const client = await addClient(site, { profile: "oauth21", isPublic: true })
      await roundTrip(client, openid.None(), true)
    })
  })

  describe("openid-client understands our errors:", () => {
    it("a refusal by the user", async () => {
      const client = await addClient(site)
      const config = await discover(client)
      const { url, checks } = await begin(config, client, true)
      const { location } = await decide(visitor, await openConsent(visitor, url), "deny")
      const refused = openid.authorizationCodeGrant(config, location ?? new URL("about:blank"), checks)
      await assert.rejects(refused, { error: "access_denied", error_description: "The user refused" })
    })

    it("an unknown scope", async () => {
      const client = await addClient(site)
      const config = await discover(client)
      const { url, checks } = await begin(config, client, true)
      const { location } = await follow(visitor, url.replace("scope=profile", "scope=openid"))
      const refused = openid.authorizationCodeGrant(config, location ?? new URL("about:blank"), checks)
      await assert.rejects(refused, { error: "invalid_scope" })
    })

    it("a code used twice, and a wrong secret", async () => {
      const client = await addClient(site)
      const config = await discover(client)
      const { url, checks } = await begin(config, client, true)
      const location = await authorize(visitor, url)
      const stranger = await discover({ ...client, clientSecret: "sepay_cs_wrong" })
      await assert.rejects(openid.authorizationCodeGrant(stranger, location, checks), {
        status: 401,
        error: "invalid_client",
      })
      const tokens = await openid.authorizationCodeGrant(config, location, checks)
      await assert.rejects(openid.authorizationCodeGrant(config, location, checks), { error: "invalid_grant" })
      await assert.rejects(openid.refreshTokenGrant(config, tokens.refresh_token ?? ""), { error: "invalid_grant" })
    })
  })
})
