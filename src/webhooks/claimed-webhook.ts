import type { Instant } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { SealBroken, unseal } from "../crypto/seal.ts"
import type { Queries } from "../database/engine.ts"
import type { WebhookId } from "../ids.ts"
import type { ClaimedWebhook, Credentials } from "./delivery.ts"
import { currentSecrets, sealPurposes } from "./webhook-secrets.ts"
import { type StoredWebhook, selectStoredWebhook, toWebhook } from "./webhooks.store.ts"

/** Reads a webhook as it is at this moment, with its credentials in clear, for one attempt (contract/webhooks.md §2.3). */
export async function getClaimedWebhook(
  tx: Queries,
  keyring: Keyring,
  id: WebhookId,
  now: Instant,
): Promise<ClaimedWebhook> {
  const row = await selectStoredWebhook(tx, id)
  if (row === undefined) throw new Error("A delivery is due for a webhook that is not there.")
  return { ...toWebhook(row), deleted: row.deleted_at !== null, credentials: openCredentials(keyring, row, now) }
}

// A key that is missing spoils the attempts of one webhook, never the work of all.
function openCredentials(keyring: Keyring, row: StoredWebhook, now: Instant): Credentials {
  try {
    return readCredentials(keyring, row, now)
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error
    return { kind: "unreadable", message: `The credentials of the webhook cannot be read: ${error.message}` }
  }
}

function readCredentials(keyring: Keyring, row: StoredWebhook, now: Instant): Credentials {
  switch (row.authen_type) {
    case "Api_Key":
      return { kind: "api_key", apiKey: unseal(keyring, sealPurposes.apiKey, row.sealed_api_key ?? "") }
    case "HMAC_SHA256": {
      const { active, other, rollEndsAt } = currentSecrets(row, now)
      return {
        kind: "hmac",
        active: unseal(keyring, sealPurposes.secret, active),
        other: other === undefined ? undefined : unseal(keyring, sealPurposes.secret, other),
        newIsActive: row.new_secret_active === 1,
        rollEndsAt,
      }
    }
    case "OAuth2.0":
      return {
        kind: "oauth2",
        accessTokenUrl: row.oauth2_access_token_url ?? "",
        clientId: row.oauth2_client_id ?? "",
        clientSecret: unseal(keyring, sealPurposes.oauth2ClientSecret, row.sealed_oauth2_client_secret ?? ""),
        dialect: (row.oauth2_dialect ?? undefined) as "standard" | "custom" | undefined,
      }
    default:
      return { kind: "none" }
  }
}
