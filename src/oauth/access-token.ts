import { type KeyObject, sign, verify } from "node:crypto"
import { type Instant, unixSeconds } from "../clock.ts"
import type { SigningKey } from "./key-set.ts"
import type { Scope } from "./protocol.ts"

/** What an access token says (contract/oauth.md §7). Instants are whole seconds, in ms. */
export interface AccessTokenClaims {
  readonly issuer: string
  readonly userId: number
  readonly clientId: string
  readonly scope: readonly Scope[]
  readonly issuedAt: Instant
  readonly expiresAt: Instant
  readonly tokenId: string
}

// The header of a key never changes, and RS256 is deterministic: equal claims give an equal token.
const headers = new Map<string, string>()

/** Signs an access token: a JWT, RS256 (RFC 7519, RFC 7518 §3.3). */
export function signAccessToken(key: SigningKey, claims: AccessTokenClaims): string {
  let header = headers.get(key.kid)
  if (header === undefined) {
    header = base64url(JSON.stringify({ alg: "RS256", typ: "JWT", kid: key.kid }))
    headers.set(key.kid, header)
  }
  const payload = base64url(
    JSON.stringify({
      iss: claims.issuer,
      sub: String(claims.userId),
      aud: claims.clientId,
      exp: unixSeconds(claims.expiresAt),
      iat: unixSeconds(claims.issuedAt),
      scope: claims.scope.join(" "),
      jti: claims.tokenId,
    }),
  )
  const signed = `${header}.${payload}`
  return `${signed}.${sign("sha256", Buffer.from(signed), key.privateKey).toString("base64url")}`
}

function base64url(text: string): string {
  return Buffer.from(text).toString("base64url")
}

/** The `jti` of a family's n-th access token: opaque to clients, and the way back to the family. */
export function accessTokenId(familyId: number, generation: number): string {
  return `${familyId.toString(36)}-${generation.toString(36)}`
}

/** The family that a `jti` names, or undefined. */
export function familyOfTokenId(tokenId: string): number | undefined {
  const match = /^([1-9a-z][0-9a-z]{0,10})-[0-9a-z]{1,10}$/.exec(tokenId)
  const familyId = Number.parseInt(match?.[1] ?? "", 36)
  return Number.isSafeInteger(familyId) ? familyId : undefined
}

/** A token whose signature, issuer and shape are right; whether it is still in force is decided elsewhere. */
export interface GenuineToken {
  readonly kid: string
  readonly audience: string
  readonly subject: string
  readonly scope: readonly string[]
  readonly expiresAt: Instant
  readonly tokenId: string
  readonly familyId: number
}

/**
 * Checks form, algorithm, signature and issuer of an access token.
 *
 * @returns undefined when any of them is wrong
 */
export function readAccessToken(
  token: string,
  issuer: string,
  keyOfKid: (kid: string) => KeyObject | undefined,
): GenuineToken | undefined {
  const [headerText = "", payloadText = "", signatureText = "", ...more] = token.split(".")
  if (more.length > 0) return undefined
  const header = readJson(headerText)
  const kid = header?.["kid"]
  if (header?.["alg"] !== "RS256" || header["typ"] !== "JWT" || typeof kid !== "string" || "crit" in header) {
    return undefined
  }
  const key = keyOfKid(kid)
  if (key === undefined) return undefined
  const signature = Buffer.from(signatureText, "base64url")
  // Base64url has spare bits in its last character: only the one true spelling counts, so a token has one text.
  if (signature.toString("base64url") !== signatureText) return undefined
  if (!verify("sha256", Buffer.from(`${headerText}.${payloadText}`), key, signature)) return undefined
  const payload = readJson(payloadText)
  if (payload === undefined || payload["iss"] !== issuer) return undefined
  const { aud, sub, scope, exp, jti } = payload
  if (typeof aud !== "string" || typeof sub !== "string" || typeof scope !== "string") return undefined
  if (typeof exp !== "number" || typeof jti !== "string") return undefined
  const familyId = familyOfTokenId(jti)
  if (familyId === undefined) return undefined
  const expiresAt = (exp * 1000) as Instant
  return { kid, audience: aud, subject: sub, scope: scope.split(" "), expiresAt, tokenId: jti, familyId }
}

/** The `aud` of a token, unverified: only to choose the form of an error (contract/api.md §4). */
export function unverifiedAudience(token: string): string | undefined {
  return unverifiedClaims(token).audience
}

/** What a token says of itself, unverified: only for errors. */
export function unverifiedClaims(token: string): {
  readonly kid: string | undefined
  readonly issuer: string | undefined
  readonly audience: string | undefined
} {
  const [header = "", payload = ""] = token.split(".")
  const claims = readJson(payload)
  return { kid: textOf(readJson(header)?.["kid"]), issuer: textOf(claims?.["iss"]), audience: textOf(claims?.["aud"]) }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined
}

function readJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"))
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
