import { createHmac, randomBytes } from "node:crypto"
import { crc32 } from "node:zlib"

/** Prefixes of the secrets this server hands out (contract/oauth.md §4). */
export type SecretPrefix = "sepay_cs_" | "sepay_ac_" | "sepay_rt_" | "sepay_dc_" | "sepay_ru_"

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
const bodyLength = 43
const checkLength = 6
const shape = /^sepay_(?:cs|ac|rt|dc|ru)_[0-9A-Za-z]{49}$/

/** A new secret: prefix, 32 random bytes in base62, CRC-32 check (contract/oauth.md §4). */
export function newSecret(prefix: SecretPrefix): string {
  return encodeSecret(prefix, randomBytes(32))
}

/** Writes 32 bytes as a secret of that prefix. */
export function encodeSecret(prefix: SecretPrefix, bytes: Uint8Array): string {
  const text = prefix + base62(BigInt(`0x${Buffer.from(bytes).toString("hex")}`), bodyLength)
  return text + check(text)
}

/** The refresh token that follows `presented`: nothing stored turns back into it (contract/oauth.md §4). */
export function successorToken(rotationKey: Uint8Array, presented: string): string {
  return encodeSecret("sepay_rt_", createHmac("sha256", rotationKey).update(presented).digest())
}

/** Whether prefix, length and check are right: a mistyped secret is refused without a database read. */
export function isWellFormedSecret(prefix: SecretPrefix, text: string): boolean {
  if (!text.startsWith(prefix) || !shape.test(text)) return false
  return text.slice(-checkLength) === check(text.slice(0, -checkLength))
}

function check(text: string): string {
  let digits = ""
  for (let rest = crc32(text); digits.length < checkLength; rest = Math.floor(rest / 62)) {
    digits = alphabet[rest % 62] + digits
  }
  return digits
}

function base62(value: bigint, length: number): string {
  let digits = ""
  let rest = value
  // Chunks of eight digits fit a double, which spares most of the bigint divisions.
  const chunk = 62n ** 8n
  while (rest > 0n) {
    let part = Number(rest % chunk)
    rest /= chunk
    for (let index = 0; index < 8 && (part > 0 || rest > 0n); index++) {
      digits = alphabet[part % 62] + digits
      part = Math.floor(part / 62)
    }
  }
  return digits.padStart(length, "0")
}
