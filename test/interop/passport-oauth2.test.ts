import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { Strategy, type Tokens } from "passport-oauth2"
import { systemClock } from "../../src/clock.ts"
import { makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import type { Visitor } from "../support/http.ts"
import { authorize, decide, openConsent, signIn } from "../support/oauth-pages.ts"
import { addClient, callApi, type OAuthSite, startOAuthSite, type TestClient } from "../support/oauth-site.ts"

type Outcome =
  | { readonly kind: "redirect"; readonly url: string }
  | { readonly kind: "success"; readonly user: Tokens }
  | { readonly kind: "fail"; readonly message: string | undefined }
  | { readonly kind: "error"; readonly code: string | undefined }

onEachEngine((engine) => {
  let site: OAuthSite
  let visitor: Visitor
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl(), { clock: makeFakeClock(systemClock.now()) })
    visitor = await signIn(site.url, site.merchant)
  })
  after(() => site.stop())

  const makeStrategy = (client: TestClient, pkce: boolean): Strategy =>
    new Strategy(
      {
        authorizationURL: `${site.url}/oauth/authorize`,
        tokenURL: `${site.url}/oauth/token`,
        clientID: client.clientId,
        clientSecret: client.clientSecret,
        callbackURL: client.redirectUri,
        scope: ["profile", "company"],
        state: true,
        pkce,
      },
      (accessToken, refreshToken, parameters, _profile, done) => done(null, { accessToken, refreshToken, parameters }),
    )

  /** Calls the strategy as passport does, with what passport keeps between the two requests of a browser. */
  function run(strategy: Strategy, session: object, query: Record<string, string> = {}): Promise<Outcome> {
    return new Promise((resolve) => {
      strategy.redirect = (url) => resolve({ kind: "redirect", url })
      strategy.success = (user) => resolve({ kind: "success", user })
      strategy.fail = ({ message }) => resolve({ kind: "fail", message })
      strategy.error = ({ code }) => resolve({ kind: "error", code })
      strategy.authenticate({ query, session })
    })
  }

  async function begin(strategy: Strategy, session: object): Promise<string> {
    const outcome = await run(strategy, session)
    assert.equal(outcome.kind, "redirect")
    return outcome.url
  }
  const queryOf = (location: URL | undefined): Record<string, string> =>
    Object.fromEntries(location?.searchParams ?? [])

  function renew(strategy: Strategy, token: string): Promise<{ error?: string; access: string; refresh: string }> {
    return new Promise((resolve) => {
      strategy._oauth2.getOAuthAccessToken(token, { grant_type: "refresh_token" }, (error, access, refresh) =>
        resolve({ access, refresh, ...(error !== null && { error: JSON.parse(error.data ?? "{}").error }) }),
      )
    })
  }

  describe("passport-oauth2 goes through the life of a grant", () => {
    for (const pkce of [true, false]) {
      it(pkce ? "with PKCE" : "without PKCE", async () => {
        const strategy = makeStrategy(await addClient(site), pkce)
        const session = {}
        const url = await begin(strategy, session)
        assert.equal(new URL(url).searchParams.has("code_challenge"), pkce)
        const outcome = await run(strategy, session, queryOf(await authorize(visitor, url)))
        assert.equal(outcome.kind, "success")
        const { accessToken, refreshToken, parameters } = outcome.user
        assert.deepEqual([parameters["token_type"], parameters["expires_in"]], ["Bearer", 3600])
        assert.equal(await callApi(site, accessToken), 200)
        const fresh = await renew(strategy, refreshToken)
        assert.equal(fresh.error, undefined)
        assert.equal(await callApi(site, fresh.access), 200)
        await renew(strategy, fresh.refresh)
        assert.equal((await renew(strategy, refreshToken)).error, "invalid_grant", "reuse")
        assert.equal(await callApi(site, fresh.access), 401)
      })
    }
  })

  describe("passport-oauth2 understands our errors:", () => {
    it("a refusal by the user fails the sign-in with our words", async () => {
      const strategy = makeStrategy(await addClient(site), true)
      const session = {}
      const { location } = await decide(visitor, await openConsent(visitor, await begin(strategy, session)), "deny")
      assert.deepEqual(await run(strategy, session, queryOf(location)), { kind: "fail", message: "The user refused" })
    })

    it("a code used twice", async () => {
      const strategy = makeStrategy(await addClient(site), false)
      const session = {}
      const query = queryOf(await authorize(visitor, await begin(strategy, session)))
      const again = structuredClone(session)
      assert.equal((await run(strategy, session, query)).kind, "success")
      assert.deepEqual(await run(strategy, again, query), { kind: "error", code: "invalid_grant" })
    })

    it("a wrong secret", async () => {
      const client = await addClient(site)
      const session = {}
      const url = await begin(makeStrategy(client, false), session)
      const query = queryOf(await authorize(visitor, url))
      const wrong = makeStrategy({ ...client, clientSecret: "wrong" }, false)
      // Its session key is named after the host, so that the other strategy finds the state.
      assert.deepEqual(await run(wrong, session, query), { kind: "error", code: "invalid_client" })
    })
  })
})
