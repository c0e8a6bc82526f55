import assert from "node:assert/strict"
import { after, before, it } from "node:test"
import { sql } from "kysely"
import { transaction } from "../../src/database/engine.ts"
import { errorAnswer } from "../../src/http/api-values.wire.ts"
import { type FakeClock, makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answer, makeVisitor } from "../support/http.ts"
import { aCompany } from "../support/make.ts"
import { type ApiSite, aCaller, startApiSite } from "./api-site.ts"

function rateOf({ headers }: Answer): (number | null)[] {
  return ["limit", "remaining", "reset"].map((name) => {
    const text = headers.get(`x-ratelimit-${name}`)
    return text === null ? null : Number(text)
  })
}

onEachEngine((engine) => {
  let site: ApiSite
  let clock: FakeClock
  before(async () => {
    clock = makeFakeClock()
    const env = { RATE_LIMIT_GRANT: "10/s,5", RATE_LIMIT_IP: "100/s,30" }
    site = await startApiSite(engine.databaseUrl(), { clock, env })
  })
  after(() => site.close())

  it("counts calls per grant from the token on, and shows the bucket on every answer from there", async () => {
    const companyId = await aCompany(site.context.db)
    const [caller, other] = [await aCaller(site, { companyId }), await aCaller(site, { companyId, scopes: [] })]
    assert.deepEqual(rateOf(await caller.get("/me")), [5, 4, 1])
    assert.deepEqual(rateOf(await caller.get("/transactions?page=0")), [5, 3, 1])
    assert.deepEqual(rateOf(await caller.get("/transactions/1")), [5, 2, 1])
    assert.deepEqual(rateOf(await other.get("/me")), [5, 4, 1], "a refused scope counts on its own grant")
    await caller.get("/me")
    await caller.get("/me")
    const refused = await caller.get("/me")
    assert.equal(refused.status, 429)
    assert.equal(errorAnswer.parse(refused.json()).error, "rate_limited")
    assert.deepEqual(rateOf(refused), [5, 0, 1])
    assert.equal(refused.headers.get("retry-after"), "1")
    clock.advance({ milliseconds: 100 })
    assert.equal((await caller.get("/me")).status, 200)
    const { headers } = await makeVisitor(site.url).get("/api/v1/me")
    assert.equal(headers.get("x-ratelimit-limit"), null, "no token, no bucket to show")
  })

  it("counts every call per address before anything else of it is looked at", async () => {
    clock.advance({ minutes: 1 })
    const stranger = makeVisitor(site.url)
    for (let call = 0; call < 30; call++) assert.equal((await stranger.get("/api/v1/nothing")).status, 404)
    for (const path of ["/api/v1/nothing", "/api/v1/me", "/api/v1/openapi.json"]) {
      const refused = await stranger.get(path)
      assert.equal(refused.status, 429, path)
      assert.deepEqual(rateOf(refused), [30, 0, 1])
      assert.equal(refused.headers.get("retry-after"), "1")
      assert.equal(refused.headers.get("access-control-allow-origin"), "*")
    }
    clock.advance({ minutes: 1 })
    assert.equal((await stranger.get("/api/v1/nothing")).status, 404)
  })

  it("tells an expired token apart in the body, not in the challenge", async () => {
    const companyId = await aCompany(site.context.db)
    const plain = await aCaller(site, { companyId })
    const legacy = await aCaller(site, { companyId, legacyTokenErrors: true })
    clock.advance({ hours: 1 })
    const expired = await plain.get("/me")
    assert.equal(expired.status, 401)
    assert.equal(errorAnswer.parse(expired.json()).error, "expired_token")
    assert.match(expired.headers.get("www-authenticate") ?? "", /^Bearer realm="SePay", error="invalid_token", /)
    const old = errorAnswer.parse((await legacy.get("/me")).json())
    assert.deepEqual([old.error, old.hint], ["access_denied", "Access token has expired"])
  })

  it("answers 500 without a word of what broke", async () => {
    const companyId = await aCompany(site.context.db)
    const caller = await aCaller(site, { companyId })
    await transaction(site.context.db, (tx) => sql`alter table transactions rename to hidden`.execute(tx))
    try {
      const answer = await caller.get("/transactions/1")
      assert.equal(answer.status, 500)
      const { error, message } = errorAnswer.parse(answer.json())
      assert.equal(error, "server_error")
      assert.doesNotMatch(message, /transactions|sql|table/i)
    } finally {
      await transaction(site.context.db, (tx) => sql`alter table hidden rename to transactions`.execute(tx))
    }
  })
})
