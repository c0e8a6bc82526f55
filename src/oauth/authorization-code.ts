import { type Instant, instantAfter } from "../clock.ts"
import type { Config } from "../config.ts"
import { hashCandidates, hashSecret, type Keyring } from "../crypto/keyring.ts"
import { isWellFormedSecret, newSecret } from "../crypto/secrets.ts"
import { recordAccessChange } from "../database/access-changes.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import type { GrantId } from "../ids.ts"
import {
  type AuthorizationCode,
  insertAuthorizationCode,
  lockAuthorizationCode,
  markCodeRedeemed,
} from "./authorization-codes.store.ts"
import type { Client } from "./clients.store.ts"
import { ago, type ExactReason, exactly, textDifference } from "./exact-reason.ts"
import { findGrantOwner } from "./grants.store.ts"
import type { KeySet } from "./key-set.ts"
import { OAuthError } from "./oauth-error.ts"
import { isCodeVerifier, matchesChallenge } from "./pkce.ts"
import { profileRules } from "./profile.ts"
import type { Scope } from "./protocol.ts"
import { intersectScopes } from "./scope.ts"
import { type IssuedTokens, issueAccessToken } from "./token-answer.ts"
import { toEnding } from "./token-ending.ts"
import { findFamilyStart, findGrantEnd } from "./token-endings.store.ts"
import { endFamily, insertFamily, insertRefreshToken } from "./token-families.store.ts"

export interface CodeBinding {
  readonly client: Client
  readonly grantId: GrantId
  readonly redirectUri: string
  readonly codeChallenge: string | null
  readonly scope: readonly Scope[]
}

/** Makes a code bound to what it was asked with (RFC 6749 §4.1.2). @returns the code, stored only as keyed hash */
export async function issueAuthorizationCode(
  tx: Queries,
  keyring: Keyring,
  binding: CodeBinding,
  now: Instant,
): Promise<string> {
  const code = newSecret("sepay_ac_")
  await insertAuthorizationCode(tx, {
    codeHash: hashSecret(keyring.current, code),
    clientRowId: binding.client.rowId,
    grantId: binding.grantId,
    redirectUri: binding.redirectUri,
    codeChallenge: binding.codeChallenge,
    scope: binding.scope,
    expiresAt: instantAfter(now, profileRules(binding.client.profile).codeLifetimeSeconds * 1000),
  })
  return code
}

export interface CodeRequest {
  readonly client: Client
  readonly code: string
  readonly redirectUri: string | undefined
  readonly codeVerifier: string | undefined
}

export interface TokenServices {
  readonly db: Database
  readonly config: Config
  readonly keys: KeySet
}

/** A grant that was asked for and what it brought: tokens, or the news that a replay ended a family. */
export type Redemption =
  | { readonly kind: "issued"; readonly tokens: IssuedTokens }
  | { readonly kind: "replayed"; readonly exact: ExactReason }

/**
 * Redeems an authorization code, once. RFC 6749 §4.1.3, contract/oauth.md §5.2. The caller signs after the commit.
 *
 * A replay that is otherwise valid revokes the family that the first redemption began (RFC 6749 §4.1.2).
 * @throws OAuthError invalid_grant
 */
export async function redeemAuthorizationCode(
  { db, config, keys }: TokenServices,
  request: CodeRequest,
  now: Instant,
): Promise<Redemption> {
  if (!isWellFormedSecret("sepay_ac_", request.code))
    throw invalidGrant("Unknown authorization code", exactly("code_malformed"))
  const { client } = request
  const codeHashes = hashCandidates(config.keyring, request.code)

  return transaction(db, async (tx): Promise<Redemption> => {
    const code = await lockAuthorizationCode(tx, codeHashes)
    if (code === undefined) throw invalidGrant("Unknown authorization code", exactly("code_unknown"))
    checkCodeRequest(code, request) // Before the replay check: a stolen code alone must not end the owner's access.
    if (code.familyId !== null) {
      if (await endFamily(tx, code.familyId, "code_replay", now)) {
        await recordAccessChange(tx, "family", code.familyId, now)
      }
      const usedAt = await findFamilyStart(tx, code.familyId)
      return { kind: "replayed", exact: exactly("code_used", ago(usedAt ?? now, now)) } // Not thrown here: a throw would roll the revocation back.
    }
    // After it: a replay counts however late it comes.
    if (now >= code.expiresAt) throw invalidGrant("Authorization code expired", expired(code, client, now))
    if (!code.grantAlive) {
      throw invalidGrant("The grant was revoked", toEnding(await findGrantEnd(tx, code.grantId), now))
    }
    return { kind: "issued", tokens: await beginFamily(tx, { config, keys }, client, code, now) }
  })
}

async function beginFamily(
  tx: Queries,
  { config, keys }: Pick<TokenServices, "config" | "keys">,
  client: Client,
  code: AuthorizationCode,
  now: Instant,
): Promise<IssuedTokens> {
  const owner = await findGrantOwner(tx, code.grantId)
  const registered = client.scopes.map(({ scope }) => scope)
  const scope = intersectScopes(code.scope, owner.scopes, registered)
  if (scope.length === 0) throw invalidGrant("Nothing of what was granted is left", exactly("nothing_left"))
  const access = issueAccessToken(keys, config, scope, now)
  const lifetime = profileRules(client.profile).familyLifetimeSeconds
  const familyId = await insertFamily(tx, {
    grantId: code.grantId,
    clientRowId: client.rowId,
    scope: code.scope,
    createdAt: now,
    endsAt: lifetime === undefined ? null : instantAfter(now, lifetime * 1000),
    refreshExpiresAt: instantAfter(now, config.refreshTokenLifetimeSeconds * 1000),
    access,
  })
  const refreshToken = newSecret("sepay_rt_")
  await insertRefreshToken(tx, hashSecret(config.keyring.current, refreshToken), familyId, 1)
  if (!(await markCodeRedeemed(tx, code.codeHash, familyId))) throw new Error("A locked code was redeemed elsewhere.")
  return { clientId: client.clientId, userId: owner.userId, familyId, generation: 1, access, refreshToken }
}

function checkCodeRequest(code: AuthorizationCode, { client, redirectUri, codeVerifier }: CodeRequest): void {
  if (code.clientRowId !== client.rowId)
    throw invalidGrant("Unknown authorization code", exactly("code_of_other_client"))
  if (redirectUri !== undefined && redirectUri !== code.redirectUri) {
    const difference = textDifference(redirectUri, code.redirectUri)
    throw invalidGrant(
      "redirect_uri differs from the authorization request",
      exactly("redirect_uri_not_as_authorized", difference),
    )
  }
  if (code.codeChallenge === null) {
    if (codeVerifier === undefined) return
    throw invalidGrant("code_verifier was sent without a code_challenge", exactly("verifier_unexpected"))
  }
  if (codeVerifier === undefined) throw invalidGrant("code_verifier is missing", exactly("verifier_missing"))
  if (!isCodeVerifier(codeVerifier) || !matchesChallenge(codeVerifier, code.codeChallenge)) {
    throw invalidGrant("code_verifier does not match the code_challenge", verifierProblem(codeVerifier))
  }
}

function verifierProblem(verifier: string): ExactReason {
  if (verifier.length < 43 || verifier.length > 128) return exactly("verifier_length", { length: verifier.length })
  const position = verifier.search(/[^A-Za-z0-9._~-]/) + 1
  return position > 0 ? exactly("verifier_characters", { position }) : exactly("verifier_mismatch")
}

function expired({ expiresAt }: AuthorizationCode, { profile }: Client, now: Instant): ExactReason {
  const lifetimeSeconds = profileRules(profile).codeLifetimeSeconds
  return exactly("code_expired", { ...ago(expiresAt, now), lifetimeSeconds })
}

function invalidGrant(description: string, exact: ExactReason): OAuthError {
  return new OAuthError("invalid_grant", description, { hint: "Send the user to /oauth/authorize again", exact })
}
