import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { closeCompany } from "../../src/identity/company.ts"
import { closeUser } from "../../src/identity/user.ts"
import { onEachEngine } from "../support/engines.ts"
import {
  addClient,
  addUser,
  callApi,
  connect,
  expectRefusal,
  expectTokens,
  grantCode,
  makePkce,
  type OAuthSite,
  readClaims,
  redeemCode,
  refresh,
  startOAuthSite,
  type TestClient,
  type TestUser,
} from "../support/oauth-site.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  let client: TestClient
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    client = await addClient(site)
  })
  after(() => site.stop())

  const rotate = async (token: string) => expectTokens(await refresh(site, client, token))
  const expectAlive = async (token: string) => assert.equal(await callApi(site, token), 200)
  const expectDead = async (token: string) => assert.equal(await callApi(site, token), 401)

  describe("row 1: an unknown refresh token, or one whose ground has gone", () => {
    it("is refused, with a right check or a wrong one", async () => {
      for (const token of ["x", "sepay_rt_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf0anU7N", client.clientSecret]) {
        expectRefusal(await refresh(site, client, token), 400, "invalid_grant")
      }
      const { refresh_token } = await connect(site, client)
      const mistyped = refresh_token.slice(0, -1) + (refresh_token.endsWith("0") ? "1" : "0")
      expectRefusal(await refresh(site, client, mistyped), 400, "invalid_grant")
      await rotate(refresh_token)
    })

    it("is refused once the user or the company is closed", async () => {
      const { db } = site.app.context
      for (const close of [
        (user: TestUser) => closeUser(db, site.clock.now(), user.id),
        (user: TestUser) => closeCompany(db, site.clock.now(), user.companyId),
      ]) {
        const user = await addUser(site.app)
        const { refresh_token } = await connect(site, client, { user })
        await close(user)
        expectRefusal(await refresh(site, client, refresh_token), 400, "invalid_grant")
      }
    })
  })

  it("row 2: another client's refresh token is refused, logged, and nothing happens to the family", async () => {
    const stranger = await addClient(site, { name: "Stranger" })
    const first = await connect(site, client)
    const second = await rotate(first.refresh_token)
    for (const token of [first.refresh_token, second.refresh_token]) {
      const before = site.app.logLines.length
      expectRefusal(await refresh(site, stranger, token), 400, "invalid_grant")
      assert.match(site.app.logLines.slice(before).join(""), /refresh_of_other_client/)
    }
    await expectAlive(second.access_token)
    await rotate(second.refresh_token)
  })

  describe("row 3: the current refresh token, expired", () => {
    it("30 days after its issue, to the moment, without effect on the family", async () => {
      const { refresh_token, access_token } = await connect(site, client)
      site.clock.advance({ days: 29, hours: 23, minutes: 59, seconds: 59, milliseconds: 999 })
      const next = await rotate(refresh_token)
      site.clock.advance({ days: 30 })
      expectRefusal(await refresh(site, client, next.refresh_token), 400, "invalid_grant")
      await expectDead(access_token)
      const [family] = await site.app.context.db
        .selectFrom("token_families")
        .select(["ended_at", "generation"])
        .orderBy("id", "desc")
        .limit(1)
        .execute()
      assert.deepEqual({ ...family }, { ended_at: null, generation: 2 })
    })

    it("after as long as REFRESH_TOKEN_LIFETIME says", async () => {
      const url = await engine.createDatabase("migrated")
      const short = await startOAuthSite(url, { env: { REFRESH_TOKEN_LIFETIME: "3600", ACCESS_TOKEN_LIFETIME: "600" } })
      const app = await addClient(short)
      const { refresh_token, expires_in } = await connect(short, app)
      assert.equal(expires_in, 600)
      short.clock.advance({ hours: 1 })
      expectRefusal(await refresh(short, app, refresh_token), 400, "invalid_grant")
      await short.stop()
    })
  })

  it("the family of an oauth21 app ends 365 days after it began, however often it is refreshed", async () => {
    const modern = await addClient(site, { profile: "oauth21" })
    const { verifier, challenge } = makePkce()
    const code = await grantCode(site, modern, { challenge })
    let { refresh_token } = expectTokens(await redeemCode(site, modern, code, { code_verifier: verifier }))
    for (let days = 0; days < 364; days += 28) {
      site.clock.advance({ days: 28 })
      refresh_token = expectTokens(await refresh(site, modern, refresh_token)).refresh_token
    }
    site.clock.advance({ days: 1 })
    expectRefusal(await refresh(site, modern, refresh_token), 400, "invalid_grant")
  })

  describe("row 4: the current refresh token", () => {
    it("brings a new pair; its predecessor's access token lives on until it expires", async () => {
      const first = await connect(site, client)
      site.clock.advance({ seconds: 30 })
      const second = await rotate(first.refresh_token)
      assert.notEqual(second.refresh_token, first.refresh_token)
      assert.notEqual(readClaims(second.access_token)["jti"], readClaims(first.access_token)["jti"])
      assert.equal(second.expires_in, 3600)
      assert.equal(second.scope, first.scope)
      await expectAlive(first.access_token)
      await expectAlive(second.access_token)
      site.clock.advance({ seconds: 3570 })
      await expectDead(first.access_token)
      await expectAlive(second.access_token)
    })
  })

  describe("row 5: the previous one within 60 s, successor not presented", () => {
    it("brings the byte-identical answer, with expires_in recomputed, up to the 60th second", async () => {
      const { refresh_token } = await connect(site, client)
      const answer = await refresh(site, client, refresh_token)
      const { expires_in: _, ...pair } = expectTokens(answer)
      assert.equal((await refresh(site, client, refresh_token)).text, answer.text)
      for (const [seconds, left] of [
        [1, 3599],
        [44, 3555],
        [15, 3540],
      ] as const) {
        site.clock.advance({ seconds })
        const { expires_in, ...again } = await rotate(refresh_token)
        assert.deepEqual(again, pair)
        assert.equal(expires_in, left)
      }
      const text = answer.text.replace('"expires_in":3600', '"expires_in":3540')
      assert.equal((await refresh(site, client, refresh_token)).text, text)
      await rotate(pair.refresh_token)
    })

    it("also while the new access token is in use", async () => {
      const { refresh_token } = await connect(site, client)
      const second = await rotate(refresh_token)
      await expectAlive(second.access_token)
      assert.deepEqual(await rotate(refresh_token), second)
    })

    it("adds no row: one successor is stored, and only as a keyed hash", async () => {
      const { refresh_token } = await connect(site, client)
      for (let count = 0; count < 3; count++) await rotate(refresh_token)
      const rows = await site.app.context.db
        .selectFrom("refresh_tokens")
        .selectAll()
        .where("family_id", "=", (eb) => eb.selectFrom("token_families").select((f) => f.fn.max<number>("id").as("id")))
        .execute()
      assert.deepEqual(rows.map((row) => row.generation).sort(), [1, 2])
      for (const row of rows) assert.match(row.token_hash, /^[0-9a-f]{8}\.[A-Za-z0-9_-]{43}$/)
    })

    it("comes with the same scope parameter as in row 4", async () => {
      const { refresh_token } = await connect(site, client)
      const narrowed = await refresh(site, client, refresh_token, { scope: "profile" })
      assert.equal((await refresh(site, client, refresh_token, { scope: "profile" })).text, narrowed.text)
    })
  })

  describe("row 6: as row 5, with another scope parameter", () => {
    it("is refused and changes nothing", async () => {
      for (const [first, second] of [
        [undefined, "profile"],
        ["profile", undefined],
        ["profile", "company"],
        ["profile", "no:such"],
      ]) {
        const { refresh_token } = await connect(site, client)
        const pair = expectTokens(await refresh(site, client, refresh_token, { scope: first }))
        expectRefusal(await refresh(site, client, refresh_token, { scope: second }), 400, "invalid_grant")
        assert.deepEqual(expectTokens(await refresh(site, client, refresh_token, { scope: first })), pair)
        await expectAlive(pair.access_token)
      }
    })
  })

  describe("row 7: reuse ends the family", () => {
    it("of the previous one, a moment after the 60 s", async () => {
      const { refresh_token } = await connect(site, client)
      const second = await rotate(refresh_token)
      site.clock.advance({ seconds: 60, milliseconds: 1 })
      expectRefusal(await refresh(site, client, refresh_token), 400, "invalid_grant")
      await expectDead(second.access_token)
      expectRefusal(await refresh(site, client, second.refresh_token), 400, "invalid_grant")
    })

    it("of the token before the previous one, within the window", async () => {
      const first = await connect(site, client)
      const second = await rotate(first.refresh_token)
      const third = await rotate(second.refresh_token)
      expectRefusal(await refresh(site, client, first.refresh_token), 400, "invalid_grant")
      for (const { access_token } of [first, second, third]) await expectDead(access_token)
      expectRefusal(await refresh(site, client, third.refresh_token), 400, "invalid_grant")
    })

    it("whatever scope parameter comes with it", async () => {
      const first = await connect(site, client)
      const second = await rotate(first.refresh_token)
      await rotate(second.refresh_token)
      expectRefusal(await refresh(site, client, first.refresh_token, { scope: "no:such" }), 400, "invalid_grant")
      await expectDead(second.access_token)
    })

    it("long after, since used tokens are remembered as long as the family lives", async () => {
      const first = await connect(site, client)
      let current = await rotate(first.refresh_token)
      for (let month = 0; month < 3; month++) {
        site.clock.advance({ days: 29 })
        current = await rotate(current.refresh_token)
        await site.app.runLoop("cleanup")
      }
      expectRefusal(await refresh(site, client, first.refresh_token), 400, "invalid_grant")
      await expectDead(current.access_token)
    })

    it("and leaves the other families of the grant, and the consent, alone", async () => {
      const [one, other] = [await connect(site, client), await connect(site, client)]
      const second = await rotate(one.refresh_token)
      await rotate(second.refresh_token)
      expectRefusal(await refresh(site, client, one.refresh_token), 400, "invalid_grant")
      await expectAlive(other.access_token)
      await rotate(other.refresh_token)
    })
  })

  describe("a scope that cannot be had leaves the token current", () => {
    for (const scope of ["bank-account:read", "profile bank-account:read", "no:such", "Profile"]) {
      it(`${scope} → invalid_scope`, async () => {
        const { refresh_token } = await connect(site, client)
        expectRefusal(await refresh(site, client, refresh_token, { scope }), 400, "invalid_scope")
        const { scope: whole } = await rotate(refresh_token)
        assert.equal(whole, "profile company")
      })
    }
  })
})
