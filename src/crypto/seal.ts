import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto"
import { type Keyring, keysOfId } from "./keyring.ts"

/**
 * Encrypts what must be read back (private keys, feed secrets): AES-256-GCM under the current server key.
 *
 * @param purpose bound to the text as additional data, so that one column's value cannot be put into another
 * @returns `KEYID.NONCE.CIPHERTEXT+TAG`, base64url
 */
export function seal(keyring: Keyring, purpose: string, text: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv("aes-256-gcm", keyring.current.seal, nonce).setAAD(Buffer.from(purpose))
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()])
  return `${keyring.current.id}.${nonce.toString("base64url")}.${sealed.toString("base64url")}`
}

/** A sealed value cannot be opened: its server key is missing, or it was changed. */
export class SealBroken extends Error {
  override readonly name = "SealBroken"
}

/**
 * Opens what `seal` made, under whichever key of the ring sealed it.
 *
 * @throws SealBroken
 */
export function unseal(keyring: Keyring, purpose: string, sealed: string): string {
  const [keyId = "", nonce = "", body = ""] = sealed.split(".")
  const keys = keysOfId(keyring, keyId)
  if (keys === undefined) {
    throw new SealBroken(`Sealed under server key ${keyId}, which SEPAY_SECRET does not hold.`)
  }
  try {
    const bytes = Buffer.from(body, "base64url")
    const decipher = createDecipheriv("aes-256-gcm", keys.seal, Buffer.from(nonce, "base64url"))
    decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(-16))
    return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8")
  } catch (cause) {
    throw new SealBroken(`A sealed value (${purpose}) was changed.`, { cause })
  }
}
