import assert from "node:assert/strict"
import { once } from "node:events"
import { get as httpGet, type IncomingMessage } from "node:http"
import { after, before, describe, it } from "node:test"
import { approveClient, suspendClient } from "../../src/oauth/client.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answer, encodeForm, type FormFields, makeVisitor, type Visitor } from "../support/http.ts"
import { authorize, authorizeUrl, decide, follow, openConsent, parameterOf, signIn } from "../support/oauth-pages.ts"
import {
  addClient,
  addUser,
  changeDatabase,
  expectTokens,
  makePkce,
  type OAuthSite,
  redeemCode,
  startOAuthSite,
  type TestClient,
} from "../support/oauth-site.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  let client: TestClient
  let visitor: Visitor
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    client = await addClient(site, { scope: "profile company", redirectUris: ["https://shop.example/?page=sepay"] })
    visitor = await signIn(site.url, site.merchant)
  })
  after(() => site.stop())

  const right = () => ({ response_type: "code", client_id: client.clientId, redirect_uri: client.redirectUri })
  const urlWith = (changes: FormFields = {}) => authorizeUrl(site.url, { ...right(), ...changes })
  const ask = (changes: FormFields = {}, by = visitor): Promise<Answer> => follow(by, urlWith(changes))

  function expectErrorPage(answer: Answer, status: number): void {
    assert.equal(answer.status, status, `${answer.location ?? answer.text}`)
    assert.equal(answer.location, undefined)
    assert.match(answer.headers.get("content-type") ?? "", /^text\/html/)
    assert.equal(answer.headers.get("cache-control"), "no-store")
    const policy = answer.headers.get("content-security-policy") ?? ""
    assert.ok(policy.includes("frame-ancestors 'none'") && !policy.includes("form-action"))
    assert.equal(answer.headers.get("x-frame-options"), "DENY")
    assert.equal(answer.headers.get("referrer-policy"), "no-referrer")
  }

  function expectRedirectError(answer: Answer, error: string): URL {
    const { location } = answer
    assert.ok(location !== undefined, answer.text)
    assert.ok(location.href.startsWith("https://shop.example/?page=sepay&"), location.href)
    assert.equal(location.searchParams.get("error"), error)
    assert.ok(parameterOf(location, "error_description") !== "")
    assert.equal(location.searchParams.get("iss"), site.url)
    assert.equal(location.searchParams.get("code"), null)
    return location
  }

  describe("what never redirects (contract/oauth.md §5, steps 1 to 3)", () => {
    const cases: readonly (readonly [what: string, changes: FormFields | (() => FormFields)])[] = [
      ["no client_id", { client_id: undefined }],
      ["an empty client_id", { client_id: "" }],
      ["an unknown client", { client_id: "client_00000000000000000000" }],
      ["client_id twice", () => ({ client_id: [client.clientId, client.clientId] })],
      ["no redirect_uri", { redirect_uri: undefined }],
      [
        "redirect_uri twice",
        { redirect_uri: ["https://shop.example/?page=sepay", "https://shop.example/?page=sepay"] },
      ],
      ["an unregistered redirect_uri", { redirect_uri: "https://shop.example/" }],
      ["a redirect_uri with more behind it", { redirect_uri: "https://shop.example/?page=sepay&x" }],
      ["another host", { redirect_uri: "https://evil.example/?page=sepay" }],
      ["an unknown request_uri", { request_uri: "urn:ietf:params:oauth:request_uri:sepay_ru_x" }],
    ]
    for (const [what, changes] of cases) {
      it(what, async () => {
        const fields = typeof changes === "function" ? changes() : changes
        expectErrorPage(await visitor.get(urlWith(fields)), 400)
        expectErrorPage(await makeVisitor(site.url).get(urlWith({ ...fields, state: "x" })), 400)
        expectErrorPage(await visitor.postForm("/oauth/authorize", { ...right(), ...fields }), 400)
      })
    }

    it("a suspended app, before and after the request was taken", async () => {
      const { db, clock } = site.app.context
      const page = await openConsent(visitor, urlWith({ prompt: "consent" }))
      await suspendClient(db, client.clientId, "for the test", clock.now())
      expectErrorPage(await visitor.get(urlWith()), 400)
      expectErrorPage(await decide(visitor, page, "approve"), 400)
      await approveClient(db, client.clientId, clock.now())
      assert.ok((await decide(visitor, page, "approve")).location !== undefined)
    })

    it("the first of these rules decides", async () => {
      const unknown = (await visitor.get(urlWith({ client_id: "x", redirect_uri: "y", request_uri: "z" }))).text
      assert.ok(!unknown.includes("shop.example"))
      expectErrorPage(await visitor.get(urlWith({ request_uri: "z", redirect_uri: "https://evil.example" })), 400)
    })
  })

  describe("errors that go back to the app, after sign-in (contract/oauth.md §5, step 4)", () => {
    const { challenge } = makePkce()
    const s256 = { code_challenge: challenge, code_challenge_method: "S256" }
    const cases: readonly (readonly [what: string, error: string, changes: FormFields])[] = [
      ["response_type missing", "invalid_request", { response_type: undefined }],
      ["response_type token", "unsupported_response_type", { response_type: "token" }],
      ["response_type 'code id_token'", "unsupported_response_type", { response_type: "code id_token" }],
      ["request", "request_not_supported", { request: "a.b.c" }],
      ["response_mode fragment", "invalid_request", { response_mode: "fragment" }],
      ["response_mode form_post", "invalid_request", { response_mode: "form_post" }],
      ["scope repeated", "invalid_request", { scope: ["profile", "company"] }],
      ["response_type repeated", "invalid_request", { response_type: ["code", "code"] }],
      ["an unknown scope", "invalid_scope", { scope: "profile openid" }],
      ["the old spelling of a scope", "invalid_scope", { scope: "bank_account:read" }],
      ["a scope that is not registered", "invalid_scope", { scope: "profile webhook:read" }],
      ["PKCE by plain", "invalid_request", { ...s256, code_challenge_method: "plain" }],
      ["PKCE without a method", "invalid_request", { ...s256, code_challenge_method: undefined }],
      ["a method without a challenge", "invalid_request", { code_challenge_method: "S256" }],
      ["a challenge of 42 characters", "invalid_request", { ...s256, code_challenge: challenge.slice(1) }],
      ["a challenge that is no base64url", "invalid_request", { ...s256, code_challenge: `${challenge.slice(1)}=` }],
    ]
    for (const [what, error, changes] of cases) {
      it(what, async () => {
        const location = expectRedirectError(await ask({ ...changes, state: "s1" }), error)
        assert.equal(location.searchParams.get("state"), "s1")
        const stranger = await follow(makeVisitor(site.url), urlWith(changes))
        assert.equal(stranger.location, undefined, "nobody is redirected before he has signed in")
        assert.match(stranger.text, /name="password"/)
      })
    }

    it("a state over 4096 bytes, which does not come back", async () => {
      const location = expectRedirectError(await ask({ state: "x".repeat(4097) }), "invalid_request")
      assert.equal(location.searchParams.get("state"), null)
      const longest = await authorize(visitor, urlWith({ state: "é".repeat(2048) }))
      assert.equal(longest.searchParams.get("state"), "é".repeat(2048))
    })

    it("a repeated state, which does not come back either", async () => {
      const location = expectRedirectError(await ask({ state: ["one", "two"] }), "invalid_request")
      assert.equal(location.searchParams.get("state"), null)
    })

    it("keeping little of it, however much was sent: anybody may send a request", async () => {
      const long = "x".repeat(20_000)
      const fields = { ...right(), ui_locales: long, login_hint: long, code_challenge: long }
      const answer = await site.caller.postForm("/oauth/authorize", fields)
      assert.equal(answer.status, 303, answer.text)
      const rows = await site.app.context.db
        .selectFrom("authorization_requests")
        .select("parameters")
        .where("parameters", "like", "%xxxxxxxxxx%")
        .execute()
      assert.equal(rows.length, 1)
      for (const { parameters } of rows) assert.ok(parameters.length < 2000, `${parameters.length} characters are kept`)
    })

    it("the code flow switched off for the app", async () => {
      const turn = (on: number) =>
        changeDatabase(site, (tx) =>
          tx.updateTable("clients").set({ code_flow_on: on }).where("client_id", "=", client.clientId).execute(),
        )
      await turn(0)
      expectRedirectError(await ask(), "unauthorized_client")
      await turn(1)
    })

    it("PKCE missing, in the profile oauth21", async () => {
      const modern = await addClient(site, { profile: "oauth21", redirectUris: [client.redirectUri] })
      expectRedirectError(await ask({ client_id: modern.clientId }), "invalid_request")
      expectRedirectError(await ask({ client_id: modern.clientId, ...s256, dpop_jkt: challenge }), "invalid_request")
      await openConsent(visitor, urlWith({ client_id: modern.clientId, ...s256 }))
    })

    it("not dpop_jkt in the profile sepay, which ignores it, nor unknown or empty parameters", async () => {
      const extra = { dpop_jkt: "x", response_mode: "", request: "", scope: "", colour: ["red", "blue"], nonce: "x" }
      const location = await authorize(visitor, urlWith(extra))
      assert.ok(parameterOf(location, "code"))
    })
  })

  describe("state (contract/oauth.md §5)", () => {
    for (const [sent, returned] of [
      ["k9%3A8f.2a", "k9%3A8f.2a"],
      ["a+b%20c", "a+b%20c"],
      ["%7e~%7E", "%7e~%7E"],
      ["abc=/?:@!$'()*,;", "abc=/?:@!$'()*,;"],
      ["%C3%A9%F0%9F%98%80", "%C3%A9%F0%9F%98%80"],
      ["100%", "100%25"],
      ['"<>', "%22%3C%3E"],
    ] as const) {
      it(`${sent} returns byte for byte`, async () => {
        for (const answer of [await rawTrip(urlWith(), sent), await rawTrip(urlWith({ scope: "openid" }), sent)]) {
          assert.equal(/[?&]state=([^&]*)/.exec(answer)?.[1], returned)
        }
      })
    }

    it("as a form post returns byte for byte too", async () => {
      const body = `${encodeForm(right())}&state=k9%3A8f.2a+x%7e`
      const headers = { "content-type": "application/x-www-form-urlencoded" }
      const posted = await visitor.send("/oauth/authorize", { method: "POST", body, headers })
      assert.equal(posted.status, 303)
      const answer = await visitor.get(posted.location ?? "")
      assert.match(answer.headers.get("location") ?? "", /&state=k9%3A8f\.2a\+x%7e&iss=/)
    })

    // Not by fetch, which rewrites some characters of an address.
    async function rawTrip(url: string, state: string): Promise<string> {
      const { hostname, port, pathname, search } = new URL(url)
      const request = httpGet({ hostname, port, path: `${pathname}${search}&state=${state}` })
      const [first] = (await once(request, "response")) as [IncomingMessage]
      first.resume()
      const second = await visitor.get(first.headers.location ?? "")
      if (second.location !== undefined) return second.headers.get("location") ?? ""
      return (await decide(visitor, second, "approve")).headers.get("location") ?? ""
    }
  })

  describe("the answer", () => {
    it("of an approval is a 303 with code, state and iss, behind the query of the redirect URI", async () => {
      const page = await openConsent(visitor, urlWith({ prompt: "consent", state: "s" }))
      const answer = await decide(visitor, page, "approve")
      assert.equal(answer.status, 303)
      assert.equal(answer.headers.get("cache-control"), "no-store")
      const location = answer.headers.get("location") ?? ""
      const iss = encodeURIComponent(site.url)
      assert.match(location, /^https:\/\/shop\.example\/\?page=sepay&code=sepay_ac_[0-9A-Za-z]{49}&state=s&iss=/)
      assert.ok(location.endsWith(`&iss=${iss}`))
      const code = parameterOf(new URL(location), "code")
      site.secrets.add(code)
      assert.equal(expectTokens(await redeemCode(site, client, code)).scope, "profile company")
    })

    it("of a refusal is access_denied with the contract's words", async () => {
      const page = await openConsent(visitor, urlWith({ prompt: "consent", state: "k9:8f.2a" }))
      const { headers } = await decide(visitor, page, "deny")
      const iss = encodeURIComponent(site.url)
      assert.equal(
        headers.get("location"),
        `https://shop.example/?page=sepay&error=access_denied&error_description=The+user+refused&state=k9%3A8f.2a&iss=${iss}`,
      )
    })

    it("comes by 302 after a GET and 303 after a POST", async () => {
      assert.equal((await visitor.get(urlWith())).status, 302)
      assert.equal((await visitor.postForm("/oauth/authorize", right())).status, 303)
    })

    it("goes to the loopback port that was sent (RFC 8252 §7.3)", async () => {
      const native = await addClient(site, { redirectUris: ["http://127.0.0.1/cb"], scope: "profile" })
      const url = authorizeUrl(site.url, { client_id: native.clientId, redirect_uri: "http://127.0.0.1:51234/cb" })
      assert.equal((await authorize(visitor, url)).host, "127.0.0.1:51234")
    })
  })

  describe("sign-in (contract/oauth.md §5, step 5)", () => {
    it("comes first, in the language and with the e-mail asked for, and the request goes on by itself", async () => {
      const stranger = makeVisitor(site.url)
      const changes = { ui_locales: "fr en vi", login_hint: site.merchant.email, state: "s2", prompt: "consent" }
      const page = await follow(stranger, urlWith(changes))
      assert.match(page.text, /<html lang="en"/)
      assert.ok(page.text.includes(`value="${site.merchant.email}"`))
      const location = await authorize(stranger, urlWith(changes), site.merchant)
      assert.equal(location.searchParams.get("state"), "s2")
      assert.ok(parameterOf(location, "code"))
    })

    it("comes again for prompt=login, once per request", async () => {
      const again = await signIn(site.url, site.merchant)
      site.clock.advance({ seconds: 1 })
      const url = urlWith({ prompt: "login" })
      const page = await follow(again, url)
      assert.match(page.text, /name="password"/)
      site.clock.advance({ seconds: 1 })
      assert.ok(parameterOf(await authorize(again, url, site.merchant), "code"))
    })
  })

  describe("an app that is not approved (contract/oauth.md §5, step 6)", () => {
    for (const state of ["draft", "pending_review", "rejected"]) {
      it(`in state ${state} works for its own company and shows others a page, HTTP 403`, async () => {
        const draft = await addClient(site, { approve: false, redirectUris: [client.redirectUri], scope: "profile" })
        await changeDatabase(site, (tx) =>
          tx.updateTable("clients").set({ state }).where("client_id", "=", draft.clientId).execute(),
        )
        const url = urlWith({ client_id: draft.clientId })
        assert.ok(parameterOf(await authorize(visitor, url), "code"))
        const stranger = await signIn(site.url, await addUser(site.app))
        expectErrorPage(await follow(stranger, url), 403)
        expectErrorPage(await follow(stranger, urlWith({ client_id: draft.clientId, scope: "openid" })), 403)
      })
    }
  })
})
