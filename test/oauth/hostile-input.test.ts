import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import fc from "fast-check"
import { onEachEngine } from "../support/engines.ts"
import { encodeForm, type Visitor } from "../support/http.ts"
import { authorizeUrl, decide, openConsent, signIn } from "../support/oauth-pages.ts"
import {
  addClient,
  basic,
  callApi,
  connect,
  credentials,
  grantCode,
  type OAuthSite,
  startOAuthSite,
  type TestClient,
} from "../support/oauth-site.ts"

const oddTexts = [
  "\0",
  "a\0b",
  "\ud800",
  "\uffff",
  "é".repeat(300),
  "'; drop table clients; --",
  "%",
  "%00",
  "\r\nSet-Cookie: x=1",
  "__proto__",
  "constructor",
  "-1",
  "1e309",
  "99999999999999999999",
  "sepay_rt_",
]
const oddText = fc.oneof(fc.constantFrom(...oddTexts), fc.string({ unit: "binary", maxLength: 40 }))

onEachEngine((engine) => {
  let site: OAuthSite
  let client: TestClient
  let visitor: Visitor
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    client = await addClient(site, { optionalScope: "", scope: "profile bank-account:read" })
    visitor = await signIn(site.url, site.merchant)
  })
  // It also fails when any answer was a 5xx.
  after(() => site.stop())

  const names = [
    "grant_type",
    "client_id",
    "client_secret",
    "code",
    "redirect_uri",
    "code_verifier",
    "refresh_token",
    "scope",
    "token",
  ]

  it("whatever stands in a parameter of a JSON endpoint, the answer is a 400 or 401", async () => {
    const right = { grant_type: "refresh_token", refresh_token: "x", token: "x", ...credentials(client) }
    const changes = fc.dictionary(fc.constantFrom(...names), oddText, { minKeys: 1, maxKeys: 3, noNullPrototype: true })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("/oauth/token", "/oauth/revoke"), changes, async (path, changed) => {
        const { status, text } = await site.caller.postForm(path, { ...right, ...changed })
        assert.ok(status === 400 || status === 401 || (path === "/oauth/revoke" && status === 200), `${status} ${text}`)
      }),
      { numRuns: 100 },
    )
  })

  it("each odd text in each parameter alone too, with a code that exists", async () => {
    const code = await grantCode(site, client, { scope: "profile" })
    const right = { grant_type: "authorization_code", code, redirect_uri: client.redirectUri, ...credentials(client) }
    for (const name of ["grant_type", "client_id", "client_secret", "code", "redirect_uri", "code_verifier"]) {
      for (const text of oddTexts) {
        const { status } = await site.caller.postForm("/oauth/token", { ...right, [name]: text })
        assert.ok(status === 400 || status === 401, `${name} ${JSON.stringify(text)}: ${status}`)
      }
    }
  })

  it("bytes that are no form, no UTF-8 or no base64 are refused as well", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" }
    for (const body of [
      Buffer.from([0xff, 0xfe, 0x00, 0x26]),
      Buffer.alloc(1000, "&"),
      Buffer.alloc(60_000, "=&"),
      "%zz=%",
    ]) {
      const { status } = await site.caller.send("/oauth/token", { method: "POST", body, headers })
      assert.equal(status, 400)
    }
    for (const value of ["Basic", "Basic ", "Basic AA==", "Basic AAo6AAo=", "Bearer x", "Digest x", "", ":"]) {
      const form = { grant_type: "refresh_token", refresh_token: "x" }
      const { status } = await site.caller.postForm("/oauth/token", form, { authorization: value })
      assert.equal(status, 401, value)
    }
  })

  it("a bearer token whose unverified audience is odd is refused like any other", async () => {
    for (const aud of [...oddTexts, 7, null, [], {}]) {
      const token = ["{}", JSON.stringify({ aud }), "x"]
        .map((part) => Buffer.from(part).toString("base64url"))
        .join(".")
      assert.equal(await callApi(site, token), 401)
    }
  })

  it("whatever stands in an authorization request, it ends on a page or at the registered URI", async () => {
    const right = { client_id: client.clientId, redirect_uri: client.redirectUri, scope: "profile", state: "s" }
    const name = fc.constantFrom(
      ...["response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"],
      ...["response_mode", "prompt", "ui_locales", "login_hint", "request_uri", "request", "dpop_jkt"],
    )
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(name, oddText, { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
        async (changed) => {
          const begun = await visitor.get(authorizeUrl(site.url, { ...right, ...changed }))
          assert.ok(begun.status === 302 || begun.status === 400, `${begun.status}`)
          if (begun.location === undefined) return
          const next = await visitor.get(begun.location)
          assert.ok([200, 302].includes(next.status), `${next.status}`)
          const { location } = next
          if (location !== undefined && location.origin !== site.url)
            assert.equal(location.origin, "https://shop.example")
        },
      ),
      { numRuns: 100 },
    )
  })

  it("whatever stands in a decision, it is refused or means what was ticked", async () => {
    const url = authorizeUrl(site.url, {
      client_id: client.clientId,
      redirect_uri: client.redirectUri,
      prompt: "consent",
    })
    for (const text of oddTexts) {
      for (const changes of [
        { bank_account_id: text, accounts: "chosen" },
        { scope: ["profile", text] },
        { mode: text, accounts: text },
        { request: text },
        { csrf_token: text },
      ]) {
        const page = await openConsent(visitor, url)
        const answer = await decide(visitor, page, "approve", changes)
        assert.ok([303, 400, 403].includes(answer.status), `${JSON.stringify(changes)}: ${answer.status}`)
      }
      const paths = [
        `/oauth/consent?${encodeForm({ request: text })}`,
        `/login?${encodeForm({ next: text, login_hint: text })}`,
      ]
      for (const path of [...paths, `/connected-apps?${encodeForm({ revoked: text })}`]) {
        assert.ok((await visitor.get(path)).status < 500, path)
      }
      const { status } = await visitor.get(`/connected-apps/${encodeURIComponent(text.toWellFormed())}/revoke`)
      assert.equal(status, 404, text)
    }
  })

  it("next never leads away from the site", async () => {
    for (const next of [
      "https://evil.example",
      "//evil.example",
      "/\\evil.example",
      "\t//evil.example",
      "javascript:alert(1)",
    ]) {
      const { location } = await visitor.get(`/login?${encodeForm({ next })}`)
      assert.equal(location?.origin, site.url, next)
    }
  })

  describe("what the profile sepay ignores", () => {
    it("a DPoP header: the token stays a Bearer token", async () => {
      const { refresh_token } = await connect(site, client, { scope: "profile" })
      const headers = { ...basic(client), dpop: "a.b.c" }
      const answer = await site.caller.postForm("/oauth/token", { grant_type: "refresh_token", refresh_token }, headers)
      const body = answer.json<{ token_type: string; access_token: string }>()
      assert.equal(body.token_type, "Bearer")
      assert.equal(await callApi(site, body.access_token), 200)
    })
  })
})
