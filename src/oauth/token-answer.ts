import { type Instant, instantAfter, unixSeconds } from "../clock.ts"
import type { Config } from "../config.ts"
import type { FamilyId } from "../ids.ts"
import { accessTokenId, signAccessToken } from "./access-token.ts"
import type { KeySet } from "./key-set.ts"
import type { Scope } from "./protocol.ts"
import type { IssuedAccessToken } from "./token-families.store.ts"

/** What a committed grant or refresh has decided; signing it comes after the commit. */
export interface IssuedTokens {
  readonly clientId: string
  readonly userId: number
  readonly familyId: FamilyId
  readonly generation: number
  readonly access: IssuedAccessToken
  readonly refreshToken: string
}

/** The token response (RFC 6749 §5.1, contract/oauth.md §6.3): all five members, always. */
export interface TokenAnswer {
  readonly access_token: string
  readonly token_type: "Bearer"
  readonly expires_in: number
  readonly refresh_token: string
  readonly scope: string
}

/** Decides an access token that begins now: the active key, whole seconds. */
export function issueAccessToken(
  keys: KeySet,
  config: Config,
  scope: readonly Scope[],
  now: Instant,
): IssuedAccessToken {
  const issuedAt = (unixSeconds(now) * 1000) as Instant
  const expiresAt = instantAfter(issuedAt, config.accessTokenLifetimeSeconds * 1000)
  return { kid: keys.active().kid, issuedAt, expiresAt, scope }
}

/**
 * Signs what was decided. The same decision gives the same bytes again (contract/oauth.md §8, "Replay across a key
 * rotation"), unless its key has been burned since: its signature would be worth nothing, so the active key signs.
 */
export function signTokens(keys: KeySet, config: Config, issued: IssuedTokens, now: Instant): TokenAnswer {
  const { access } = issued
  const key = keys.signing(access.kid) ?? keys.active()
  const token = signAccessToken(key, {
    issuer: config.url,
    userId: issued.userId,
    clientId: issued.clientId,
    scope: access.scope,
    issuedAt: access.issuedAt,
    expiresAt: access.expiresAt,
    tokenId: accessTokenId(issued.familyId, issued.generation),
  })
  return {
    access_token: token,
    token_type: "Bearer",
    expires_in: Math.max(0, unixSeconds(access.expiresAt) - unixSeconds(now)),
    refresh_token: issued.refreshToken,
    scope: access.scope.join(" "),
  }
}
