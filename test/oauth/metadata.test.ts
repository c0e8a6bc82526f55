import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { onEachEngine } from "../support/engines.ts"
import { addClient, connect, type OAuthSite, startOAuthSite } from "../support/oauth-site.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
  })
  after(() => site.stop())

  const metadata = async () => (await site.caller.get("/.well-known/oauth-authorization-server")).json<Metadata>()
  type Metadata = Record<string, string | readonly string[]>

  it("the metadata are those of contract/oauth.md §11, less what this server lacks, and nothing else", async () => {
    const { url } = site
    const methods = ["client_secret_post", "client_secret_basic", "none"]
    assert.deepEqual(await metadata(), {
      issuer: url,
      authorization_endpoint: `${url}/oauth/authorize`,
      token_endpoint: `${url}/oauth/token`,
      revocation_endpoint: `${url}/oauth/revoke`,
      jwks_uri: `${url}/oauth/jwks.json`,
      scopes_supported: [
        "bank-account:read",
        "transaction:read",
        "webhook:read",
        "webhook:write",
        "webhook:delete",
        "profile",
        "company",
      ],
      response_types_supported: ["code"],
      response_modes_supported: ["query"],
      grant_types_supported: ["authorization_code", "refresh_token"],
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
      token_endpoint_auth_methods_supported: methods,
      revocation_endpoint_auth_methods_supported: methods,
      ui_locales_supported: ["vi", "en"],
    })
  })

  it("every endpoint they name answers, and those they leave out are not there", async () => {
    const listed = await metadata()
    for (const [name, value] of Object.entries(listed)) {
      if (!/_endpoint$|_uri$/.test(name)) continue
      const { status } = await site.caller.send(String(value), { method: /token|revoc/.test(name) ? "POST" : "GET" })
      assert.ok(status < 500 && status !== 404 && status !== 405, `${name}: ${status}`)
    }
    for (const path of ["introspect", "par", "device_authorization", "device"]) {
      assert.equal((await site.caller.send(`/oauth/${path}`, { method: "POST" })).status, 404, path)
    }
  })

  for (const path of ["/.well-known/oauth-authorization-server", "/oauth/jwks.json"]) {
    it(`${path} may be cached for an hour and read by every page`, async () => {
      const { status, headers } = await site.caller.get(`${path}?x=1`)
      assert.equal(status, 200)
      assert.equal(headers.get("content-type"), "application/json; charset=utf-8")
      assert.equal(headers.get("cache-control"), "public, max-age=3600")
      assert.equal(headers.get("pragma"), null)
      assert.equal(headers.get("access-control-allow-origin"), "*")
      assert.equal(headers.get("set-cookie"), null)
    })
  }

  it("the issuer is the base URL, and the iss of tokens", async () => {
    const tokens = await connect(site, await addClient(site))
    const { iss } = JSON.parse(Buffer.from(tokens.access_token.split(".")[1] ?? "", "base64url").toString())
    assert.equal(iss, (await metadata())["issuer"])
    assert.ok(!String(iss).endsWith("/"))
  })

  describe("the JWKS", () => {
    it("shows public RSA keys of 2048 bits alone, named by their thumbprint (RFC 7638)", async () => {
      const { calculateJwkThumbprint } = await import("jose")
      const { keys } = (await site.caller.get("/oauth/jwks.json")).json<{ keys: Record<string, string>[] }>()
      assert.equal(keys.length, 1)
      for (const { kid, n = "", ...rest } of keys) {
        assert.deepEqual(rest, { kty: "RSA", use: "sig", alg: "RS256", e: "AQAB" })
        assert.equal(Buffer.from(n, "base64url").length, 256)
        assert.equal(kid, await calculateJwkThumbprint({ kty: "RSA", n, e: "AQAB" }))
      }
    })

    it("comes of keys whose private part is sealed at rest", async () => {
      const rows = await site.app.context.db.selectFrom("signing_keys").select("sealed_private_key").execute()
      for (const { sealed_private_key } of rows) {
        assert.ok(sealed_private_key !== null && !/PRIVATE|BgkqhkiG9w0BAQE/.test(sealed_private_key))
      }
    })
  })
})
