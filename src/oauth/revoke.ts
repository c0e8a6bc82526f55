import type { Instant } from "../clock.ts"
import { hashCandidates } from "../crypto/keyring.ts"
import { isWellFormedSecret } from "../crypto/secrets.ts"
import { recordAccessChange } from "../database/access-changes.ts"
import { transaction } from "../database/engine.ts"
import type { FamilyId } from "../ids.ts"
import { insertRevokedAccessToken } from "./access.store.ts"
import { readAccessToken } from "./access-token.ts"
import type { TokenServices } from "./authorization-code.ts"
import type { Client } from "./clients.store.ts"
import { exactly } from "./exact-reason.ts"
import { OAuthError } from "./oauth-error.ts"
import { endFamily, lockFamilyOfToken } from "./token-families.store.ts"

/**
 * Ends a token of the client: a refresh token with its family, an access token alone. RFC 7009 §2.1,
 * contract/oauth.md §9. What is unknown, expired or dead already is as good as revoked.
 *
 * @returns whether anything ended, so that the caller can tell the other processes
 * @throws OAuthError unauthorized_client for another client's token, which stays as it was
 */
export async function revokeToken(
  services: TokenServices,
  client: Client,
  token: string,
  now: Instant,
): Promise<boolean> {
  if (isWellFormedSecret("sepay_rt_", token)) return revokeFamily(services, client, token, now)
  return revokeAccessToken(services, client, token, now)
}

function revokeFamily({ db, config }: TokenServices, client: Client, token: string, now: Instant): Promise<boolean> {
  const tokenHashes = hashCandidates(config.keyring, token)
  return transaction(db, async (tx) => {
    const family = await lockFamilyOfToken(tx, tokenHashes)
    if (family === undefined) return false
    if (family.clientRowId !== client.rowId) throw notYours()
    if (!(await endFamily(tx, family.id, "revoked_by_client", now))) return false
    await recordAccessChange(tx, "family", family.id, now)
    return true
  })
}

async function revokeAccessToken(
  { db, config, keys }: TokenServices,
  client: Client,
  token: string,
  now: Instant,
): Promise<boolean> {
  const genuine = readAccessToken(token, config.url, keys.verifying)
  if (genuine === undefined || genuine.expiresAt <= now) return false
  if (genuine.audience !== client.clientId) throw notYours()
  const { tokenId, familyId, expiresAt } = genuine
  await transaction(db, async (tx) => {
    await insertRevokedAccessToken(tx, { jti: tokenId, familyId: familyId as FamilyId, expiresAt, revokedAt: now })
    await recordAccessChange(tx, "family", familyId, now)
  })
  return true
}

function notYours(): OAuthError {
  return new OAuthError("unauthorized_client", "The token was issued to another client.", {
    exact: exactly("token_of_other_client"),
  })
}
