import { createHash } from "node:crypto"
import { constantTimeEqual } from "../crypto/keyring.ts"

/** Whether the text can be an S256 challenge: 43 base64url characters (RFC 7636 §4.2). */
export function isCodeChallenge(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text)
}

/** Whether the text can be a verifier (RFC 7636 §4.1). */
export function isCodeVerifier(text: string): boolean {
  return /^[A-Za-z0-9._~-]{43,128}$/.test(text)
}

/** Whether the verifier is the one behind an S256 challenge (RFC 7636 §4.6). */
export function matchesChallenge(verifier: string, challenge: string): boolean {
  return constantTimeEqual(challengeOf(verifier), challenge)
}

/** The S256 challenge of a verifier (RFC 7636 §4.2). */
export function challengeOf(verifier: string): string {
  return createHash("sha256").update(verifier, "ascii").digest("base64url")
}
