import { createHmac, randomBytes } from "node:crypto"
import { randomBase62 } from "../ids.ts"
import type { RequestBody } from "./request-body.ts"

const PREFIX = "whsec_"
// Groups of four, and an end whose padding is whole or left out.
const STANDARD_BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/
const SHORTEST_KEY_BYTES = 24
const LONGEST_KEY_BYTES = 64

/** A new HMAC secret: `whsec_` and 32 random bytes (contract/webhooks.md §2.2). */
export function newWebhookSecret(): string {
  return PREFIX + randomBytes(32).toString("base64")
}

/** A new API key: 32 characters (contract/webhooks.md §2). */
export function newApiKey(): string {
  return randomBase62(32)
}

/** Whether Standard Webhooks libraries need their "raw" format for this secret (contract/webhooks.md §2.2). */
export function isRawSecret(secret: string): boolean {
  return decodeKey(secret) === undefined
}

/**
 * Value of `X-SePay-Signature` (contract/webhooks.md §2.1). Its key is the whole secret as text, `whsec_` included.
 *
 * @param timestamp whole Unix seconds, as in `X-SePay-Timestamp`
 */
export function sepaySignature(secret: string, timestamp: number, signedBytes: Uint8Array): string {
  const digest = createHmac("sha256", secret).update(`${timestamp}.`).update(signedBytes).digest("hex")
  return `sha256=${digest}`
}

/**
 * One value of `webhook-signature` (contract/webhooks.md §2.2).
 *
 * @param bytes the body on the wire, whatever its content type
 */
export function standardSignature(secret: string, messageId: string, timestamp: number, bytes: Uint8Array): string {
  const key = decodeKey(secret) ?? secret
  const digest = createHmac("sha256", key).update(`${messageId}.${timestamp}.`).update(bytes).digest("base64")
  return `v1,${digest}`
}

/** The bytes that a secret in the Standard Webhooks format stands for. */
function decodeKey(secret: string): Buffer | undefined {
  const encoded = secret.slice(PREFIX.length)
  if (!secret.startsWith(PREFIX) || !STANDARD_BASE64.test(encoded)) return undefined
  const key = Buffer.from(encoded, "base64")
  return key.length >= SHORTEST_KEY_BYTES && key.length <= LONGEST_KEY_BYTES ? key : undefined
}

/** What one attempt is signed with. */
export interface Signing {
  /** The secret that receivers are believed to use. */
  readonly active: string
  /** While a secret rolls, the one that is valid beside it (contract/webhooks.md §2.3). */
  readonly other?: string | undefined
  /** `webhook-id`: the event's, or the test send's. */
  readonly messageId: string
  /** Whole Unix seconds, of this attempt. */
  readonly timestamp: number
  readonly body: Pick<RequestBody, "bytes" | "signedBytes">
}

/** The headers of `HMAC_SHA256`: SePay's two and the three of Standard Webhooks (contract/webhooks.md §2, §2.2, §2.3). */
export function hmacHeaders(signing: Signing): readonly (readonly [name: string, value: string])[] {
  const { active, other, messageId, timestamp, body } = signing
  const secrets = other === undefined ? [active] : [active, other]
  const signatures = secrets.map((secret) => standardSignature(secret, messageId, timestamp, body.bytes))
  return [
    ["X-SePay-Timestamp", String(timestamp)],
    ["X-SePay-Signature", sepaySignature(active, timestamp, body.signedBytes)],
    ["webhook-id", messageId],
    ["webhook-timestamp", String(timestamp)],
    ["webhook-signature", signatures.join(" ")],
  ]
}
