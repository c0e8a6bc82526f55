import assert from "node:assert/strict"
import { once } from "node:events"
import { connect } from "node:net"
import { after, before, describe, it } from "node:test"
import { errorAnswer } from "../../src/http/api-values.wire.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answer, makeVisitor, type Visitor } from "../support/http.ts"
import { aBankAccount, aCompany } from "../support/make.ts"
import { type ApiSite, aCaller, type Caller, signTokenOf, startApiSite } from "./api-site.ts"

interface ErrorBody {
  status: string
  error: string
  error_description: string
  message: string
  messages: { error: string }
  hint?: string
}

/** Checks the form that every error has, whatever the cause. */
function checkError(answer: Answer, status: number, error: string, what = ""): ErrorBody {
  assert.equal(answer.status, status, `${what} ${answer.text}`)
  assert.equal(answer.headers.get("content-type"), "application/json; charset=utf-8", what)
  const body = errorAnswer.parse(answer.json()) as ErrorBody
  assert.equal(body.error, error, what)
  assert.equal(body.message, body.error_description)
  assert.equal(body.messages.error, body.message)
  assert.match(body.message, /^[\x20-\x7e]+$/)
  checkCommonHeaders(answer)
  return body
}

function checkCommonHeaders({ headers }: Answer): void {
  assert.equal(headers.get("access-control-allow-origin"), "*")
  assert.equal(headers.get("access-control-allow-credentials"), null)
  assert.match(headers.get("access-control-expose-headers") ?? "", /^WWW-Authenticate, Retry-After, .*Sunset, Link$/)
  assert.equal(headers.get("cache-control"), "no-store")
  assert.match(headers.get("x-request-id") ?? "", /^[A-Za-z0-9._-]{1,128}$/)
}

onEachEngine((engine) => {
  let site: ApiSite
  let stranger: Visitor
  let caller: Caller
  let companyId: number
  before(async () => {
    site = await startApiSite(engine.databaseUrl())
    stranger = makeVisitor(site.url)
    companyId = await aCompany(site.context.db)
    caller = await aCaller(site, { companyId })
  })
  after(() => site.close())

  describe("paths and methods", () => {
    it("that are unknown are 404 in JSON, before any token is asked for", async () => {
      for (const path of [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v2/me",
        "/api/v1/me/",
        "/api/v1//me",
        "/api//v1/me",
        "/api/v1/ME",
        "/api/v1/webhook",
        "/api/v1/webhooks/0",
        "/api/v1/webhooks/7/roll",
        "/api/v1/bank-accounts/0",
        "/api/v1/bank-accounts/01",
        "/api/v1/bank-accounts/-1",
        "/api/v1/bank-accounts/1.0",
        "/api/v1/bank-accounts/12345678901234567",
        `/api/v1/transactions/${"9".repeat(4000)}`,
        "/api/v1/transactions/x",
        "/api/v1/transactions/%zz",
        "/api/v1/%ff",
        "/api/v1/me%2F",
      ]) {
        for (const method of ["GET", "POST", "OPTIONS", "PROPFIND"]) {
          checkError(await stranger.send(path, { method }), 404, "not_found", `${method} ${path}`)
        }
      }
    })

    it("that are known take no other method, and say which", async () => {
      for (const [path, method, allow] of [
        ["/me", "POST", "GET, HEAD, OPTIONS"],
        ["/me", "PROPFIND", "GET, HEAD, OPTIONS"],
        ["/company/configurations", "GET", "PATCH, OPTIONS"],
        ["/company/configurations", "PUT", "PATCH, OPTIONS"],
        ["/transactions/7", "DELETE", "GET, HEAD, OPTIONS"],
        ["/bank-accounts/7/sub-accounts", "PATCH", "GET, HEAD, OPTIONS"],
        ["/webhooks", "PUT", "GET, HEAD, POST, OPTIONS"],
        ["/webhooks/7", "POST", "GET, HEAD, PATCH, DELETE, OPTIONS"],
        ["/webhooks/7/roll-secret", "GET", "POST, OPTIONS"],
      ] as const) {
        const answer = await stranger.send(`/api/v1${path}`, { method, ...(method !== "GET" && { body: "x" }) })
        checkError(answer, 405, "method_not_allowed", `${method} ${path}`)
        assert.equal(answer.headers.get("allow"), allow)
      }
    })

    it("answer preflights without a token", async () => {
      const answer = await stranger.send("/api/v1/company/configurations", {
        method: "OPTIONS",
        headers: { origin: "https://shop.example", "access-control-request-method": "PATCH" },
      })
      assert.deepEqual([answer.status, answer.text], [204, ""])
      assert.equal(answer.headers.get("access-control-allow-methods"), "GET, HEAD, POST, PATCH, DELETE, OPTIONS")
      assert.equal(
        answer.headers.get("access-control-allow-headers"),
        "Authorization, Content-Type, DPoP, X-Request-Id",
      )
      assert.equal(answer.headers.get("access-control-max-age"), "600")
      assert.equal(answer.headers.get("access-control-allow-origin"), "*")
    })

    it("answer HEAD with the headers of GET and no body", async () => {
      const [head, get] = [await caller.send("/me", { method: "HEAD" }), await caller.get("/me")]
      assert.deepEqual([head.status, head.text], [200, ""])
      for (const name of ["content-type", "content-length", "cache-control", "access-control-allow-origin"]) {
        assert.equal(head.headers.get(name), get.headers.get(name), name)
      }
      const refused = await stranger.send("/api/v1/me", { method: "HEAD" })
      assert.deepEqual([refused.status, refused.text], [401, ""])
      assert.equal((await stranger.send("/api/v1/nothing", { method: "HEAD" })).status, 404)
    })

    it("echo a good request id and replace a bad one", async () => {
      assert.equal((await caller.get("/me", { "x-request-id": "shop.1-a" })).headers.get("x-request-id"), "shop.1-a")
      const other = (await caller.get("/me", { "x-request-id": "shop 1" })).headers.get("x-request-id")
      assert.match(other ?? "", /^[0-9a-f-]{36}$/)
    })
  })

  describe("tokens", () => {
    it("are asked for without an error when there is none", async () => {
      const answer = await stranger.get("/api/v1/me")
      checkError(answer, 401, "invalid_token")
      assert.equal(answer.headers.get("www-authenticate"), 'Bearer realm="SePay"')
      checkError(await stranger.get(`/api/v1/me?access_token=${caller.token}`), 401, "invalid_token")
    })

    it("of any fault are invalid_token with a challenge, and expiry is told apart in the body alone", async () => {
      const challenge = /^Bearer realm="SePay", error="invalid_token", error_description="[^"\\]+"$/
      const foreign = signTokenOf(site, { ...caller, issuer: "https://elsewhere.example" })
      for (const authorization of ["Bearer", "Bearer x", "Basic abc", `Bearer ${foreign}`, `Bearer ${caller.token}x`]) {
        const answer = await stranger.get("/api/v1/me", { authorization })
        checkError(answer, 401, "invalid_token", authorization)
        assert.match(answer.headers.get("www-authenticate") ?? "", challenge)
      }
      assert.equal((await stranger.get("/api/v1/me", { authorization: `bEARER ${caller.token}` })).status, 200)
    })

    it("sent in two headers are refused, even when both are good", async () => {
      const { port } = new URL(site.url)
      const socket = connect(Number(port), "127.0.0.1")
      const line = `Authorization: Bearer ${caller.token}\r\n`
      socket.write(`GET /api/v1/me HTTP/1.1\r\nHost: x\r\n${line}${line}Connection: close\r\n\r\n`)
      let text = ""
      socket.on("data", (chunk) => {
        text += chunk
      })
      await once(socket, "close")
      assert.match(text, /^HTTP\/1\.1 401 [\s\S]*"error":"invalid_token"/)
    })

    it("of an app with legacy_token_errors fail with one code and a hint", async () => {
      const legacy = await aCaller(site, { companyId, legacyTokenErrors: true })
      const answer = await stranger.get("/api/v1/me", { authorization: `Bearer ${legacy.token}x` })
      const body = checkError(answer, 401, "access_denied")
      assert.equal(body.message, "The resource owner or authorization server denied the request.")
      assert.equal(body.hint, "Access token could not be verified")
      assert.match(answer.headers.get("www-authenticate") ?? "", /error="invalid_token"/)
    })
  })

  describe("the two gates", () => {
    const routes = [
      ["GET", "/me", "profile", undefined],
      ["GET", "/company", "company", "administrator"],
      ["GET", "/companies", "company", "administrator"],
      ["PATCH", "/company/configurations", "company", "administrator"],
      ["GET", "/bank-accounts", "bank-account:read", "bank_account.list"],
      ["GET", "/bank-accounts/1", "bank-account:read", "bank_account.detail"],
      ["GET", "/bank-accounts/1/sub-accounts", "bank-account:read", "bank_account.list"],
      ["GET", "/transactions", "transaction:read", "transaction.list"],
      ["GET", "/transactions/1", "transaction:read", "transaction.list"],
      ["GET", "/webhooks", "webhook:read", "webhook.list"],
      ["GET", "/webhooks/1", "webhook:read", "webhook.list"],
      ["POST", "/webhooks", "webhook:write", "webhook.create"],
      ["PATCH", "/webhooks/1", "webhook:write", "webhook.update"],
      ["DELETE", "/webhooks/1", "webhook:delete", "webhook.delete"],
      ["POST", "/webhooks/1/roll-secret", "webhook:write", "webhook.update"],
      ["POST", "/webhooks/1/finish-roll", "webhook:write", "webhook.update"],
      ["POST", "/webhooks/1/clone", "webhook:write", "webhook.create"],
      ["POST", "/webhooks/1/test", "webhook:write", "webhook.update"],
      ["GET", "/webhooks/1/logs", "webhook:read", "webhook.list"],
      ["GET", "/webhooks/1/explain?transaction_id=1", "webhook:read", "webhook.list"],
      ["GET", "/webhook-logs/1", "webhook:read", "webhook.list"],
      ["POST", "/webhook-logs/replay", "webhook:write", "webhook.update"],
    ] as const

    it("ask for the scope first, then for the user's permission, at each endpoint", async () => {
      const none = await aCaller(site, { companyId, role: "User", scopes: [] })
      const noPermission = await aCaller(site, { companyId, role: "User" })
      for (const [method, path, scope, permission] of routes) {
        const answer = await none.send(path, { method })
        checkError(answer, 403, "insufficient_scope", path)
        assert.equal(
          answer.headers.get("www-authenticate"),
          `Bearer realm="SePay", error="insufficient_scope", scope="${scope}"`,
        )
        const second = await noPermission.send(path, { method })
        if (permission === undefined) assert.equal(second.status, 200)
        else checkError(second, 403, "forbidden", path)
      }
    })

    it("let a User pass with just the scope and permission of the endpoint", async () => {
      for (const [method, path, scope, permission] of routes) {
        if (permission === undefined || permission === "administrator") continue
        const one = await aCaller(site, { companyId, role: "User", scopes: [scope], permissions: [permission] })
        assert.notEqual((await one.send(path, { method })).status, 403, path)
      }
    })
  })

  describe("bodies", () => {
    const path = "/company/configurations"
    const patch = (body: NonNullable<RequestInit["body"]>, headers: Record<string, string>): Promise<Answer> =>
      caller.send(path, { method: "PATCH", body, headers })
    const json = { "content-type": "application/json" }

    it("that are no JSON object are 400 under the name body", async () => {
      for (const body of ["{", "[]", "1", "null", '"x"', "{}x", Buffer.from([0x7b, 0xff, 0x7d])]) {
        const answer = await patch(body, json)
        checkError(answer, 400, "invalid_request", String(body))
        assert.deepEqual(Object.keys(answer.json<{ errors: object }>().errors), ["body"])
      }
    })

    it("of another type or encoding are 415", async () => {
      for (const headers of [
        { "content-type": "text/plain" },
        { "content-type": "application/x-www-form-urlencoded" },
        { "content-type": "application/jsonx" },
        { ...json, "content-encoding": "gzip" },
      ]) {
        checkError(await patch("{}", headers), 415, "unsupported_media_type", JSON.stringify(headers))
      }
    })

    it("are taken with a charset, without a type, and empty", async () => {
      for (const [body, headers] of [
        ["{}", { "content-type": "application/json; charset=utf-8" }],
        ["{}", { "content-type": "Application/JSON", "content-encoding": "identity" }],
        ["", json],
      ] as const) {
        assert.equal((await patch(body, headers)).status, 200)
      }
      const untyped = await patch(new Blob(["{}"]), {})
      assert.equal(untyped.status, 200)
    })

    it("over 256 KiB are 413, whether the length is told before or not", async () => {
      const limit = 256 * 1024
      const text = `{"x":"${"y".repeat(limit - 8)}"}`
      assert.equal(text.length, limit)
      assert.equal((await patch(text, json)).status, 200)
      checkError(await patch(`${text} `, { "content-type": "text/plain" }), 413, "payload_too_large")
      const streamed = new ReadableStream({
        start: (controller) => {
          for (let sent = 0; sent < limit * 2; sent += 16_384) controller.enqueue(Buffer.alloc(16_384, 32))
          controller.close()
        },
      })
      const init = { method: "PATCH", body: streamed, headers: json, duplex: "half" } as RequestInit
      checkError(await caller.send(path, init), 413, "payload_too_large")
    })

    it("of GET are ignored", async () => {
      const { port } = new URL(site.url)
      const socket = connect(Number(port), "127.0.0.1")
      const head = `Host: x\r\nAuthorization: Bearer ${caller.token}\r\nContent-Type: text/weird\r\nContent-Encoding: br`
      socket.write(`GET /api/v1/me HTTP/1.1\r\n${head}\r\nContent-Length: 3\r\nConnection: close\r\n\r\n{{{`)
      let text = ""
      socket.on("data", (chunk) => {
        text += chunk
      })
      await once(socket, "close")
      assert.match(text, /^HTTP\/1\.1 200 /)
    })
  })

  describe("the order of checks (contract/api.md §1)", () => {
    it("is readiness, path, token, scope, permission, body, object, parameters", async () => {
      const noScope = await aCaller(site, { companyId, role: "User", scopes: [] })
      const noPermission = await aCaller(site, { companyId, role: "User" })
      const path = "/api/v1/company/configurations"
      const wrong = { method: "PATCH", body: "{", headers: { "content-type": "text/plain" } }
      const sub = `/bank-accounts/${await aBankAccount(site.context.db, { companyId })}/sub-accounts`

      site.ready = false
      const unready = await stranger.send("/api/v1/nothing", wrong)
      checkError(unready, 503, "unavailable")
      assert.match(unready.headers.get("retry-after") ?? "", /^[1-9]\d*$/)
      site.ready = true
      checkError(await stranger.send("/api/v1/nothing", wrong), 404, "not_found")
      checkError(await stranger.send(path, wrong), 401, "invalid_token")
      checkError(await noScope.send("/company/configurations", wrong), 403, "insufficient_scope")
      checkError(await noPermission.send("/company/configurations", wrong), 403, "forbidden")
      checkError(await caller.send("/company/configurations", wrong), 415, "unsupported_media_type")
      checkError(await caller.get("/bank-accounts/9007199254740991/sub-accounts?page=0"), 404, "not_found")
      checkError(await caller.get("/bank-accounts/9999999999999999/sub-accounts?page=0"), 404, "not_found")
      checkError(await caller.get(`${sub}?page=0`), 400, "invalid_request")
    })
  })
})
