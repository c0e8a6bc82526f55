import { suspendClient } from "../../src/oauth/client.ts"
import type { FormFields } from "../support/http.ts"
import { authorize, authorizeUrl, decide, openConsent, signIn } from "../support/oauth-pages.ts"
import { addUser, changeDatabase, type OAuthSite, type TestClient } from "../support/oauth-site.ts"
import { type Case, describeReasons } from "./request-ground.ts"

const pkceApp = { profile: "oauth21" } as const
const callback = "https://shop.example/callback"
function authorizeWith(fields: FormFields) {
  return (site: OAuthSite, client: TestClient) =>
    site.caller.get(authorizeUrl(site.url, { client_id: client.clientId, redirect_uri: client.redirectUri, ...fields }))
}

/** Refusals of the authorization endpoint, in the order of its checks (contract/oauth.md §5). */
const authorizeCases: readonly Case[] = [
  {
    reason: "app_suspended",
    error: "client_suspended",
    proven: false,
    act: async (site, client) => {
      await suspendClient(site.app.context.db, client.clientId, "a test", site.clock.now())
      return authorizeWith({})(site, client)
    },
  },
  {
    reason: "request_uri_unsupported",
    error: "unknown_request_uri",
    proven: false,
    act: authorizeWith({ request_uri: "urn:x" }),
  },
  {
    reason: "redirect_uri_missing",
    error: "unregistered_redirect_uri",
    proven: false,
    act: authorizeWith({ redirect_uri: undefined }),
  },
  {
    reason: "redirect_uri_repeated",
    error: "unregistered_redirect_uri",
    proven: false,
    act: authorizeWith({ redirect_uri: [callback, callback] }),
  },
  {
    reason: "redirect_uri_differs",
    name: "with a slash at the end",
    error: "unregistered_redirect_uri",
    proven: false,
    facts: { sent: `${callback}/`, expected: callback, position: callback.length + 1 },
    act: authorizeWith({ redirect_uri: `${callback}/` }),
  },
  {
    reason: "redirect_uri_differs",
    name: "with a capital, against the nearest of several",
    error: "unregistered_redirect_uri",
    client: {
      redirectUris: ["https://other.example/x", "https://shop.example/oauth/callback", "https://shop.example/c"],
    },
    proven: false,
    facts: { expected: "https://shop.example/oauth/callback", position: 28 },
    act: authorizeWith({ redirect_uri: "https://shop.example/oauth/Callback" }),
  },
  {
    reason: "parameter_repeated",
    error: "invalid_request",
    proven: false,
    facts: { parameter: "state" },
    act: authorizeWith({ state: ["a", "b"] }),
  },
  {
    reason: "parameter_missing",
    error: "invalid_request",
    proven: false,
    facts: { parameter: "response_type" },
    act: authorizeWith({ response_type: undefined }),
  },
  {
    reason: "response_type_wrong",
    error: "unsupported_response_type",
    proven: false,
    facts: { sent: "token" },
    act: authorizeWith({ response_type: "token" }),
  },
  {
    reason: "request_object_unsupported",
    error: "request_not_supported",
    proven: false,
    act: authorizeWith({ request: "eyJ" }),
  },
  {
    reason: "response_mode_wrong",
    error: "invalid_request",
    proven: false,
    facts: { sent: "fragment" },
    act: authorizeWith({ response_mode: "fragment" }),
  },
  {
    reason: "code_flow_off",
    error: "unauthorized_client",
    proven: false,
    act: async (site, client) => {
      await changeDatabase(site, (tx) =>
        tx.updateTable("clients").set({ code_flow_on: 0 }).where("client_id", "=", client.clientId).execute(),
      )
      return authorizeWith({})(site, client)
    },
  },
  {
    reason: "state_too_long",
    error: "invalid_request",
    proven: false,
    facts: { bytes: 4098, most: 4096 },
    act: authorizeWith({ state: `é${"x".repeat(4096)}` }),
  },
  {
    reason: "scope_unknown",
    error: "invalid_scope",
    proven: false,
    facts: { word: "bank_account:read" },
    act: authorizeWith({ scope: "profile bank_account:read" }),
  },
  {
    reason: "scope_not_registered",
    error: "invalid_scope",
    proven: false,
    client: { scope: "profile" },
    facts: { word: "company" },
    act: authorizeWith({ scope: "profile company" }),
  },
  {
    reason: "challenge_required",
    error: "invalid_request",
    proven: false,
    client: pkceApp,
    facts: { profile: "oauth21" },
    act: authorizeWith({}),
  },
  {
    reason: "challenge_missing",
    error: "invalid_request",
    proven: false,
    act: authorizeWith({ code_challenge_method: "S256" }),
  },
  {
    reason: "challenge_method",
    name: "plain",
    error: "invalid_request",
    proven: false,
    facts: { sent: "plain" },
    act: authorizeWith({ code_challenge: "x".repeat(43), code_challenge_method: "plain" }),
  },
  {
    reason: "challenge_method",
    name: "absent",
    error: "invalid_request",
    proven: false,
    facts: { sent: "" },
    act: authorizeWith({ code_challenge: "x".repeat(43) }),
  },
  {
    reason: "challenge_malformed",
    error: "invalid_request",
    proven: false,
    facts: { length: 44 },
    act: authorizeWith({ code_challenge: "x".repeat(44), code_challenge_method: "S256" }),
  },
  {
    reason: "dpop_unsupported",
    error: "invalid_request",
    proven: false,
    client: pkceApp,
    act: authorizeWith({ code_challenge: "x".repeat(43), code_challenge_method: "S256", dpop_jkt: "x" }),
  },
  { reason: "authorization_started", error: null, proven: false, act: authorizeWith({}) },
  {
    reason: "app_not_approved",
    error: "client_not_approved",
    proven: false,
    client: { approve: false },
    act: async (site, client) => {
      const visitor = await signIn(site.url, await addUser(site.app))
      const begun = await visitor.get(
        authorizeUrl(site.url, { client_id: client.clientId, redirect_uri: client.redirectUri }),
      )
      return visitor.get(begun.location ?? "")
    },
  },
  {
    reason: "user_refused",
    error: "access_denied",
    act: async (site, client) => {
      const visitor = await signIn(site.url, site.merchant)
      return decide(
        visitor,
        await openConsent(
          visitor,
          authorizeUrl(site.url, { client_id: client.clientId, redirect_uri: client.redirectUri }),
        ),
        "deny",
      )
    },
  },
  {
    reason: "authorization_approved",
    error: null,
    act: async (site, client) => {
      const visitor = await signIn(site.url, site.merchant)
      return authorize(
        visitor,
        authorizeUrl(site.url, { client_id: client.clientId, redirect_uri: client.redirectUri }),
      )
    },
  },
  {
    reason: "authorization_known",
    error: null,
    act: async (site, client) => {
      const visitor = await signIn(site.url, site.merchant)
      const url = authorizeUrl(site.url, { client_id: client.clientId, redirect_uri: client.redirectUri })
      await authorize(visitor, url)
      return authorize(visitor, url)
    },
  },
]

describeReasons("/oauth/authorize", authorizeCases)
