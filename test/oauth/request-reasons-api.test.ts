import assert from "node:assert/strict"
import { it } from "node:test"
import { suspendClient } from "../../src/oauth/client.ts"
import {
  addClient,
  addUser,
  callApi,
  changeDatabase,
  connect,
  credentials,
  noticeChanges,
  startOAuthSite,
} from "../support/oauth-site.ts"
import { type Case, describeReasons, endGrants, lastCall, withTokens } from "./request-ground.ts"

const _pkceApp = { profile: "oauth21" } as const
const _callback = "https://shop.example/callback"
function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` }
}

/** Refusals of the API, in the order of its checks (contract/api.md §1). */
const apiCases: readonly Case[] = [
  {
    reason: "token_signature",
    error: "invalid_token",
    proven: false,
    act: withTokens((site, _client, tokens) => callApi(site, tokens.access_token.slice(0, -8))),
  },
  {
    reason: "token_key_gone",
    error: "invalid_token",
    proven: false,
    act: withTokens((site, _client, tokens) => {
      const [, payload, signature] = tokens.access_token.split(".")
      const header = Buffer.from(JSON.stringify({ alg: "RS256", typ: "JWT", kid: "gone" })).toString("base64url")
      return callApi(site, [header, payload, signature].join("."))
    }),
  },
  {
    reason: "token_expired",
    error: "expired_token",
    facts: { agoMs: 120_000 },
    act: withTokens((site, _client, tokens) => {
      site.clock.advance({ minutes: 62 })
      return callApi(site, tokens.access_token)
    }),
  },
  {
    reason: "grant_ended",
    error: "invalid_token",
    facts: { why: "revoked_by_user", agoMs: 1000 },
    act: withTokens(async (site, _client, tokens) => {
      await endGrants(site)
      return callApi(site, tokens.access_token)
    }),
  },
  {
    reason: "app_suspended",
    error: "invalid_token",
    act: withTokens(async (site, client, tokens) => {
      await suspendClient(site.app.context.db, client.clientId, "a test", site.clock.now())
      await noticeChanges(site)
      return callApi(site, tokens.access_token)
    }),
  },
  {
    reason: "token_revoked",
    error: "invalid_token",
    facts: { agoMs: 2000 },
    act: withTokens(async (site, client, tokens) => {
      await site.caller.postForm("/oauth/revoke", { token: tokens.access_token, ...credentials(client) })
      site.clock.advance({ seconds: 2 })
      return callApi(site, tokens.access_token)
    }),
  },
  {
    reason: "scope_insufficient",
    error: "insufficient_scope",
    facts: { needed: "transaction:read", has: "profile company" },
    act: withTokens((site, _client, tokens) => site.caller.get("/api/v1/transactions", bearer(tokens.access_token))),
  },
  {
    reason: "administrator_needed",
    error: "forbidden",
    act: async (site, client) => {
      const user = await addUser(site.app, site.merchant.companyId, "User")
      return site.caller.get("/api/v1/company", bearer((await connect(site, client, { user })).access_token))
    },
  },
  {
    reason: "permission_lacking",
    error: "forbidden",
    facts: { permission: "transaction.list" },
    act: async (site, client) => {
      const user = await addUser(site.app, site.merchant.companyId, "User")
      return site.caller.get(
        "/api/v1/transactions",
        bearer((await connect(site, client, { user, scope: "transaction:read" })).access_token),
      )
    },
  },
  {
    reason: "account_not_in_consent",
    error: "not_found",
    facts: { id: "12" },
    endpoint: "/api/v1/bank-accounts/{id}",
    act: async (site, client) => {
      const tokens = await connect(site, client, { scope: "bank-account:read", bankAccountIds: [11] })
      return site.caller.get("/api/v1/bank-accounts/12", bearer(tokens.access_token))
    },
  },
  {
    reason: "object_not_visible",
    error: "not_found",
    facts: { id: "999" },
    endpoint: "/api/v1/transactions/{id}",
    act: async (site, client) => {
      const tokens = await connect(site, client, { scope: "transaction:read" })
      return site.caller.get("/api/v1/transactions/999", bearer(tokens.access_token))
    },
  },
  {
    reason: "input_invalid",
    error: "invalid_request",
    facts: { fields: "limit" },
    act: async (site, client) => {
      const tokens = await connect(site, client, { scope: "transaction:read" })
      return site.caller.get("/api/v1/transactions?limit=x", bearer(tokens.access_token))
    },
  },
]

describeReasons("/api/v1", apiCases, (site, engine) => {
  it("a token whose chain is another app's than its aud is told to the app of the chain", async () => {
    const [client, other] = [await addClient(site()), await addClient(site())]
    const tokens = await connect(site(), client)
    // No operation gives a chain away.
    await changeDatabase(site(), (tx) =>
      tx
        .updateTable("token_families")
        .set({
          client_row_id: (clients) =>
            clients.selectFrom("clients").select("id").where("client_id", "=", other.clientId),
        })
        .where("client_row_id", "=", (clients) =>
          clients.selectFrom("clients").select("id").where("client_id", "=", client.clientId),
        )
        .execute(),
    )
    assert.equal(await callApi(site(), tokens.access_token), 401)
    assert.equal((await lastCall(site(), other)).reason, "token_audience")
    assert.equal((await lastCall(site(), client)).endpoint, "/oauth/token", "the app that aud names hears nothing")
  })

  it("a token of another issuer, signed by our key, is told apart", async () => {
    const other = await startOAuthSite(engine.databaseUrl(), { clock: site().clock, merchant: site().merchant })
    try {
      const client = await addClient(other)
      const tokens = await connect(other, client)
      assert.equal(await callApi(site(), tokens.access_token), 401)
      const call = await lastCall(site(), client)
      assert.deepEqual(
        [call.reason, call.proven, call.facts],
        ["token_issuer", true, { sent: other.url, expected: site().url }],
      )
    } finally {
      await other.stop()
    }
  })
})
