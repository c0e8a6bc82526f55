import { randomBytes } from "node:crypto"

// What authenticator apps expect; several of them ignore anything else that the address says.
const algorithm = "SHA1"
const digits = 6
const periodSeconds = 30
const secretBytes = 20

const codeShape = /^\d{6}$/
const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

/** A new secret for codes that change with the time (RFC 6238; 160 bits, RFC 4226 §4), in base32 without padding. */
export function newTotpSecret(): string {
  let bits = ""
  for (const byte of randomBytes(secretBytes)) bits += byte.toString(2).padStart(8, "0")
  return (bits.match(/.{5}/g) ?? []).map((five) => base32[Number.parseInt(five, 2)]).join("")
}

/** The `otpauth:` address that an authenticator app reads from a QR code. */
export async function totpAddress(secret: string, issuer: string, account: string): Promise<string> {
  const { TOTP, Secret } = await import("otpauth")
  return new TOTP({
    issuer,
    label: account,
    secret: Secret.fromBase32(secret),
    algorithm,
    digits,
    period: periodSeconds,
  }).toString()
}

/** A code as people type it, without the spaces that apps show. */
export function foldTotpCode(typed: string): string {
  return typed.replaceAll(/[\s-]/g, "")
}

/** Whether a folded text has the form of a code. */
export function isTotpShape(code: string): boolean {
  return codeShape.test(code)
}

/**
 * Which 30-second step a code belongs to: the one at `at` (ms), the one before or the one after, for clocks that differ
 * (RFC 6238 §5.2). Undefined for a wrong code. The caller lets each step through once.
 */
export async function findTotpStep(secret: string, code: string, at: number): Promise<number | undefined> {
  if (!isTotpShape(code)) return undefined
  const { TOTP, Secret } = await import("otpauth")
  const settings = { secret: Secret.fromBase32(secret), algorithm, digits, period: periodSeconds }
  const delta = TOTP.validate({ ...settings, token: code, timestamp: at, window: 1 })
  return delta === null ? undefined : TOTP.counter({ period: periodSeconds, timestamp: at }) + delta
}
