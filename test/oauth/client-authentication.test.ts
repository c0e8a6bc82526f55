import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { rotateClientSecret } from "../../src/oauth/client-secret.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answer, basicAuthorization, type FormFields } from "../support/http.ts"
import {
  addClient,
  addUser,
  basic,
  connect,
  credentials,
  expectRefusal,
  expectTokens,
  grantCode,
  makePkce,
  type OAuthSite,
  postToken,
  redeemCode,
  refresh,
  startOAuthSite,
  type TestClient,
} from "../support/oauth-site.ts"

onEachEngine((engine) => {
  let site: OAuthSite
  let client: TestClient
  let token: string
  before(async () => {
    site = await startOAuthSite(engine.databaseUrl())
    client = await addClient(site)
    token = (await connect(site, client)).refresh_token
  })
  after(() => site.stop())

  /** Refreshes with that proof of who calls; the token stays good, since its answer repeats. */
  const call = (fields: FormFields, headers: Record<string, string> = {}): Promise<Answer> =>
    postToken(site, { grant_type: "refresh_token", refresh_token: token, ...fields }, headers)

  describe("accepted (contract/oauth.md §6.1)", () => {
    it("is the secret in the form", async () => {
      expectTokens(await call(credentials(client)))
    })
    it("is HTTP Basic", async () => {
      expectTokens(await call({}, basic(client)))
    })
    it("is HTTP Basic with an equal client_id in the body", async () => {
      expectTokens(await call({ client_id: client.clientId }, basic(client)))
    })
    it("is HTTP Basic whatever the case of its name, and percent-encoded", async () => {
      const encode = (text: string) => text.replace("_", "%5F")
      const pair = Buffer.from(`${encode(client.clientId)}:${encode(client.clientSecret)}`).toString("base64")
      expectTokens(await call({}, { authorization: `bAsIc ${pair}` }))
    })
  })

  describe("refused with invalid_client and 401", () => {
    const cases: readonly (readonly [what: string, fields: () => FormFields])[] = [
      ["no authentication at all", () => ({})],
      ["a client_id alone, of a confidential client", () => ({ client_id: client.clientId })],
      ["a secret without client_id", () => ({ client_secret: client.clientSecret })],
      ["an unknown client", () => ({ client_id: "client_00000000000000000000", client_secret: client.clientSecret })],
      ["a malformed secret", () => ({ ...credentials(client), client_secret: "secret" })],
      ["a well-formed secret of nobody", () => ({ ...credentials(client), client_secret: nobodysSecret })],
      ["an empty secret", () => ({ ...credentials(client), client_secret: "" })],
      ["another client's secret", () => ({ client_id: client.clientId, client_secret: otherSecret })],
      ["an assertion, which the profile does not take", () => ({ client_id: client.clientId, ...assertion })],
    ]
    const nobodysSecret = "sepay_cs_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf0anU7N"
    const assertion = {
      client_assertion: "a.b.c",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }
    let otherSecret = ""
    before(async () => {
      otherSecret = (await addClient(site)).clientSecret
    })
    for (const [what, fields] of cases) {
      it(what, async () => {
        const answer = await call(fields())
        expectRefusal(answer, 401, "invalid_client")
        assert.equal(answer.headers.get("www-authenticate"), null)
      })
    }

    for (const [what, value] of [
      ["a wrong secret", () => basicAuthorization(client.clientId, "sepay_cs_wrong")],
      ["an unknown client", () => basicAuthorization("client_00000000000000000000", client.clientSecret)],
      ["an empty secret", () => basicAuthorization(client.clientId, "")],
      ["no colon", () => `Basic ${Buffer.from(client.clientId).toString("base64")}`],
      ["no base64", () => "Basic %%%"],
    ] as const) {
      it(`${what} in HTTP Basic, with a challenge`, async () => {
        const answer = await call({}, { authorization: value() })
        expectRefusal(answer, 401, "invalid_client")
        assert.equal(answer.headers.get("www-authenticate"), 'Basic realm="SePay"')
      })
    }

    it("in the same words for an unknown client and for a wrong secret", async () => {
      const unknown = await call({ client_id: "client_00000000000000000000", client_secret: client.clientSecret })
      const wrong = await call({ client_id: client.clientId, client_secret: "sepay_cs_wrong" })
      assert.equal(unknown.text, wrong.text)
    })
  })

  describe("two at once are invalid_request", () => {
    it("by form and by Basic, both right", async () => {
      expectRefusal(await call({ client_secret: client.clientSecret }, basic(client)), 400, "invalid_request")
    })
    it("by form and by assertion", async () => {
      expectRefusal(await call({ ...credentials(client), client_assertion: "a.b.c" }), 400, "invalid_request")
    })
    it("by Basic with another client_id in the body", async () => {
      expectRefusal(await call({ client_id: "client_00000000000000000000" }, basic(client)), 400, "invalid_request")
    })
  })

  describe("secrets (contract/oauth.md §15)", () => {
    it("overlap after a rotation until the old one's end, to the moment", async () => {
      const app = await addClient(site)
      const { refresh_token } = await connect(site, app)
      const { db, config } = site.app.context
      const fresh = await rotateClientSecret(db, config.keyring, app.clientId, 3600, site.clock.now())
      site.secrets.add(fresh)
      const changed = { ...app, clientSecret: fresh }
      let { refresh_token: current } = expectTokens(await refresh(site, app, refresh_token))
      current = expectTokens(await refresh(site, changed, current)).refresh_token
      site.clock.advance({ seconds: 3599, milliseconds: 999 })
      current = expectTokens(await refresh(site, app, current)).refresh_token
      site.clock.advance({ milliseconds: 1 })
      expectRefusal(await refresh(site, app, current), 401, "invalid_client")
      expectTokens(await refresh(site, changed, current))
    })

    it("end at once when asked to", async () => {
      const app = await addClient(site)
      const { refresh_token } = await connect(site, app)
      const { db, config } = site.app.context
      const fresh = await rotateClientSecret(db, config.keyring, app.clientId, 0, site.clock.now())
      site.secrets.add(fresh)
      expectRefusal(await refresh(site, app, refresh_token), 401, "invalid_client")
      expectTokens(await refresh(site, { ...app, clientSecret: fresh }, refresh_token))
    })

    it("are stored as keyed hashes only", async () => {
      const rows = await site.app.context.db.selectFrom("client_secrets").select("secret_hash").execute()
      assert.ok(rows.length > 0)
      for (const { secret_hash } of rows) assert.match(secret_hash, /^[0-9a-f]{8}\.[A-Za-z0-9_-]{43}$/)
    })

    it("of a server key that left the front of SEPAY_SECRET still work, and so do codes and tokens", async () => {
      const url = await engine.createDatabase("migrated")
      const [oldKey, newKey] = ["an old server secret that is long enough", "the new server secret that is long enough"]
      const before = await startOAuthSite(url, { env: { SEPAY_SECRET: oldKey } })
      const app = await addClient(before)
      const code = await grantCode(before, app)
      const first = await connect(before, app)
      const second = expectTokens(await refresh(before, app, first.refresh_token))
      await before.stop()
      const after = await startOAuthSite(url, { env: { SEPAY_SECRET: `${newKey},${oldKey}` }, clock: before.clock })
      expectTokens(await redeemCode(after, app, code))
      assert.equal(expectTokens(await refresh(after, app, first.refresh_token)).refresh_token, second.refresh_token)
      const third = expectTokens(await refresh(after, app, second.refresh_token))
      assert.equal(expectTokens(await refresh(after, app, second.refresh_token)).refresh_token, third.refresh_token)
      await after.stop()
    })
  })

  describe("a public client", () => {
    let phone: TestClient
    let phoneToken: string
    const { verifier, challenge } = makePkce()
    before(async () => {
      phone = await addClient(site, { profile: "oauth21", isPublic: true, redirectUris: ["com.example.shop:/cb"] })
      const code = await grantCode(site, phone, { challenge, user: await addUser(site.app) })
      const fields = { code_verifier: verifier, client_secret: undefined }
      phoneToken = expectTokens(await redeemCode(site, phone, code, fields)).refresh_token
    })

    it("sends its client_id alone", async () => {
      expectTokens(await refresh(site, phone, phoneToken, { client_secret: undefined }))
    })

    it("is refused with a secret, in the form or by Basic", async () => {
      expectRefusal(
        await refresh(site, phone, phoneToken, { client_secret: client.clientSecret }),
        401,
        "invalid_client",
      )
      const header = { authorization: basicAuthorization(phone.clientId, client.clientSecret) }
      const fields = { grant_type: "refresh_token", refresh_token: phoneToken }
      expectRefusal(await postToken(site, fields, header), 401, "invalid_client")
    })

    it("cannot leave the verifier out", async () => {
      const code = await grantCode(site, phone, { challenge })
      expectRefusal(await redeemCode(site, phone, code, { client_secret: undefined }), 400, "invalid_grant")
    })
  })
})
