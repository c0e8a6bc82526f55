import type { Instant } from "../clock.ts"
import type { AccessView } from "./access-view.ts"
import { type Redemption, redeemAuthorizationCode, type TokenServices } from "./authorization-code.ts"
import type { Client } from "./clients.store.ts"
import { exactly } from "./exact-reason.ts"
import { OAuthError } from "./oauth-error.ts"
import { redeemRefreshToken } from "./refresh-token.ts"

/** What an authenticated client asks of the token endpoint (contract/oauth.md §6.2). */
export type AskedGrant =
  | {
      readonly grantType: "authorization_code"
      readonly code: string
      readonly redirectUri: string | undefined
      readonly codeVerifier: string | undefined
    }
  | { readonly grantType: "refresh_token"; readonly refreshToken: string; readonly scope: string | undefined }

/**
 * Looks whether the app may have tokens now; comes right after its authentication.
 *
 * @throws OAuthError unauthorized_client
 */
export function checkMayUse(client: Client): void {
  if (client.state === "suspended") {
    throw new OAuthError("unauthorized_client", "The app is suspended.", { exact: exactly("app_suspended") })
  }
  if (!client.codeFlowOn) {
    throw new OAuthError("unauthorized_client", "The code flow is switched off for this app.", {
      exact: exactly("code_flow_off"),
    })
  }
}

/** What redeeming takes: also that the keys, of which one will sign, are fresh. */
export interface GrantServices extends TokenServices {
  readonly ensureFresh: AccessView["ensureFresh"]
}

/**
 * Redeems a code or a refresh token for an authenticated client. The caller signs after the commit, and tells the other
 * processes of a replay.
 *
 * @throws OAuthError invalid_grant, invalid_scope
 */
export async function redeemGrant(
  services: GrantServices,
  client: Client,
  asked: AskedGrant,
  now: Instant,
): Promise<Redemption> {
  // The key that is to sign may have been burned on another node.
  const stale = services.ensureFresh()
  if (stale !== undefined) await stale
  if (asked.grantType === "refresh_token") {
    const { refreshToken, scope } = asked
    return redeemRefreshToken(services, { client, refreshToken, scope }, now)
  }
  const { code, redirectUri, codeVerifier } = asked
  return redeemAuthorizationCode(services, { client, code, redirectUri, codeVerifier }, now)
}

/** The refusal after a replay, which has ended the family already. */
export function replayRefusal(grantType: AskedGrant["grantType"], exact: OAuthError["details"]["exact"]): OAuthError {
  const what = grantType === "refresh_token" ? "refresh token" : "authorization code"
  return new OAuthError("invalid_grant", `The ${what} was already used`, {
    hint: "Send the user to /oauth/authorize again",
    ...(exact !== undefined && { exact }),
  })
}
