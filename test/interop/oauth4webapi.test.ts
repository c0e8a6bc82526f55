import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import * as oauth from "oauth4webapi"
import { systemClock } from "../../src/clock.ts"
import { makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import type { Visitor } from "../support/http.ts"
import { authorize, authorizeUrl, decide, openConsent, signIn } from "../support/oauth-pages.ts"
import { addClient, callApi, type OAuthSite, startOAuthSite, type TestClient } from "../support/oauth-site.ts"

const insecure = { [oauth.allowInsecureRequests]: true } // Our tests speak http on loopback.

onEachEngine((engine) => {
  let site: OAuthSite
  let visitor: Visitor
  let server: oauth.AuthorizationServer
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl(), { clock: makeFakeClock(systemClock.now()) })
    visitor = await signIn(site.url, site.merchant)
    const issuer = new URL(site.url)
    const response = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...insecure })
    server = await oauth.processDiscoveryResponse(issuer, response)
  })
  after(() => site.stop())

  interface Begun {
    readonly client: oauth.Client
    readonly verifier: string | typeof oauth.nopkce
    readonly state: string
    readonly url: string
  }

  async function begin({ clientId, redirectUri }: TestClient, pkce: boolean): Promise<Begun> {
    const verifier = oauth.generateRandomCodeVerifier()
    const state = oauth.generateRandomState()
    const url = authorizeUrl(site.url, {
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: "profile",
      state,
      code_challenge: pkce ? await oauth.calculatePKCECodeChallenge(verifier) : undefined,
      code_challenge_method: pkce ? "S256" : undefined,
    })
    return { client: { client_id: clientId }, verifier: pkce ? verifier : oauth.nopkce, state, url }
  }

  async function exchange(begun: Begun, authentication: oauth.ClientAuth, redirectUri: string, location: URL) {
    const { client, verifier, state } = begun
    const parameters = oauth.validateAuthResponse(server, client, location, state)
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      parameters,
      redirectUri,
      verifier,
      insecure,
    )
    return oauth.processAuthorizationCodeResponse(server, client, response)
  }

  async function renew(client: oauth.Client, authentication: oauth.ClientAuth, token: string) {
    const response = await oauth.refreshTokenGrantRequest(server, client, authentication, token, insecure)
    return oauth.processRefreshTokenResponse(server, client, response)
  }

  async function roundTrip(app: TestClient, authentication: oauth.ClientAuth, pkce: boolean): Promise<void> {
    const begun = await begin(app, pkce)
    const tokens = await exchange(begun, authentication, app.redirectUri, await authorize(visitor, begun.url))
    const { client } = begun
    const resource = new URL("/api/v1/me", site.url)
    const me = await oauth.protectedResourceRequest(tokens.access_token, "GET", resource, undefined, null, insecure)
    assert.equal(me.status, 200)
    const fresh = await renew(client, authentication, tokens.refresh_token ?? "")
    assert.equal(fresh.expires_in, 3600)
    const again = await renew(client, authentication, tokens.refresh_token ?? "")
    assert.equal(again.refresh_token, fresh.refresh_token, "a lost answer comes again")
    const token = fresh.refresh_token ?? ""
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(server, client, authentication, token, insecure),
    )
    assert.equal(await callApi(site, fresh.access_token), 401)
    await assert.rejects(renew(client, authentication, token), { error: "invalid_grant", status: 400 })
  }

  describe("oauth4webapi goes through the life of a grant", () => {
    it("with PKCE and client_secret_basic", async () => {
      const app = await addClient(site)
      await roundTrip(app, oauth.ClientSecretBasic(app.clientSecret), true)
    })
    it("without PKCE, with client_secret_post", async () => {
      const app = await addClient(site)
      await roundTrip(app, oauth.ClientSecretPost(app.clientSecret), false)
    })
    it("as a public client", async () => {
      await roundTrip(await addClient(site, { profile: "oauth21", isPublic: true }), oauth.None(), true)
    })
  })

  describe("oauth4webapi understands our errors:", () => {
    it("a refusal by the user", async () => {
      const { client, state, url } = await begin(await addClient(site), true)
      const { location } = await decide(visitor, await openConsent(visitor, url), "deny")
      assert.throws(() => oauth.validateAuthResponse(server, client, location ?? new URL("about:blank"), state), {
        error: "access_denied",
      })
    })

    it("a wrong secret by Basic, with its challenge", async () => {
      const app = await addClient(site)
      const authentication = oauth.ClientSecretBasic("sepay_cs_wrong")
      const challenge = renew({ client_id: app.clientId }, authentication, "x")
      await assert.rejects(challenge, (error) => {
        assert.ok(error instanceof oauth.WWWAuthenticateChallengeError)
        assert.deepEqual(
          error.cause.map(({ scheme, parameters }) => [scheme, parameters.realm]),
          [["basic", "SePay"]],
        )
        return true
      })
    })

    it("a wrong verifier, after which the right one still works", async () => {
      const app = await addClient(site)
      const authentication = oauth.ClientSecretPost(app.clientSecret)
      const begun = await begin(app, true)
      const location = await authorize(visitor, begun.url)
      const wrong = { ...begun, verifier: oauth.generateRandomCodeVerifier() }
      await assert.rejects(exchange(wrong, authentication, app.redirectUri, location), { error: "invalid_grant" })
      assert.ok((await exchange(begun, authentication, app.redirectUri, location)).refresh_token)
    })

    it("a revoked token at the API, with the challenge of RFC 6750", async () => {
      const resource = new URL("/api/v1/me", site.url)
      const call = oauth.protectedResourceRequest("not.a.token", "GET", resource, undefined, null, insecure)
      await assert.rejects(call, (error) => {
        assert.ok(error instanceof oauth.WWWAuthenticateChallengeError)
        assert.equal(error.cause[0]?.parameters.error, "invalid_token")
        return true
      })
    })
  })
})
