import { suspendClient } from "../../src/oauth/client.ts"
import { rotateClientSecret } from "../../src/oauth/client-secret.ts"
import type { FormFields } from "../support/http.ts"
import {
  addClient,
  addUser,
  basic,
  changeDatabase,
  credentials,
  grantCode,
  makePkce,
  type OAuthSite,
  postToken,
  redeemCode,
  type TestClient,
} from "../support/oauth-site.ts"
import { type Case, describeReasons, endGrants } from "./request-ground.ts"

const pkceApp = { profile: "oauth21" } as const
const callback = "https://shop.example/callback"
const code = { grant_type: "authorization_code", code: "sepay_ac_x", redirect_uri: callback }

async function exchange(
  site: OAuthSite,
  client: TestClient,
  changes: FormFields,
  challenge?: string,
): Promise<unknown> {
  const options = challenge === undefined ? {} : { challenge }
  return redeemCode(site, client, await grantCode(site, client, options), changes)
}

/** Refusals of the token endpoint, in the order of its checks (contract/oauth.md §6.2, §5.2). */
const tokenCases: readonly Case[] = [
  {
    reason: "parameter_in_query",
    error: "invalid_request",
    proven: false,
    facts: { parameter: "code" },
    act: (site, client) => site.caller.postForm("/oauth/token?code=1", { ...code, ...credentials(client) }),
  },
  {
    reason: "parameter_repeated",
    error: "invalid_request",
    proven: false,
    facts: { parameter: "code" },
    act: (site, client) => postToken(site, { ...code, ...credentials(client), code: ["a", "b"] }),
  },
  {
    reason: "parameter_missing",
    error: "invalid_request",
    proven: false,
    facts: { parameter: "grant_type" },
    act: (site, client) => postToken(site, { ...credentials(client) }),
  },
  {
    reason: "grant_type_unsupported",
    error: "unsupported_grant_type",
    proven: false,
    facts: { sent: "password" },
    act: (site, client) => postToken(site, { grant_type: "password", ...credentials(client) }),
  },
  {
    reason: "content_type_wrong",
    error: "invalid_request",
    proven: false,
    act: (site, client) =>
      site.caller.send("/oauth/token", {
        method: "POST",
        body: "{}",
        headers: { "content-type": "application/json", ...basic(client) },
      }),
  },
  {
    reason: "authentication_doubled",
    error: "invalid_request",
    proven: false,
    act: (site, client) => postToken(site, { ...code, ...credentials(client) }, basic(client)),
  },
  {
    reason: "client_ids_differ",
    error: "invalid_request",
    proven: false,
    act: (site, client) =>
      postToken(
        site,
        { ...code, client_id: client.clientId },
        basic({ ...client, clientId: "client_00000000000000000000" }),
      ),
  },
  {
    reason: "assertion_unsupported",
    error: "invalid_client",
    proven: false,
    act: (site, client) => postToken(site, { ...code, client_id: client.clientId, client_assertion: "x" }),
  },
  {
    reason: "secret_missing",
    error: "invalid_client",
    proven: false,
    act: (site, client) => postToken(site, { ...code, client_id: client.clientId }),
  },
  {
    reason: "secret_unexpected",
    error: "invalid_client",
    proven: false,
    client: { ...pkceApp, isPublic: true },
    act: (site, client) => postToken(site, { ...code, client_id: client.clientId, client_secret: "x" }),
  },
  {
    reason: "secret_malformed",
    error: "invalid_client",
    proven: false,
    act: (site, client) =>
      postToken(site, { ...code, ...credentials(client), client_secret: `${client.clientSecret} ` }),
  },
  {
    reason: "secret_wrong",
    error: "invalid_client",
    proven: false,
    act: async (site, client) => {
      const { clientSecret } = await addClient(site)
      return postToken(site, { ...code, ...credentials(client), client_secret: clientSecret })
    },
  },
  {
    reason: "secret_expired",
    error: "invalid_client",
    proven: false,
    facts: { agoMs: 60_000 },
    act: async (site, client) => {
      const { db, config } = site.app.context
      site.secrets.add(await rotateClientSecret(db, config.keyring, client.clientId, 3600, site.clock.now()))
      site.clock.advance({ minutes: 61 })
      return postToken(site, { ...code, ...credentials(client) }, {})
    },
  },
  {
    reason: "app_suspended",
    error: "unauthorized_client",
    act: async (site, client) => {
      await suspendClient(site.app.context.db, client.clientId, "a test", site.clock.now())
      return postToken(site, { ...code, ...credentials(client) })
    },
  },
  {
    reason: "parameter_missing",
    name: "redirect_uri",
    error: "invalid_request",
    facts: { parameter: "redirect_uri" },
    act: (site, client) => exchange(site, client, { redirect_uri: undefined }),
  },
  {
    reason: "code_malformed",
    error: "invalid_grant",
    act: (site, client) => postToken(site, { ...code, ...credentials(client) }),
  },
  {
    reason: "code_unknown",
    error: "invalid_grant",
    act: async (site, client) => {
      const given = await grantCode(site, client)
      await changeDatabase(site, (tx) => tx.deleteFrom("authorization_codes").execute())
      return redeemCode(site, client, given)
    },
  },
  {
    reason: "code_of_other_client",
    error: "invalid_grant",
    act: async (site, client) => redeemCode(site, client, await grantCode(site, await addClient(site))),
  },
  {
    reason: "redirect_uri_not_as_authorized",
    error: "invalid_grant",
    facts: { position: callback.length + 1 },
    act: (site, client) => exchange(site, client, { redirect_uri: `${callback}/` }),
  },
  {
    reason: "verifier_unexpected",
    error: "invalid_grant",
    act: (site, client) => exchange(site, client, { code_verifier: "x".repeat(43) }),
  },
  {
    reason: "verifier_missing",
    error: "invalid_grant",
    act: (site, client) => exchange(site, client, {}, makePkce().challenge),
  },
  {
    reason: "verifier_length",
    error: "invalid_grant",
    facts: { length: 42 },
    act: (site, client) => exchange(site, client, { code_verifier: "x".repeat(42) }, makePkce().challenge),
  },
  {
    reason: "verifier_characters",
    error: "invalid_grant",
    facts: { position: 44 },
    act: (site, client) => exchange(site, client, { code_verifier: `${"x".repeat(43)}+` }, makePkce().challenge),
  },
  {
    reason: "verifier_mismatch",
    error: "invalid_grant",
    act: (site, client) => exchange(site, client, { code_verifier: makePkce().verifier }, makePkce().challenge),
  },
  {
    reason: "code_expired",
    error: "invalid_grant",
    facts: { agoMs: 192_000, lifetimeSeconds: 300 },
    act: async (site, client) => {
      const given = await grantCode(site, client)
      site.clock.advance({ minutes: 8, seconds: 12 })
      return redeemCode(site, client, given)
    },
  },
  {
    reason: "code_used",
    error: "invalid_grant",
    facts: { agoMs: 5000 },
    act: async (site, client) => {
      const given = await grantCode(site, client)
      await redeemCode(site, client, given)
      site.clock.advance({ seconds: 5 })
      return redeemCode(site, client, given)
    },
  },
  {
    reason: "grant_ended",
    error: "invalid_grant",
    facts: { agoMs: 1000, why: "revoked_by_user" },
    act: async (site, client) => {
      const given = await grantCode(site, client)
      await endGrants(site)
      return redeemCode(site, client, given)
    },
  },
  {
    reason: "owner_inactive",
    error: "invalid_grant",
    act: async (site, client) => {
      const user = await addUser(site.app)
      const given = await grantCode(site, client, { user })
      await changeDatabase(site, (tx) =>
        tx.updateTable("users").set({ status: "closed" }).where("id", "=", user.id).execute(),
      )
      return redeemCode(site, client, given)
    },
  },
  {
    reason: "nothing_left",
    error: "invalid_grant",
    act: async (site, client) => {
      const given = await grantCode(site, client, { scope: "profile" })
      await changeDatabase(site, (tx) =>
        tx
          .updateTable("clients")
          .set({ scopes: '[{"scope":"company","required":true}]' })
          .where("client_id", "=", client.clientId)
          .execute(),
      )
      return redeemCode(site, client, given)
    },
  },
]

describeReasons("/oauth/token with a code", tokenCases)
