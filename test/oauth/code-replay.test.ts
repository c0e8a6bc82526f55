import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
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
  redeemCode,
  refresh,
  startOAuthSite,
  type TestClient,
  type TokenBody,
} from "../support/oauth-site.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  let client: TestClient
  const { verifier, challenge } = makePkce()
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    client = await addClient(site)
  })
  after(() => site.stop())

  async function redeemed(): Promise<{ code: string; tokens: TokenBody }> {
    const code = await grantCode(site, client, { challenge })
    return { code, tokens: expectTokens(await redeemCode(site, client, code, { code_verifier: verifier })) }
  }
  const replay = (code: string, changes = {}) => redeemCode(site, client, code, { code_verifier: verifier, ...changes })
  async function expectDead(tokens: TokenBody): Promise<void> {
    assert.equal(await callApi(site, tokens.access_token), 401)
    expectRefusal(await refresh(site, client, tokens.refresh_token), 400, "invalid_grant")
  }

  describe("a code presented a second time (contract/oauth.md §5.2, RFC 6749 §4.1.2)", () => {
    it("is refused, and all that the first time brought is revoked", async () => {
      const { code, tokens } = await redeemed()
      const next = expectTokens(await refresh(site, client, tokens.refresh_token))
      expectRefusal(await replay(code), 400, "invalid_grant")
      await expectDead(tokens)
      await expectDead(next)
      expectRefusal(await replay(code), 400, "invalid_grant")
    })

    it("counts as a replay however long ago the code expired", async () => {
      const { code, tokens } = await redeemed()
      site.clock.advance({ hours: 23 })
      await site.app.runLoop("cleanup")
      const next = expectTokens(await refresh(site, client, tokens.refresh_token))
      expectRefusal(await replay(code), 400, "invalid_grant")
      await expectDead(next)
    })

    it("leaves other families of the same grant alone", async () => {
      const user = await addUser(site.app)
      const other = await connect(site, client, { user })
      const code = await grantCode(site, client, { user })
      const tokens = expectTokens(await redeemCode(site, client, code))
      expectRefusal(await redeemCode(site, client, code), 400, "invalid_grant")
      await expectDead(tokens)
      assert.equal(await callApi(site, other.access_token), 200)
      expectTokens(await refresh(site, client, other.refresh_token))
    })

    for (const [what, changes] of [
      ["with another redirect URI", { redirect_uri: "https://shop.example/other" }],
      ["without the verifier", { code_verifier: undefined }],
      ["with a wrong verifier", { code_verifier: makePkce().verifier }],
    ] as const) {
      it(`${what} ends nothing: whoever stole the code alone must not cut the owner off`, async () => {
        const { code, tokens } = await redeemed()
        expectRefusal(await replay(code, changes), 400, "invalid_grant")
        assert.equal(await callApi(site, tokens.access_token), 200)
        expectTokens(await refresh(site, client, tokens.refresh_token))
      })
    }

    it("by another client, or without authentication, ends nothing", async () => {
      const stranger = await addClient(site, { name: "Stranger" })
      const { code, tokens } = await redeemed()
      expectRefusal(await redeemCode(site, stranger, code, { code_verifier: verifier }), 400, "invalid_grant")
      expectRefusal(await replay(code, { client_secret: "sepay_cs_wrong" }), 401, "invalid_client")
      expectTokens(await refresh(site, client, tokens.refresh_token))
    })
  })

  describe("twenty redemptions of one code at once", () => {
    it("are one 200 and nineteen invalid_grant, one family, and it ends up revoked", async () => {
      const code = await grantCode(site, client)
      const answers = await Promise.all(Array.from({ length: 20 }, () => redeemCode(site, client, code)))
      const won = answers.filter((answer) => answer.status === 200)
      assert.equal(won.length, 1)
      for (const answer of answers) if (answer.status !== 200) expectRefusal(answer, 400, "invalid_grant")
      for (const answer of won) await expectDead(expectTokens(answer))
    })

    it("with wrong ones among them still yield tokens once", async () => {
      const code = await grantCode(site, client)
      const wrong = { redirect_uri: "https://shop.example/other" }
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => redeemCode(site, client, code, index === 10 ? {} : wrong)),
      )
      const [tokens, ...more] = answers.filter((answer) => answer.status === 200)
      assert.ok(tokens !== undefined && more.length === 0)
      expectTokens(await refresh(site, client, expectTokens(tokens).refresh_token))
    })
  })
})
