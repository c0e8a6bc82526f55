import assert from "node:assert/strict"
import { BlockList } from "node:net"
import { after, beforeEach, suite, test } from "node:test"
import type { WebhookId } from "../../src/ids.ts"
import { createOutbound } from "../../src/outbound/guarded-request.ts"
import type { TokenRequest } from "../../src/webhooks/fetch-token.ts"
import { createReceiverTokens, type ReceiverTokens, type TokenAnswer } from "../../src/webhooks/receiver-token.ts"
import type { Dialect } from "../../src/webhooks/token-dialect.ts"
import { type FakeClock, makeFakeClock } from "../support/clock.ts"
import { describeCall, startTokenServer, type TokenCall, type TokenReply } from "./token-server.ts"

const server = await startTokenServer()
const loopback = new BlockList()
loopback.addSubnet("127.0.0.0", 8)
const settings = { allow: loopback, deny: undefined, nat64: false, allowHttp: false }
const outbound = createOutbound(settings)
const walled = createOutbound({ ...settings, allow: undefined })
after(async () => {
  await Promise.all([outbound.close(), walled.close(), server.close()])
})

let clock: FakeClock
let tokens: ReceiverTokens

beforeEach(() => {
  clock = makeFakeClock()
  tokens = createReceiverTokens({ outbound, clock })
  server.calls.length = 0
})

function request(changes: Partial<TokenRequest> = {}): TokenRequest {
  return {
    ...{ webhookId: 7 as WebhookId, configVersion: 1, tenant: "3", mode: "test" as const },
    ...{ accessTokenUrl: server.url, clientId: "shop +1", clientSecret: "p%s:s&é*~", dialect: undefined },
    ...changes,
  }
}

/** Obtains a token that must be there. */
async function token(changes: Partial<TokenRequest> = {}): Promise<string> {
  const answer = await tokens.obtain(request(changes))
  assert(answer.kind === "token", JSON.stringify(answer))
  return answer.token
}

/** Fails to obtain a token. */
async function fault(changes: Partial<TokenRequest> = {}): Promise<Extract<TokenAnswer, { kind: "failed" }>> {
  const answer = await tokens.obtain(request(changes))
  assert(answer.kind === "failed", JSON.stringify(answer))
  return answer
}

/** A server of one dialect that numbers its tokens. */
function speak(
  dialect: Dialect,
  { seconds = 3600, refresh = true }: { seconds?: number; refresh?: boolean } = {},
): void {
  let issued = 0
  server.answer((call) => {
    if (!describeCall(call).startsWith(dialect)) return { status: 400, body: { error: "invalid_request" } }
    issued += 1
    const [access, again] = [`t${issued}`, refresh ? `r${issued}` : undefined]
    if (dialect === "standard") return { body: { access_token: access, expires_in: seconds, refresh_token: again } }
    return { body: { data: { accessToken: access, expiredIn: seconds, refreshToken: again } } }
  })
}

function madeCalls(): string[] {
  return server.calls.map(describeCall)
}

suite("the standard dialect (contract/webhooks.md §2.4)", () => {
  const basic = `Basic ${Buffer.from("shop+%2B1:p%25s%3As%26%C3%A9%2A%7E").toString("base64")}`

  test("posts the credentials as a form and as HTTP Basic, each form-encoded first", async () => {
    speak("standard")
    assert.deepEqual(await tokens.obtain(request()), { kind: "token", token: "t1", dialect: "standard" })
    const [call] = server.calls
    assert.equal(call?.method, "POST")
    assert.equal(call.body, "grant_type=client_credentials&client_id=shop+%2B1&client_secret=p%25s%3As%26%C3%A9%2A%7E")
    const { authorization, accept, "accept-encoding": encoding, "content-length": length } = call.headers
    const expected = [basic, "application/json", "identity", String(call.body.length)]
    assert.deepEqual([authorization, accept, encoding, length], expected)
  })

  test("refreshes with the same credentials", async () => {
    speak("standard")
    await token()
    clock.advance({ seconds: 3595 })
    assert.equal(await token(), "t2")
    const call = server.calls[1]
    assert.equal(
      call?.body,
      "grant_type=refresh_token&refresh_token=r1&client_id=shop+%2B1&client_secret=p%25s%3As%26%C3%A9%2A%7E",
    )
    assert.equal(call.headers.authorization, basic)
  })
})

suite("the custom dialect (contract/webhooks.md §2.4)", () => {
  test("posts the credentials as JSON, without HTTP Basic, and refreshes likewise", async () => {
    speak("custom")
    assert.deepEqual(await tokens.obtain(request()), { kind: "token", token: "t1", dialect: "custom" })
    clock.advance({ seconds: 3595 })
    assert.equal(await token(), "t2")
    assert.deepEqual(madeCalls(), ["standard", "custom", "custom refresh"])
    const [, fetched, refreshed] = server.calls
    const credentials = { clientId: "shop +1", clientSecret: "p%s:s&é*~" }
    assert.deepEqual(JSON.parse(fetched?.body ?? ""), credentials)
    assert.deepEqual(JSON.parse(refreshed?.body ?? ""), { ...credentials, refreshToken: "r1" })
    for (const call of [fetched, refreshed]) {
      assert.equal(call?.headers["content-type"], "application/json")
      assert.equal(call.headers.authorization, undefined)
    }
  })
})

suite("the choice of the dialect (contract/webhooks.md §2.4)", () => {
  const bad: readonly [name: string, reply: TokenReply][] = [
    ["401", { status: 401, body: { error: "invalid_client" } }],
    ["a redirect", { status: 302, body: "" }],
    ["500", { status: 500, body: { access_token: "t" } }],
    ["no JSON", { body: "t1" }],
    ["a list", { body: [{ access_token: "t" }] }],
    ["an empty token", { body: { access_token: "" } }],
    ["a number for a token", { body: { access_token: 12 } }],
    ["a token with a space", { body: { access_token: "a b" } }],
    ["a token with a line break", { body: { access_token: "a\r\nX-Admin: 1" } }],
    ["a token beyond ASCII", { body: { access_token: "mã" } }],
    ["a token of 8193 characters", { body: { access_token: "t".repeat(8193) } }],
    ["a body over 64 KiB", { body: JSON.stringify({ access_token: "t" }).padEnd(65_537) }],
  ]
  for (const [name, reply] of bad) {
    test(`falls back to custom at once when the standard request gets ${name}`, async () => {
      const good = { body: { data: { accessToken: "c1", expiredIn: 60 } } }
      server.answer((call) => (describeCall(call) === "standard" ? reply : good))
      assert.deepEqual(await tokens.obtain(request()), { kind: "token", token: "c1", dialect: "custom" })
      assert.deepEqual(madeCalls(), ["standard", "custom"])
    })
  }

  for (const [name, data] of [
    ["no accessToken", { expiredIn: 60 }],
    ["an empty accessToken", { accessToken: "", expiredIn: 60 }],
    ["no expiredIn", { accessToken: "c1" }],
    ["a null expiredIn", { accessToken: "c1", expiredIn: null }],
    ["a list for data", ["c1"]],
  ] as const) {
    test(`falls back to standard at once when a remembered custom request gets ${name}`, async () => {
      const good = { body: { access_token: "s1" } }
      server.answer((call) => (describeCall(call) === "custom" ? { body: { data } } : good))
      const answer = await tokens.obtain(request({ dialect: "custom" }))
      assert.deepEqual(answer, { kind: "token", token: "s1", dialect: "standard" })
      assert.deepEqual(madeCalls(), ["custom", "standard"])
    })
  }

  test("tries the dialect that the caller has stored first", async () => {
    speak("custom")
    await token({ dialect: "custom" })
    assert.deepEqual(madeCalls(), ["custom"])
  })

  test("remembers what worked, also after a drop and for a new configuration", async () => {
    speak("custom")
    await token()
    tokens.drop(7 as WebhookId)
    await token()
    await token({ configVersion: 2, dialect: "standard" })
    assert.deepEqual(madeCalls(), ["standard", "custom", "custom", "custom"])
  })

  test("does not fall back when the connection breaks", async () => {
    server.answer(() => "hangUp")
    const { errorCode, blocked, message, timings } = await fault()
    assert.deepEqual([errorCode, blocked], [56, false])
    assert.match(message, /^No access token: .+/)
    assert.ok(timings.totalMs >= 0)
    assert.deepEqual(madeCalls(), ["standard"])
  })

  test("says what both answers were when neither is good, and no secret", async () => {
    server.answer((call) =>
      describeCall(call) === "standard"
        ? { status: 401, body: { error: "invalid_client", error_description: "p%s:s&é*~ is wrong" } }
        : { body: { data: {} } },
    )
    const { kind, errorCode, blocked, message } = await fault()
    const text =
      "No access token: the standard request got status 401 (invalid_client); the custom request got no data.accessToken."
    assert.deepEqual([kind, errorCode, blocked, message], ["failed", 0, false, text])
  })
})

suite("a token endpoint that is out of reach (contract/webhooks.md §2.4, §4)", () => {
  test("fails with the code of a refused connection, and is asked again next time", async () => {
    const dead = await startTokenServer()
    await dead.close()
    const { errorCode, blocked } = await fault({ accessTokenUrl: dead.url })
    assert.deepEqual([errorCode, blocked], [7, false])
    speak("standard")
    assert.equal(await token(), "t1")
  })

  test("is blocked where the guard refuses its address, or http in live mode", async () => {
    tokens = createReceiverTokens({ outbound: walled, clock })
    const refused = await fault()
    assert.deepEqual([refused.errorCode, refused.blocked], [7, true])
    tokens = createReceiverTokens({ outbound, clock })
    assert.equal((await fault({ mode: "live" })).blocked, true)
    assert.deepEqual(madeCalls(), [])
  })
})

suite("the life of a token (contract/webhooks.md §2.4)", () => {
  test("lasts until less than ten seconds are left", async () => {
    speak("standard", { seconds: 60 })
    assert.equal(await token(), "t1")
    clock.advance({ seconds: 50 })
    assert.equal(await token(), "t1")
    clock.advance({ milliseconds: 1 })
    assert.equal(await token(), "t2")
    assert.deepEqual(madeCalls(), ["standard", "standard refresh"])
  })

  test("is counted from before the request", async () => {
    server.answer(() => {
      clock.advance({ seconds: 20 })
      return { body: { access_token: "t", expires_in: 29 } }
    })
    await token()
    await token()
    assert.equal(server.calls.length, 2)
  })

  for (const [expires, lifetimeSeconds] of [
    [90, 90],
    [90.5, 90.5],
    ["90", 90],
    [undefined, 3600],
    [null, 3600],
    [0, 3600],
    [-5, 3600],
    ["", 3600],
    ["soon", 3600],
    [true, 3600],
    [[90], 3600],
    [1e300, 31_536_000],
  ] as const) {
    for (const dialect of ["standard", "custom"] as const) {
      if (dialect === "custom" && (expires === undefined || expires === null)) continue
      test(`is ${lifetimeSeconds} seconds when a ${dialect} answer says ${JSON.stringify(expires)}`, async () => {
        const standard = { access_token: "t", expires_in: expires }
        server.answer(() => ({
          body: dialect === "standard" ? standard : { data: { accessToken: "t", expiredIn: expires } },
        }))
        await token({ dialect })
        clock.advance({ milliseconds: (lifetimeSeconds - 10) * 1000 })
        await token({ dialect })
        assert.equal(server.calls.length, 1)
        clock.advance({ milliseconds: 1 })
        await token({ dialect })
        assert.equal(server.calls.length, 2)
      })
    }
  }

  test("begins anew without a refresh token", async () => {
    speak("standard", { refresh: false })
    await token()
    clock.advance({ hours: 1 })
    assert.equal(await token(), "t2")
    assert.deepEqual(madeCalls(), ["standard", "standard"])
  })

  for (const refusal of [
    { status: 400, body: { error: "invalid_grant" } },
    { body: { access_token: "a b" } },
    "hangUp",
  ] as const) {
    test(`begins anew when the refresh gets ${JSON.stringify(refusal)}`, async () => {
      speak("standard")
      await token()
      server.answer((call) => (/refresh/.test(call.body) ? refusal : { body: { access_token: "new" } }))
      clock.advance({ hours: 1 })
      assert.equal(await token(), "new")
      assert.deepEqual(madeCalls(), ["standard", "standard refresh", "standard"])
    })
  }

  test("keeps the refresh token that a refresh does not replace (RFC 6749 §6)", async () => {
    const refresh: (call: TokenCall) => TokenReply = ({ body }) => ({
      body: { access_token: "t", expires_in: 60, ...(!/refresh/.test(body) && { refresh_token: "kept" }) },
    })
    server.answer(refresh)
    for (let round = 0; round < 3; round++) {
      await token()
      clock.advance({ minutes: 1 })
    }
    assert.deepEqual(madeCalls(), ["standard", "standard refresh", "standard refresh"])
    assert.match(server.calls[2]?.body ?? "", /refresh_token=kept&/)
  })

  test("does not use a refresh token that no header or form could carry", async () => {
    server.answer(() => ({ body: { access_token: "t", expires_in: 60, refresh_token: "é".repeat(9000) } }))
    await token()
    clock.advance({ minutes: 1 })
    await token()
    assert.deepEqual(madeCalls(), ["standard", "standard"])
  })

  test("ends with a drop, and the next one is fetched from scratch", async () => {
    speak("standard")
    await token()
    tokens.drop(7 as WebhookId)
    assert.equal(await token(), "t2")
    assert.deepEqual(madeCalls(), ["standard", "standard"])
  })

  test("does not end with a drop of the token before it, nor of another webhook's", async () => {
    speak("standard")
    const refused = await token()
    tokens.drop(7 as WebhookId, refused)
    assert.equal(await token(), "t2")
    tokens.drop(7 as WebhookId, refused)
    tokens.drop(8 as WebhookId)
    assert.equal(await token(), "t2")
    assert.equal(server.calls.length, 2)
  })

  test("ends with an edit of the webhook, whose old refresh token is not used either", async () => {
    speak("standard")
    assert.equal(await token(), "t1")
    assert.equal(await token({ configVersion: 2 }), "t2")
    assert.equal(await token({ configVersion: 2 }), "t2")
    assert.deepEqual(madeCalls(), ["standard", "standard"])
  })

  test("is a webhook's own", async () => {
    speak("standard")
    assert.equal(await token(), "t1")
    assert.equal(await token({ webhookId: 8 as WebhookId }), "t2")
    assert.equal(await token(), "t1")
  })
})

suite("tokens under load (contract/webhooks.md §2.4)", () => {
  test("twenty calls at once make one request, and the next twenty none", async () => {
    speak("standard")
    const twenty = () => Promise.all(Array.from({ length: 20 }, () => token()))
    assert.deepEqual(await twenty(), Array(20).fill("t1"))
    assert.deepEqual(await twenty(), Array(20).fill("t1"))
    assert.equal(server.calls.length, 1)
  })

  test("twenty calls at once make one refresh, and share one failure", async () => {
    speak("standard", { seconds: 60 })
    await token()
    clock.advance({ seconds: 55 })
    assert.deepEqual(await Promise.all(Array.from({ length: 20 }, () => token())), Array(20).fill("t2"))
    assert.deepEqual(madeCalls(), ["standard", "standard refresh"])
    tokens.drop(7 as WebhookId)
    server.answer(() => "hangUp")
    const failures = await Promise.all(Array.from({ length: 20 }, () => fault()))
    assert.equal(new Set(failures).size, 1)
    assert.equal(server.calls.length, 3)
  })

  test("a fetch for an older configuration that ends late does not replace the newer token", async () => {
    const held = Promise.withResolvers<TokenReply>()
    const arrived = Promise.withResolvers<void>()
    server.answer(() => {
      arrived.resolve()
      return held.promise
    })
    const old = token()
    await arrived.promise
    server.answer(() => ({ body: { access_token: "new" } }))
    assert.equal(await token({ configVersion: 2 }), "new")
    held.resolve({ body: { access_token: "old" } })
    assert.equal(await old, "old")
    assert.equal(await token({ configVersion: 2 }), "new")
    assert.equal(server.calls.length, 2)
  })

  test("the oldest of two thousand tokens makes room for another", async () => {
    server.answer(() => ({ body: { access_token: "t" } }))
    const fetchFor = (id: number) => token({ webhookId: id as WebhookId })
    for (let id = 1; id <= 2001; id += 87) {
      await Promise.all(Array.from({ length: Math.min(87, 2002 - id) }, (_, index) => fetchFor(id + index)))
    }
    assert.equal(server.calls.length, 2001)
    await fetchFor(2001)
    await fetchFor(500)
    assert.equal(server.calls.length, 2001)
    // Calls made at once arrive in any order, so the oldest is one of the first batch.
    for (let id = 1; id <= 87; id++) await fetchFor(id)
    assert.ok(server.calls.length > 2001)
  })
})
