import { randomBytes } from "node:crypto"

// What the credentials of a webhook are sealed for (crypto/seal.ts).
export const API_KEY_PURPOSE = "webhook api key"
export const WEBHOOK_SECRET_PURPOSE = "webhook secret"
export const OAUTH2_SECRET_PURPOSE = "webhook oauth2 client secret"

/** A new secret of the form that Standard Webhooks libraries read: `whsec_` and 32 random bytes in base64. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`
}
