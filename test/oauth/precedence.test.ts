import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { suspendClient } from "../../src/oauth/client.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answer, encodeForm, type FormFields } from "../support/http.ts"
import {
  addClient,
  basic,
  credentials,
  expectRefusal,
  grantCode,
  type OAuthSite,
  startOAuthSite,
  type TestClient,
} from "../support/oauth-site.ts"

interface Breach {
  readonly name: string
  readonly expected: readonly [status: number, error: string]
  readonly method?: string
  readonly contentType?: string
  readonly body?: string
  readonly query?: string
  /** Appended to the form. */
  readonly repeated?: string
  readonly fields?: FormFields
  /** Sent without any authentication. */
  readonly anonymous?: boolean
  readonly client?: "suspended"
  readonly blocked?: boolean
}

/** Each breaks one rule, in the order in which they are checked (contract/oauth.md §6.2, "Order of checks"). */
const breaches: readonly Breach[] = [
  { name: "another method", method: "PUT", expected: [405, "method_not_allowed"] },
  { name: "a spent failure budget", blocked: true, expected: [429, "rate_limited"] },
  { name: "a body over 64 KiB", body: `x=${"x".repeat(64 * 1024)}`, expected: [413, "payload_too_large"] },
  { name: "another content type", contentType: "application/json", expected: [400, "invalid_request"] },
  { name: "a repeated parameter", repeated: "&code=1&code=2", expected: [400, "invalid_request"] },
  { name: "an unknown grant type", fields: { grant_type: "password" }, expected: [400, "unsupported_grant_type"] },
  { name: "no authentication", anonymous: true, expected: [401, "invalid_client"] },
  { name: "a suspended app", client: "suspended", expected: [400, "unauthorized_client"] },
  { name: "no code", fields: { code: undefined }, expected: [400, "invalid_request"] },
  { name: "an unknown code", fields: { code: "sepay_ac_x" }, expected: [400, "invalid_grant"] },
]

const nobody: TestClient = { clientId: "", clientSecret: "", redirectUri: "" }

onEachEngine((engine) => {
  let site: OAuthSite
  const clients: Record<"good" | "suspended", TestClient> = { good: nobody, suspended: nobody }
  let code: string
  before(async () => {
    // Whoever says he comes from 192.0.2.1 has spent his failures already.
    site = await startOAuthSite(engine.databaseUrl(), {
      env: { TRUSTED_PROXIES: "127.0.0.1", RATE_LIMIT_FAILURES: "1000/60s" },
    })
    clients.good = await addClient(site)
    clients.suspended = await addClient(site)
    code = await grantCode(site, clients.good)
    const { db, clock } = site.app.context
    await suspendClient(db, clients.suspended.clientId, "for the test", clock.now())
    await Promise.all(
      Array.from({ length: 1000 }, () =>
        send([{ name: "", expected: [400, ""], fields: { grant_type: "x" } }], "192.0.2.1"),
      ),
    )
  })
  after(() => site.stop())

  function send(
    broken: readonly Breach[],
    address = broken.some((breach) => breach.blocked) ? "192.0.2.1" : "192.0.2.2",
  ): Promise<Answer> {
    const client = clients[broken.find((breach) => breach.client)?.client ?? "good"]
    const right = { grant_type: "authorization_code", code, redirect_uri: clients.good.redirectUri }
    const form = encodeForm(
      Object.assign({ ...right, ...credentials(client) }, ...broken.map((breach) => breach.fields)),
    )
    if (broken.some((breach) => breach.anonymous)) {
      form.delete("client_id")
      form.delete("client_secret")
    }
    const text = [form.toString(), ...broken.map((breach) => breach.repeated ?? "")].join("")
    const given = broken.map((breach) => breach.body).find((body) => body !== undefined)
    return site.caller.send("/oauth/token", {
      method: broken.map((breach) => breach.method).find((method) => method !== undefined) ?? "POST",
      body: given === undefined ? text : `${text}&${given}`,
      headers: {
        "content-type":
          broken.map((breach) => breach.contentType).find((type) => type !== undefined) ??
          "application/x-www-form-urlencoded; charset=UTF-8",
        "x-forwarded-for": address,
      },
    })
  }

  describe("of two broken rules the one checked first decides (contract/oauth.md §6.2)", () => {
    for (const [index, first] of breaches.entries()) {
      it(`${first.name}, alone and with every later one`, async () => {
        for (const later of [undefined, ...breaches.slice(index + 1)]) {
          // A later choice of the same field would undo the earlier breach.
          const clash = Object.keys(first.fields ?? {}).some((name) => name in (later?.fields ?? {}))
          if (clash) continue
          const answer = await send(later === undefined ? [first] : [first, later])
          const { error } = answer.json<{ error: string }>()
          assert.deepEqual([answer.status, error], first.expected, `with ${later?.name ?? "nothing else"}`)
        }
      })
    }
  })

  describe("POST bodies (contract/oauth.md §1)", () => {
    it("are forms and nothing else", async () => {
      for (const type of [
        "application/json",
        "multipart/form-data; boundary=x",
        "text/plain",
        "application/x-www-form-urlencodedx",
      ]) {
        const answer = await send([{ name: type, contentType: type, expected: [400, "invalid_request"] }])
        const description = expectRefusal(answer, 400, "invalid_request")
        assert.equal(description, "Content-Type must be application/x-www-form-urlencoded")
      }
    })

    it("of none of the known parameters name what is missing", async () => {
      const answer = await site.caller.send("/oauth/token", { method: "POST" })
      expectRefusal(answer, 400, "invalid_request", "grant_type")
    })

    it("may carry a parameter of the endpoint in the query string for none", async () => {
      for (const name of [
        "grant_type",
        "code",
        "client_id",
        "client_secret",
        "refresh_token",
        "scope",
        "redirect_uri",
        "code_verifier",
      ]) {
        const path = `/oauth/token?${name}=x`
        const answer = await site.caller.postForm(
          path,
          { grant_type: "refresh_token", refresh_token: "x" },
          basic(clients.good),
        )
        expectRefusal(answer, 400, "invalid_request", name)
      }
      const other = await site.caller.postForm(
        "/oauth/token?utm=1",
        { grant_type: "refresh_token", refresh_token: "x" },
        basic(clients.good),
      )
      expectRefusal(other, 400, "invalid_grant")
    })

    it("may repeat no known parameter, not even with the same or an empty value", async () => {
      for (const name of [
        "grant_type",
        "code",
        "client_id",
        "client_secret",
        "refresh_token",
        "scope",
        "redirect_uri",
        "code_verifier",
        "client_assertion",
      ]) {
        for (const values of [
          ["x", "x"],
          ["", "x"],
        ]) {
          const answer = await site.caller.postForm("/oauth/token", { [name]: values })
          expectRefusal(answer, 400, "invalid_request", name)
        }
      }
    })

    it("of 64 KiB are read, and request lines and headers of 16 KiB", async () => {
      const fields = { grant_type: "refresh_token", refresh_token: "x", ...credentials(clients.good) }
      const room = 64 * 1024 - encodeForm({ ...fields, pad: "x" }).toString().length + 1
      const headers = { "x-pad": "x".repeat(14_000) }
      const answer = await site.caller.postForm("/oauth/token", { ...fields, pad: "x".repeat(room) }, headers)
      expectRefusal(answer, 400, "invalid_grant")
    })
  })

  describe("other methods (contract/oauth.md §1)", () => {
    for (const [path, method, allow] of [
      ["/oauth/token", "GET", "POST"],
      ["/oauth/token", "DELETE", "POST"],
      ["/oauth/token", "HEAD", "POST"],
      ["/oauth/revoke", "GET", "POST"],
      ["/oauth/jwks.json", "POST", "GET, HEAD"],
      ["/.well-known/oauth-authorization-server", "PUT", "GET, HEAD"],
    ] as const) {
      it(`${method} ${path} is 405 with Allow`, async () => {
        const answer = await site.caller.send(path, { method })
        assert.equal(answer.status, 405)
        assert.equal(answer.headers.get("allow"), allow)
        if (method !== "HEAD") expectRefusal(answer, 405, "method_not_allowed")
      })
    }
  })

  it("X-Request-Id comes back when it is one, and is made anew when not", async () => {
    const given = `${"aZ9._-".repeat(21)}ab`
    for (const [id, echoed] of [
      [given, true],
      ["x y", false],
      [`${given}x`, false],
      ["a/b", false],
    ] as const) {
      const answer = await site.caller.postForm("/oauth/token", {}, { "x-request-id": id })
      assert.equal(answer.headers.get("x-request-id") === id, echoed, id)
    }
  })
})
