import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { AuthorizationCode } from "simple-oauth2"
import { systemClock } from "../../src/clock.ts"
import { makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import type { Visitor } from "../support/http.ts"
import { authorize, parameterOf, signIn } from "../support/oauth-pages.ts"
import { addClient, callApi, makePkce, type OAuthSite, startOAuthSite, type TestClient } from "../support/oauth-site.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  let visitor: Visitor
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl(), { clock: makeFakeClock(systemClock.now()) })
    visitor = await signIn(site.url, site.merchant)
  })
  after(() => site.stop())

  const configure = (client: TestClient, authorizationMethod: "header" | "body"): AuthorizationCode =>
    new AuthorizationCode({
      client: { id: client.clientId, secret: client.clientSecret },
      auth: {
        tokenHost: site.url,
        tokenPath: "/oauth/token",
        authorizePath: "/oauth/authorize",
        revokePath: "/oauth/revoke",
      },
      options: { authorizationMethod },
    })

  async function askForCode(oauth: AuthorizationCode, client: TestClient, more: Record<string, string> = {}) {
    const url = oauth.authorizeURL({
      redirect_uri: client.redirectUri,
      scope: "profile company",
      state: "a b&c=ü",
      ...more,
    })
    const location = await authorize(visitor, url)
    assert.equal(location.searchParams.get("state"), "a b&c=ü")
    return { code: parameterOf(location, "code"), redirect_uri: client.redirectUri }
  }
  const textOf = (token: Readonly<Record<string, unknown>>, name: string): string => String(token[name])

  describe("simple-oauth2 goes through the life of a grant", () => {
    for (const [method, pkce] of [
      ["header", false],
      ["body", true],
    ] as const) {
      it(`with the credentials in the ${method}, ${pkce ? "with" : "without"} PKCE`, async () => {
        const client = await addClient(site)
        const oauth = configure(client, method)
        const { verifier, challenge } = makePkce()
        const asked = await askForCode(
          oauth,
          client,
          pkce ? { code_challenge: challenge, code_challenge_method: "S256" } : {},
        )
        const tokens = await oauth.getToken({ ...asked, ...(pkce && { code_verifier: verifier }) })
        assert.equal(tokens.token["scope"], "profile company")
        assert.equal(tokens.expired(3500), false)
        assert.equal(await callApi(site, textOf(tokens.token, "access_token")), 200)
        const fresh = await tokens.refresh({ scope: "profile" })
        assert.equal(fresh.token["scope"], "profile")
        await fresh.revokeAll()
        assert.equal(await callApi(site, textOf(fresh.token, "access_token")), 401)
        assert.equal(await callApi(site, textOf(tokens.token, "access_token")), 401)
        await assert.rejects(fresh.refresh(), isRefusal(400, "invalid_grant"))
      })
    }
  })

  describe("simple-oauth2 understands our errors:", () => {
    it("a wrong secret", async () => {
      const client = await addClient(site)
      const wrong = configure({ ...client, clientSecret: "wrong" }, "header")
      const asked = await askForCode(configure(client, "header"), client)
      await assert.rejects(wrong.getToken(asked), isRefusal(401, "invalid_client"))
      assert.ok(await configure(client, "body").getToken(asked))
    })

    it("another redirect URI, and a code used twice", async () => {
      const client = await addClient(site)
      const oauth = configure(client, "header")
      const asked = await askForCode(oauth, client)
      const other = { ...asked, redirect_uri: "https://shop.example/other" }
      await assert.rejects(oauth.getToken(other), isRefusal(400, "invalid_grant"))
      const tokens = await oauth.getToken(asked)
      await assert.rejects(oauth.getToken(asked), isRefusal(400, "invalid_grant"))
      await assert.rejects(tokens.refresh(), isRefusal(400, "invalid_grant"))
    })
  })

  /** Its errors carry the answer's body as `data.payload`. */
  function isRefusal(status: number, code: string): (error: unknown) => boolean {
    return (error) => {
      const { output, data } = error as { output: { statusCode: number }; data: { payload: { error: string } } }
      assert.deepEqual([output.statusCode, data.payload.error], [status, code])
      return true
    }
  }
})
