/** Where the rules of an endpoint stand, and a page that explains it. Pure. */
export function rulesOf(
  endpoint: string,
  clientId: string,
): { readonly section: string; readonly href: string | undefined } {
  const quickStart = `/developer/apps/${clientId}/quick-start`
  if (endpoint === "/oauth/authorize") return { section: "contract/oauth.md §5", href: `${quickStart}#authorize` }
  if (endpoint === "/oauth/token") return { section: "contract/oauth.md §6, §8", href: `${quickStart}#exchange` }
  if (endpoint === "/oauth/revoke") return { section: "contract/oauth.md §9", href: undefined }
  return { section: "contract/api.md §2, §4", href: "/docs/api" }
}

/** The error codes that the request log can be searched for, as callers get them. */
export const loggedErrors: readonly string[] = [
  "access_denied",
  "client_not_approved",
  "client_suspended",
  "expired_token",
  "forbidden",
  "insufficient_scope",
  "invalid_client",
  "invalid_grant",
  "invalid_request",
  "invalid_scope",
  "invalid_token",
  "not_found",
  "rate_limited",
  "server_error",
  "temporarily_unavailable",
  "unauthorized_client",
  "unavailable",
  "unregistered_redirect_uri",
  "unsupported_grant_type",
  "unsupported_response_type",
]
