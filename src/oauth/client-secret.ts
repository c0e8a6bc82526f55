import { type Instant, instantAfter } from "../clock.ts"
import { hashSecret, type Keyring } from "../crypto/keyring.ts"
import { newSecret } from "../crypto/secrets.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { Refusal } from "../refusal.ts"
import { insertClientSecret, listActiveSecrets, lockClient, updateSecretExpiry } from "./clients.store.ts"

const maximumActive = 2
const longestOverlapSeconds = 90 * 86_400

/** Makes a secret for a client and stores its keyed hash. The secret itself is returned this once. */
export async function issueClientSecret(
  tx: Queries,
  keyring: Keyring,
  clientRowId: number,
  now: Instant,
): Promise<string> {
  const secret = newSecret("sepay_cs_")
  await insertClientSecret(tx, {
    clientRowId,
    secretHash: hashSecret(keyring.current, secret),
    lastCharacters: secret.slice(-4),
    createdAt: now,
  })
  return secret
}

/**
 * Gives a client a new secret and its old one an end (contract/oauth.md §15, "Secrets").
 *
 * @param oldExpiresInSeconds how long the old secret still works: 0 (ends now), or 1 h to 90 days
 * @throws Refusal not_found, invalid, conflict (two secrets are active already)
 */
export async function rotateClientSecret(
  db: Database,
  keyring: Keyring,
  clientId: string,
  oldExpiresInSeconds: number,
  now: Instant,
): Promise<string> {
  const inRange = oldExpiresInSeconds >= 3600 && oldExpiresInSeconds <= longestOverlapSeconds
  if (oldExpiresInSeconds !== 0 && !inRange) {
    throw new Refusal("invalid", "old_expires_in takes 0, or 3600 (1 hour) to 7776000 (90 days) seconds")
  }
  return transaction(db, async (tx) => {
    const client = await lockClient(tx, clientId)
    if (client === undefined) throw new Refusal("not_found", `No app has the client_id ${clientId}.`)
    if (client.clientType === "public") throw new Refusal("invalid", "A public client has no secret.")
    const active = await listActiveSecrets(tx, client.rowId, now)
    if (active.length >= maximumActive && oldExpiresInSeconds !== 0) {
      throw new Refusal("conflict", "Two secrets are active: wait for the older to expire, or end both now with 0.")
    }
    const endsAt = instantAfter(now, oldExpiresInSeconds * 1000)
    for (const secret of active) {
      if (secret.expiresAt === null || secret.expiresAt > endsAt) await updateSecretExpiry(tx, secret.id, endsAt)
    }
    return issueClientSecret(tx, keyring, client.rowId, now)
  })
}
