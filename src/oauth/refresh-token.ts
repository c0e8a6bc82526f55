import { type Instant, instantAfter } from "../clock.ts"
import { hashCandidates, hashSecret, type Keyring, keysOfId } from "../crypto/keyring.ts"
import { isWellFormedSecret, successorToken } from "../crypto/secrets.ts"
import { recordAccessChange } from "../database/access-changes.ts"
import { type Queries, transaction } from "../database/engine.ts"
import type { Redemption, TokenServices } from "./authorization-code.ts"
import type { Client } from "./clients.store.ts"
import { ago, type ExactReason, exactly } from "./exact-reason.ts"
import { OAuthError } from "./oauth-error.ts"
import type { Scope } from "./protocol.ts"
import { intersectScopes, parseScope, unknownScopeWord } from "./scope.ts"
import { type IssuedTokens, issueAccessToken } from "./token-answer.ts"
import { familyEnding } from "./token-ending.ts"
import { findFamilyEnd } from "./token-endings.store.ts"
import {
  endFamily,
  insertRefreshToken,
  lockFamilyOfToken,
  type TokenFamily,
  updateRotation,
} from "./token-families.store.ts"

/** How long the answer of a rotation can be had again (contract/oauth.md §8, row 5). */
const replayWindowMs = 60_000

export interface RefreshRequest {
  readonly client: Client
  readonly refreshToken: string
  readonly scope: string | undefined
}

/**
 * Exchanges the current refresh token for its one successor, or repeats that answer to a client that lost it; a token
 * from before ends the family. RFC 6749 §6, contract/oauth.md §8, whose rows are the order here.
 *
 * @throws OAuthError invalid_grant, invalid_scope
 */
export async function redeemRefreshToken(
  services: TokenServices,
  request: RefreshRequest,
  now: Instant,
): Promise<Redemption> {
  const { db, config } = services
  if (!isWellFormedSecret("sepay_rt_", request.refreshToken))
    throw invalidGrant("Unknown refresh token", exactly("refresh_malformed"))
  const tokenHashes = hashCandidates(config.keyring, request.refreshToken)

  return transaction(db, async (tx): Promise<Redemption> => {
    const family = await lockFamilyOfToken(tx, tokenHashes)
    if (family === undefined) throw deadToken(exactly("refresh_unknown"))
    // Looked at before its end (contract/oauth.md §8 answers both alike): what ended is told only to whose it was.
    if (family.clientRowId !== request.client.rowId) throw deadToken(exactly("refresh_of_other_client"))
    if (!isFamilyAlive(family, now)) throw deadToken(familyEnding(await findFamilyEnd(tx, family.id), now))
    if (family.presentedGeneration === family.generation) {
      if (now >= family.refreshExpiresAt) {
        throw invalidGrant("Refresh token expired", exactly("refresh_expired", ago(family.refreshExpiresAt, now)))
      }
      return { kind: "issued", tokens: await rotate(tx, services, family, request, now) }
    }
    const isPrevious = family.presentedGeneration === family.generation - 1
    if (isPrevious && now - family.rotatedAt <= replayWindowMs) {
      return { kind: "issued", tokens: repeatRotation(config.keyring, family, request) }
    }
    // Two hold this token: one of them stole it, and nobody can tell which.
    await endFamily(tx, family.id, "refresh_reuse", now)
    await recordAccessChange(tx, "family", family.id, now)
    return { kind: "replayed", exact: replay(family, now) }
  })
}

function replay({ presentedGeneration, generation, rotatedAt }: TokenFamily, now: Instant): ExactReason {
  const facts = { generation: presentedGeneration, current: generation, ...ago(rotatedAt, now) }
  return exactly("refresh_replayed", facts)
}

function deadToken(exact: ExactReason): OAuthError {
  return invalidGrant("Unknown or revoked refresh token", exact)
}

function isFamilyAlive(family: TokenFamily, now: Instant): boolean {
  return family.alive && (family.endsAt === null || now < family.endsAt)
}

async function rotate(
  tx: Queries,
  { config, keys }: TokenServices,
  family: TokenFamily,
  { client, refreshToken: presented, scope: scopeParameter }: RefreshRequest,
  now: Instant,
): Promise<IssuedTokens> {
  const access = issueAccessToken(keys, config, refreshedScope(family, client, scopeParameter), now)
  const { current } = config.keyring
  const refreshToken = successorToken(current.rotation, presented)
  const generation = family.generation + 1
  const rotated = await updateRotation(tx, {
    familyId: family.id,
    generation,
    rotatedAt: now,
    refreshExpiresAt: instantAfter(now, config.refreshTokenLifetimeSeconds * 1000),
    rotationKeyId: current.id,
    rotationScopeParameter: scopeParameter ?? null,
    access,
  })
  if (!rotated) throw new Error("A locked family was rotated elsewhere.")
  await insertRefreshToken(tx, hashSecret(current, refreshToken), family.id, generation)
  return { clientId: client.clientId, userId: family.userId, familyId: family.id, generation, access, refreshToken }
}

function refreshedScope(family: TokenFamily, client: Client, scopeParameter: string | undefined): readonly Scope[] {
  const wanted = scopeParameter === undefined ? family.scope : parseScope(scopeParameter)
  const wider = wanted?.find((scope) => !family.scope.includes(scope))
  if (wanted === undefined || wider !== undefined) {
    const exact =
      wider === undefined
        ? exactly("refresh_scope_unknown", { word: unknownScopeWord(scopeParameter ?? "") })
        : exactly("refresh_scope_wider", { word: wider })
    throw new OAuthError("invalid_scope", "scope is unknown or wider than what was granted", { hint: "scope", exact })
  }
  const registered = client.scopes.map(({ scope }) => scope)
  const scope = intersectScopes(wanted, family.grantScopes, registered)
  if (scope.length === 0) throw invalidGrant("Nothing of what was granted is left", exactly("nothing_left"))
  return scope
}

function repeatRotation(keyring: Keyring, family: TokenFamily, request: RefreshRequest): IssuedTokens {
  if ((request.scope ?? null) !== family.rotationScopeParameter) {
    throw invalidGrant("A repeated refresh must send the same scope", exactly("refresh_other_scope"))
  }
  const keys = family.rotationKeyId === null ? undefined : keysOfId(keyring, family.rotationKeyId)
  if (keys === undefined) throw invalidGrant("The refresh cannot be repeated", exactly("rotation_key_gone"))
  return {
    clientId: request.client.clientId,
    userId: family.userId,
    familyId: family.id,
    generation: family.generation,
    access: family.access,
    refreshToken: successorToken(keys.rotation, request.refreshToken),
  }
}

function invalidGrant(description: string, exact: ExactReason): OAuthError {
  return new OAuthError("invalid_grant", description, { hint: "Send the user to /oauth/authorize again", exact })
}
