/** Scopes, in the order in which they are listed (contract/oauth.md §3). */
export const scopes = [
  "bank-account:read",
  "transaction:read",
  "webhook:read",
  "webhook:write",
  "webhook:delete",
  "profile",
  "company",
] as const
export type Scope = (typeof scopes)[number]

/** Scopes that reach bank accounts, so that the consent asks which ones. */
export const accountScopes: readonly Scope[] = scopes.slice(0, 5)

export const grantTypes = ["authorization_code", "refresh_token"] as const
export type GrantType = (typeof grantTypes)[number]

export const clientAuthenticationMethods = ["client_secret_post", "client_secret_basic", "none"] as const

/** Error codes of the JSON endpoints (contract/oauth.md §1, §6.4). */
export type OAuthErrorCode =
  | "invalid_request"
  | "invalid_client"
  | "invalid_grant"
  | "invalid_scope"
  | "unauthorized_client"
  | "unsupported_grant_type"
  | "method_not_allowed"
  | "payload_too_large"
  | "rate_limited"
  | "server_error"
  | "temporarily_unavailable"

/** Error codes of the authorization response (contract/oauth.md §5). */
export type AuthorizationErrorCode =
  | "invalid_request"
  | "unsupported_response_type"
  | "request_not_supported"
  | "unauthorized_client"
  | "invalid_scope"
  | "access_denied"
  | "server_error"
  | "temporarily_unavailable"

export const profiles = ["sepay", "oauth21"] as const
export type Profile = (typeof profiles)[number]

export type ClientState = "draft" | "pending_review" | "approved" | "rejected" | "suspended"
