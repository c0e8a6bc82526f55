import type { Instant } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { SealBroken, unseal } from "../crypto/seal.ts"
import type { Queries } from "../database/engine.ts"
import type { WebhookId } from "../ids.ts"
import { API_KEY_PURPOSE, OAUTH2_SECRET_PURPOSE, WEBHOOK_SECRET_PURPOSE } from "./credential-seals.ts"
import type { ClaimedWebhook, Credentials } from "./delivery.ts"
import { currentSecrets } from "./secret-roll.ts"
import { type AnyWebhook, selectAnyWebhook } from "./webhooks.store.ts"

/** Reads a webhook as it is at this moment, with its credentials in clear, for one attempt (contract/webhooks.md §2.3). */
export async function getClaimedWebhook(
  tx: Queries,
  keyring: Keyring,
  id: WebhookId,
  now: Instant,
): Promise<ClaimedWebhook> {
  const webhook = await selectAnyWebhook(tx, id)
  if (webhook === undefined) throw new Error("A delivery is due for a webhook that is not there.")
  const { deletedAt, ...rest } = webhook
  return { ...rest, deleted: deletedAt !== undefined, credentials: openCredentials(keyring, webhook, now) }
}

// A key that is missing spoils the attempts of one webhook, never the work of all.
function openCredentials(keyring: Keyring, webhook: AnyWebhook, now: Instant): Credentials {
  if (webhook.deletedAt !== undefined) return { kind: "none" }
  try {
    return readCredentials(keyring, webhook, now)
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error
    return { kind: "unreadable", message: `The credentials of the webhook cannot be read: ${error.message}` }
  }
}

function readCredentials(keyring: Keyring, { authenType, credentials }: AnyWebhook, now: Instant): Credentials {
  switch (authenType) {
    case "No_Authen":
      return { kind: "none" }
    case "Api_Key":
      return { kind: "api_key", apiKey: open(keyring, API_KEY_PURPOSE, credentials.sealedApiKey) }
    case "HMAC_SHA256": {
      const { active, other } = currentSecrets(credentials, now)
      return {
        kind: "hmac",
        active: open(keyring, WEBHOOK_SECRET_PURPOSE, active),
        other: other === undefined ? undefined : open(keyring, WEBHOOK_SECRET_PURPOSE, other),
        newIsActive: credentials.newSecretActive,
        rollEndsAt: other === undefined ? undefined : credentials.rollEndsAt,
      }
    }
    case "OAuth2.0":
      return {
        kind: "oauth2",
        accessTokenUrl: credentials.oauth2AccessTokenUrl ?? "",
        clientId: credentials.oauth2ClientId ?? "",
        clientSecret: open(keyring, OAUTH2_SECRET_PURPOSE, credentials.sealedOauth2ClientSecret),
        dialect: credentials.oauth2Dialect,
      }
  }
}

function open(keyring: Keyring, purpose: string, sealed: string | undefined): string {
  // A clone that was switched off has none yet, and only a replay or a test send gets here.
  if (sealed === undefined) throw new SealBroken("it was not set yet.")
  return unseal(keyring, purpose, sealed)
}
