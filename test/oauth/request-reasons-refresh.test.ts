import {
  addClient,
  changeDatabase,
  connect,
  credentials,
  grantCode,
  makePkce,
  redeemCode,
  refresh,
  type TokenBody,
} from "../support/oauth-site.ts"
import { type Case, describeReasons, endGrants, withTokens } from "./request-ground.ts"

const pkceApp = { profile: "oauth21" } as const
const _callback = "https://shop.example/callback"
/** Refusals of a refresh and of a revocation (contract/oauth.md §8, §9). */
const refreshCases: readonly Case[] = [
  { reason: "refresh_malformed", error: "invalid_grant", act: (site, client) => refresh(site, client, "sepay_rt_x") },
  {
    reason: "refresh_unknown",
    error: "invalid_grant",
    act: withTokens(async (site, client, tokens) => {
      await changeDatabase(site, (tx) => tx.deleteFrom("refresh_tokens").execute())
      return refresh(site, client, tokens.refresh_token)
    }),
  },
  {
    reason: "refresh_of_other_client",
    error: "invalid_grant",
    act: async (site, client) => refresh(site, client, (await connect(site, await addClient(site))).refresh_token),
  },
  {
    reason: "family_ended",
    error: "invalid_grant",
    facts: { why: "revoked_by_client", agoMs: 3000 },
    act: withTokens(async (site, client, tokens) => {
      await site.caller.postForm("/oauth/revoke", { token: tokens.refresh_token, ...credentials(client) })
      site.clock.advance({ seconds: 3 })
      return refresh(site, client, tokens.refresh_token)
    }),
  },
  {
    reason: "grant_ended",
    name: "by the user, later",
    error: "invalid_grant",
    facts: { why: "revoked_by_user" },
    act: withTokens(async (site, client, tokens) => {
      await endGrants(site)
      return refresh(site, client, tokens.refresh_token)
    }),
  },
  {
    reason: "family_over",
    error: "invalid_grant",
    client: pkceApp,
    act: async (site, client) => {
      const { verifier, challenge } = makePkce()
      const answer = await redeemCode(site, client, await grantCode(site, client, { challenge }), {
        code_verifier: verifier,
      })
      site.clock.advance({ days: 366 })
      return refresh(site, client, answer.json<TokenBody>().refresh_token)
    },
  },
  {
    reason: "refresh_expired",
    error: "invalid_grant",
    facts: { agoMs: 86_400_000 },
    act: withTokens(async (site, client, tokens) => {
      site.clock.advance({ days: 31 })
      return refresh(site, client, tokens.refresh_token)
    }),
  },
  {
    reason: "refresh_scope_unknown",
    error: "invalid_scope",
    facts: { word: "everything" },
    act: withTokens((site, client, tokens) => refresh(site, client, tokens.refresh_token, { scope: "everything" })),
  },
  {
    reason: "refresh_scope_wider",
    error: "invalid_scope",
    facts: { word: "webhook:read" },
    act: withTokens((site, client, tokens) => refresh(site, client, tokens.refresh_token, { scope: "webhook:read" })),
  },
  {
    reason: "refresh_other_scope",
    error: "invalid_grant",
    act: withTokens(async (site, client, tokens) => {
      await refresh(site, client, tokens.refresh_token)
      return refresh(site, client, tokens.refresh_token, { scope: "profile" })
    }),
  },
  {
    reason: "refresh_replayed",
    error: "invalid_grant",
    facts: { generation: 1, current: 2, agoMs: 61_000 },
    act: withTokens(async (site, client, tokens) => {
      await refresh(site, client, tokens.refresh_token)
      site.clock.advance({ seconds: 61 })
      return refresh(site, client, tokens.refresh_token)
    }),
  },
  {
    reason: "token_of_other_client",
    error: "unauthorized_client",
    endpoint: "/oauth/revoke",
    act: async (site, client) => {
      const { refresh_token: token } = await connect(site, await addClient(site))
      return site.caller.postForm("/oauth/revoke", { token, ...credentials(client) })
    },
  },
]

describeReasons("/oauth/token with a refresh token, and /oauth/revoke", refreshCases)
