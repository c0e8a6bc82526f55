import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { setTimeout as sleep } from "node:timers/promises"
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey, jwtVerify } from "jose"
import { startAuthorizationServer } from "../../src/oauth/authorization-server.ts"
import { burnSigningKey, rotateSigningKeys } from "../../src/oauth/signing-key.ts"
import { Refusal } from "../../src/refusal.ts"
import { onEachEngine } from "../support/engines.ts"
import {
  addClient,
  callApi,
  connect,
  expectTokens,
  noticeChanges,
  type OAuthSite,
  refresh,
  startOAuthSite,
  type TestClient,
} from "../support/oauth-site.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  let client: TestClient
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    client = await addClient(site)
  })
  after(() => site.stop())

  const kidOf = (token: string): string =>
    JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString("utf8")).kid
  async function publishedKids(): Promise<string[]> {
    const answer = await site.caller.get("/oauth/jwks.json")
    return answer.json<{ keys: { kid: string }[] }>().keys.map(({ kid }) => kid)
  }
  async function rotate(): Promise<Awaited<ReturnType<typeof rotateSigningKeys>>> {
    const { db, config } = site.app.context
    const result = await rotateSigningKeys(db, config.keyring, site.clock.now())
    await noticeChanges(site)
    return result
  }
  async function burn(kid: string): Promise<string | undefined> {
    const { db, config } = site.app.context
    const fresh = await burnSigningKey(db, config.keyring, kid, site.clock.now())
    await noticeChanges(site)
    return fresh
  }
  /** As an app does: the keys by HTTP, kept until an unknown kid comes, at any moment of the fake clock. */
  function remoteKeys(): JWTVerifyGetKey {
    const url = new URL(`${site.url}/oauth/jwks.json`)
    return createRemoteJWKSet(url, { cooldownDuration: 0, [customFetch]: (input, init) => fetch(input, init) })
  }
  async function verify(keys: JWTVerifyGetKey, token: string): Promise<void> {
    const { payload } = await jwtVerify(token, keys, {
      issuer: site.url,
      audience: client.clientId,
      algorithms: ["RS256"],
      typ: "JWT",
      currentDate: new Date(site.clock.now()),
    })
    assert.equal(payload.sub, String(site.merchant.id))
  }

  describe("key states (contract/oauth.md §11), as jose sees them", () => {
    it("next → active → retired → gone: tokens verify through it all", async () => {
      const keys = remoteKeys()
      const old = await connect(site, client)
      await verify(keys, old.access_token)
      const [first = ""] = await publishedKids()
      assert.equal(kidOf(old.access_token), first)

      const published = await rotate()
      assert.equal(published.kind, "published")
      assert.deepEqual((await publishedKids()).sort(), [first, published.kid].sort())
      site.clock.advance({ hours: 23, minutes: 59, seconds: 59 })
      await assert.rejects(rotate, (error) => error instanceof Refusal && error.reason === "conflict")
      const late = await connect(site, client)
      assert.equal(kidOf(late.access_token), first, "the next key does not sign before it was public for 24 h")

      site.clock.advance({ seconds: 1 })
      assert.deepEqual(await rotate(), { kind: "rotated", kid: published.kid, retiredKid: first })
      const fresh = await connect(site, client)
      assert.equal(kidOf(fresh.access_token), published.kid)
      await verify(keys, late.access_token)
      await verify(keys, fresh.access_token)
      await verify(remoteKeys(), late.access_token)
      assert.equal(await callApi(site, late.access_token), 200)

      site.clock.advance({ seconds: late.expires_in - 1 })
      assert.ok((await publishedKids()).includes(first), "until the last token it signed has expired")
      assert.equal(await callApi(site, late.access_token), 401)
      site.clock.advance({ days: 2 })
      assert.deepEqual(await publishedKids(), [published.kid])
      await site.app.runLoop("cleanup")
      const retired = await site.app.context.db
        .selectFrom("signing_keys")
        .select(["state", "sealed_private_key"])
        .where("kid", "=", first)
        .executeTakeFirstOrThrow()
      assert.equal(retired.state, "retired")
      assert.equal(retired.sealed_private_key, null, "what nobody signs with any more is forgotten")
    })

    it("a refresh is repeated byte for byte across a rotation: same kid, iat, exp, jti", async () => {
      await rotate()
      site.clock.advance({ hours: 24 })
      const { refresh_token } = await connect(site, client)
      const answer = await refresh(site, client, refresh_token)
      const before = kidOf(expectTokens(answer).access_token)
      assert.equal((await rotate()).kind, "rotated")
      assert.equal((await refresh(site, client, refresh_token)).text, answer.text)
      const next = expectTokens(await refresh(site, client, expectTokens(answer).refresh_token))
      assert.notEqual(kidOf(next.access_token), before)
    })

    it("two rotations at once do one step", async () => {
      const { db, config } = site.app.context
      const results = await Promise.allSettled(
        Array.from({ length: 4 }, () => rotateSigningKeys(db, config.keyring, site.clock.now())),
      )
      assert.equal(results.filter((result) => result.status === "fulfilled").length, 1)
      for (const result of results) {
        if (result.status === "rejected") assert.ok(result.reason instanceof Refusal, String(result.reason))
      }
      const next = await db.selectFrom("signing_keys").select("kid").where("state", "=", "next").execute()
      assert.equal(next.length, 1)
    })
  })

  describe("a burned key", () => {
    it("is unpublished at once, its tokens fail, and a fresh key signs immediately", async () => {
      const tokens = await connect(site, client)
      const kid = kidOf(tokens.access_token)
      const fresh = await burn(kid)
      assert.ok(fresh !== undefined)
      const kids = await publishedKids()
      assert.ok(!kids.includes(kid) && kids.includes(fresh))
      assert.equal(await callApi(site, tokens.access_token), 401)
      const next = expectTokens(await refresh(site, client, tokens.refresh_token))
      assert.equal(kidOf(next.access_token), fresh)
      assert.equal(await callApi(site, next.access_token), 200)
      await verify(remoteKeys(), next.access_token)
      await assert.rejects(verify(remoteKeys(), tokens.access_token))
    })

    it("does not stand in the way of a client that repeats its refresh: it gets a token that works", async () => {
      const { refresh_token } = await connect(site, client)
      const lost = expectTokens(await refresh(site, client, refresh_token))
      await burn(kidOf(lost.access_token))
      const again = expectTokens(await refresh(site, client, refresh_token))
      assert.equal(again.refresh_token, lost.refresh_token)
      assert.equal(await callApi(site, again.access_token), 200)
      assert.equal(await callApi(site, lost.access_token), 401)
    })

    it("that was only next is gone, and what signs goes on", async () => {
      const { db } = site.app.context
      const next = await db.selectFrom("signing_keys").select("kid").where("state", "=", "next").executeTakeFirst()
      const kid = next?.kid ?? (await rotate()).kid
      const tokens = await connect(site, client)
      assert.equal(await burn(kid), undefined)
      assert.ok(!(await publishedKids()).includes(kid))
      assert.equal(await callApi(site, tokens.access_token), 200)
    })

    it("is neither trusted nor used by a node that hears of nothing, once what it knows is a second old", async () => {
      const { access_token } = await connect(site, client)
      const { db, config } = site.app.context
      const deaf = await startAuthorizationServer(site.app.context)
      deaf.stop()
      await deaf.guard.authenticate(`Bearer ${access_token}`)
      // Not announced: the node can only ask (contract/oauth.md §9).
      const freshKid = await burnSigningKey(db, config.keyring, kidOf(access_token), site.clock.now())
      await sleep(1001)
      await assert.rejects(() => deaf.guard.authenticate(`Bearer ${access_token}`))
      assert.equal(deaf.keys.active().kid, freshKid)
      await noticeChanges(site)
    })

    it("cannot be burned twice, nor can one that never was", async () => {
      const { db } = site.app.context
      const burned = await db.selectFrom("signing_keys").select("kid").where("state", "=", "burned").execute()
      await assert.rejects(
        burn(burned[0]?.kid ?? ""),
        (error) => error instanceof Refusal && error.reason === "conflict",
      )
      await assert.rejects(burn("nobody"), (error) => error instanceof Refusal && error.reason === "not_found")
    })
  })

  describe("a forged token is refused", () => {
    it("whatever part of it was changed", async () => {
      const { access_token } = await connect(site, client)
      const [header = "", payload = "", signature = ""] = access_token.split(".")
      const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
      const decode = (text: string) => JSON.parse(Buffer.from(text, "base64url").toString("utf8"))
      const forged = [
        `${encode({ ...decode(header), alg: "none" })}.${payload}.`,
        `${encode({ ...decode(header), alg: "HS256" })}.${payload}.${signature}`,
        `${encode({ ...decode(header), kid: "other" })}.${payload}.${signature}`,
        `${header}.${encode({ ...decode(payload), sub: "987654321" })}.${signature}`,
        `${header}.${encode({ ...decode(payload), scope: "profile company webhook:write" })}.${signature}`,
        `${header}.${payload}.${signature.slice(0, -2)}`,
        `${header}.${payload}`,
        `${access_token}.x`,
      ]
      for (const token of forged) assert.equal(await callApi(site, token), 401)
      assert.equal(await callApi(site, access_token), 200)
    })
  })
})
