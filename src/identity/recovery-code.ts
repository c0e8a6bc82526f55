import { createHmac } from "node:crypto"
import { hashCandidates, hashSecret, type Keyring, type ServerKeys } from "../crypto/keyring.ts"

/** How many recovery codes a user gets at once. */
export const recoveryCodeCount = 10

// Crockford's base32: no letter looks like a digit.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
const codeLength = 10
const shape = /^[0-9A-HJKMNP-TV-Z]{10}$/

/**
 * Ten codes of 50 bits, `K7QJ2-9XW4M`. They follow from the key of the form that asked for them, so that the form sent
 * twice shows the same ones although nothing of them is stored but hashes.
 *
 * @param formKey random, 128 bits; kept nowhere
 */
export function makeRecoveryCodes(keys: ServerKeys, userId: number, formKey: string): readonly string[] {
  return Array.from({ length: recoveryCodeCount }, (_, index) => {
    const bytes = createHmac("sha256", keys.rotation).update(`recovery code ${index} ${userId} ${formKey}`).digest()
    const text = [...bytes.subarray(0, codeLength)].map((byte) => alphabet[byte % alphabet.length]).join("")
    return `${text.slice(0, 5)}-${text.slice(5)}`
  })
}

/** A recovery code as people type it, without dash and spaces, look-alikes read as what they must be. */
export function foldRecoveryCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1")
}

/** Whether a folded text has the form of a recovery code. */
export function isRecoveryCodeShape(code: string): boolean {
  return shape.test(code)
}

/** What a recovery code is stored under. */
export function hashRecoveryCode(keys: ServerKeys, userId: number, code: string): string {
  return hashSecret(keys, toText(userId, code))
}

/** What a presented recovery code is looked up by, folded. */
export function recoveryCodeCandidates(keyring: Keyring, userId: number, code: string): readonly string[] {
  return hashCandidates(keyring, toText(userId, code))
}

function toText(userId: number, code: string): string {
  return `recovery code ${userId} ${foldRecoveryCode(code)}`
}
