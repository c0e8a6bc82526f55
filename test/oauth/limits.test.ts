import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { createFailureCounter, createRateLimiter } from "../../src/http/rate-limit.ts"
import { makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import type { Answer } from "../support/http.ts"
import {
  addClient,
  addUser,
  connect,
  expectRefusal,
  expectTokens,
  grantCode,
  makePkce,
  type OAuthSite,
  postToken,
  redeemCode,
  refresh,
  startOAuthSite,
} from "../support/oauth-site.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl(), {
      env: {
        TRUSTED_PROXIES: "127.0.0.1",
        RATE_LIMIT_CLIENT: "20/s,100",
        RATE_LIMIT_FAILURES: "100/60s",
        RATE_LIMIT_PAGES: "20/s,60",
      },
    })
  })
  after(() => site.stop())

  const repeat = (count: number, send: () => Promise<Answer>): Promise<Answer[]> =>
    Promise.all(Array.from({ length: count }, send))
  const from = (address: string) => ({ "x-forwarded-for": address })
  const count = (answers: readonly Answer[], status: number) => answers.filter((one) => one.status === status).length

  describe("calls per client (contract/oauth.md §14)", () => {
    it("are 100 at once and 20 a second after; another client has its own", async () => {
      const [busy, calm] = [await addClient(site), await addClient(site)]
      const { refresh_token: token } = await connect(site, busy) // The first call.
      const { refresh_token: other } = await connect(site, calm)
      const answers = await repeat(100, () => refresh(site, busy, token))
      assert.equal(count(answers, 200), 99)
      const [refused] = answers.filter((answer) => answer.status !== 200)
      assert.ok(refused !== undefined)
      expectRefusal(refused, 429, "rate_limited")
      assert.equal(refused.headers.get("retry-after"), "1")
      expectTokens(await refresh(site, calm, other))
      site.clock.advance({ seconds: 1 })
      assert.equal(count(await repeat(21, () => refresh(site, busy, token)), 200), 20)
    })

    it("are not spent by calls that fail to authenticate", async () => {
      const client = await addClient(site)
      const { refresh_token } = await connect(site, client)
      await repeat(90, () =>
        postToken(
          site,
          { grant_type: "refresh_token", refresh_token, client_id: client.clientId, client_secret: "wrong" },
          from("192.0.2.7"),
        ),
      )
      const answers = await repeat(99, () => refresh(site, client, refresh_token))
      assert.equal(count(answers, 200), 99)
    })

    it("of a public client are counted by client and address", async () => {
      const phone = await addClient(site, {
        profile: "oauth21",
        isPublic: true,
        redirectUris: ["com.example.shop:/cb"],
      })
      const { verifier, challenge } = makePkce()
      const code = await grantCode(site, phone, { challenge, user: await addUser(site.app) })
      const proof = { code_verifier: verifier, client_secret: undefined }
      const { refresh_token } = expectTokens(await redeemCode(site, phone, code, proof))
      const fields = { grant_type: "refresh_token", refresh_token, client_id: phone.clientId }
      const answers = await repeat(101, () => postToken(site, fields, from("192.0.2.8")))
      assert.equal(count(answers, 429), 1)
      expectTokens(await postToken(site, fields, from("192.0.2.9")))
    })
  })

  describe("the failure budget of an address", () => {
    const fail = (address: string) => postToken(site, { grant_type: "x" }, from(address))

    it("is 100 in 60 s; then every POST from there waits until the window has room", async () => {
      const client = await addClient(site)
      const { refresh_token } = await connect(site, client)
      const address = "198.51.100.1"
      assert.equal(count(await repeat(50, () => fail(address)), 400), 50)
      site.clock.advance({ seconds: 20 })
      assert.equal(
        count(await repeat(60, () => fail(address)), 400),
        50,
        "the requests after the hundredth are not looked at",
      )
      const fields = { grant_type: "refresh_token", refresh_token, client_id: client.clientId }
      const right = () => postToken(site, { ...fields, client_secret: client.clientSecret }, from(address))
      const refused = await right()
      expectRefusal(refused, 429, "rate_limited")
      assert.equal(refused.headers.get("retry-after"), "40")
      assert.equal((await site.caller.get("/oauth/jwks.json", from(address))).status, 200, "only POSTs wait")
      expectTokens(await refresh(site, client, refresh_token))
      site.clock.advance({ seconds: 39, milliseconds: 999 })
      expectRefusal(await right(), 429, "rate_limited")
      site.clock.advance({ milliseconds: 1 })
      expectTokens(await right())
      assert.equal(count(await repeat(51, () => fail(address)), 400), 50)
    })

    it("counts 401 as well, at every JSON endpoint together, and nothing else", async () => {
      const address = "198.51.100.2"
      const client = await addClient(site)
      const { refresh_token } = await connect(site, client)
      const fields = { grant_type: "refresh_token", refresh_token, client_id: client.clientId }
      await repeat(60, () => postToken(site, { ...fields, client_secret: "wrong" }, from(address)))
      await repeat(39, () => site.caller.postForm("/oauth/revoke", { token: "x" }, from(address)))
      for (let index = 0; index < 5; index++) {
        await postToken(site, { ...fields, client_secret: client.clientSecret }, from(address))
        await site.caller.send("/oauth/token", { method: "PUT", headers: from(address) })
        await site.caller.get("/oauth/authorize", from(address))
      }
      assert.equal((await fail(address)).status, 400)
      assert.equal((await fail(address)).status, 429)
      assert.equal((await site.caller.postForm("/oauth/revoke", {}, from(address))).status, 429)
    })
  })

  it("X-Forwarded-For is believed of configured proxies only", async () => {
    const url = await engine.createDatabase("migrated")
    for (const [proxies, status] of [
      ["", 429],
      ["10.0.0.0/8", 429],
      ["127.0.0.0/8,::1", 400],
    ] as const) {
      const other = await startOAuthSite(url, { env: { TRUSTED_PROXIES: proxies, RATE_LIMIT_FAILURES: "2/60s" } })
      const statuses: number[] = []
      for (const address of ["192.0.2.1", "192.0.2.2", "192.0.2.3"]) {
        statuses.push((await postToken(other, { grant_type: "x" }, from(address))).status)
      }
      assert.deepEqual(statuses, [400, 400, status], proxies)
      await other.stop()
    }
  })

  it("pages of an address are 60 at once and 20 a second, then a page with 429", async () => {
    const get = () => site.caller.get("/oauth/authorize", from("203.0.113.5"))
    const answers = await repeat(61, get)
    assert.equal(count(answers, 400), 60)
    const [refused] = answers.filter((answer) => answer.status === 429)
    assert.match(refused?.headers.get("content-type") ?? "", /^text\/html/)
    assert.ok(Number(refused?.headers.get("retry-after")) >= 1)
    site.clock.advance({ seconds: 1 })
    assert.equal(count(await repeat(21, get), 400), 20)
  })

  it("cost bounded memory, and no look at every caller on every call, however many addresses call", () => {
    const clock = makeFakeClock()
    const limiter = createRateLimiter({ perSecond: 1, burst: 2 }, clock)
    const failures = createFailureCounter({ count: 2, windowSeconds: 60 }, clock)
    const startedAt = performance.now()
    for (let caller = 0; caller < 55_000; caller++) {
      for (let call = 0; call < 2; call++) {
        limiter?.take(caller)
        failures.record(`2001:db8::${caller}`)
      }
    }
    assert.ok(performance.now() - startedAt < 5000, "each call past 50,000 callers looked at all of them")
    // The newest are known, the oldest forgotten.
    assert.equal(limiter?.take(54_999).allowed, false)
    assert.ok(failures.blockedSeconds("2001:db8::54999") > 0)
    assert.equal(limiter?.take(0).allowed, true)
    assert.equal(failures.blockedSeconds("2001:db8::0"), 0)
  })

  describe("CORS (contract/oauth.md §14)", () => {
    const origin = { origin: "https://app.example" }
    for (const [path, method] of [
      ["/oauth/token", "POST"],
      ["/oauth/revoke", "POST"],
      ["/.well-known/oauth-authorization-server", "GET"],
      ["/oauth/jwks.json", "GET"],
    ] as const) {
      it(`${path} answers any origin, never with credentials, errors too`, async () => {
        for (const answer of [
          await site.caller.send(path, { method, headers: origin }),
          await site.caller.send(path, { method: "DELETE", headers: origin }),
        ]) {
          assert.equal(answer.headers.get("access-control-allow-origin"), "*")
          assert.equal(answer.headers.get("access-control-allow-credentials"), null)
          const exposed = answer.headers.get("access-control-expose-headers")
          assert.equal(exposed, "WWW-Authenticate, Retry-After, X-Request-Id")
        }
      })

      it(`${path} answers a preflight`, async () => {
        const headers = { ...origin, "access-control-request-method": method, "access-control-request-headers": "dpop" }
        const answer = await site.caller.send(path, { method: "OPTIONS", headers })
        assert.equal(answer.status, 204)
        assert.equal(answer.text, "")
        assert.equal(answer.headers.get("access-control-allow-origin"), "*")
        assert.equal(answer.headers.get("access-control-allow-methods"), "GET, POST, OPTIONS")
        const allowed = answer.headers.get("access-control-allow-headers")
        assert.equal(allowed, "Authorization, Content-Type, DPoP, X-Request-Id")
        assert.equal(answer.headers.get("access-control-allow-credentials"), null)
      })
    }

    for (const path of ["/oauth/authorize", "/oauth/consent", "/login", "/connected-apps"]) {
      it(`${path} has no CORS header, whatever the method`, async () => {
        for (const method of ["GET", "POST", "OPTIONS"]) {
          const { headers } = await site.caller.send(path, { method, headers: { ...origin, ...from("203.0.113.9") } })
          const found = [...headers.keys()].filter((name) => name.startsWith("access-control-"))
          assert.deepEqual(found, [])
        }
      })
    }
  })
})
