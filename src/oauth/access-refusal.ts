import type { KeyObject } from "node:crypto"
import type { Instant } from "../clock.ts"
import type { Mode } from "../ids.ts"
import type { AccessRow } from "./access.store.ts"
import { type GenuineToken, readAccessToken, unverifiedClaims } from "./access-token.ts"
import { ago, type ExactReason, exactly } from "./exact-reason.ts"
import { familyEnding } from "./token-ending.ts"

/** The app of a token that was refused, and why it was. */
export interface ToldRefusal {
  readonly clientId: string
  /** Whether we signed the token; an app that it only names may not be the one that sent it. */
  readonly proven: boolean
  readonly mode: Mode | null
  readonly exact: ExactReason
}

/** Why a token that we signed gives no access any more, for the developer of its app (contract/oauth.md §7). Pure. */
export function explainRefusal(token: GenuineToken, row: AccessRow | undefined, now: Instant): ToldRefusal {
  const clientId = row?.clientId ?? token.audience
  const mode = (row?.mode ?? null) as Mode | null
  return { clientId, proven: true, mode, exact: exactRefusal(token, row, now) }
}

// The order of the guard: audience before expiry, expiry before revocation.
function exactRefusal(token: GenuineToken, row: AccessRow | undefined, now: Instant): ExactReason {
  // A chain is forgotten only after its last token has expired.
  if (row === undefined) return exactly("token_expired", ago(token.expiresAt, now))
  if (row.clientId !== token.audience || String(row.userId) !== token.subject) return exactly("token_audience")
  if (now >= token.expiresAt) return exactly("token_expired", ago(token.expiresAt, now))
  if (!row.familyAlive) return familyEnding(row.end, now)
  if (row.clientState === "suspended") return exactly("app_suspended")
  const revokedAt = row.revokedTokens.get(token.tokenId) ?? null
  return exactly("token_revoked", revokedAt === null ? { at: 0, agoMs: 0 } : ago(revokedAt, now))
}

/** Why a token cannot be verified, told to the app that it names; undefined when it names none that could be ours. */
export function explainUnverifiable(
  token: string,
  issuer: string,
  keyOfKid: (kid: string) => KeyObject | undefined,
): ToldRefusal | undefined {
  const { audience, issuer: sent, kid } = unverifiedClaims(token)
  if (audience === undefined) return undefined
  const told = (proven: boolean, exact: ExactReason) => ({ clientId: audience, proven, mode: null, exact })
  if (kid !== undefined && keyOfKid(kid) === undefined) return told(false, exactly("token_key_gone"))
  if (sent !== undefined && sent !== issuer && readAccessToken(token, sent, keyOfKid) !== undefined) {
    return told(true, exactly("token_issuer", { sent: sent.slice(0, 200), expected: issuer }))
  }
  return told(false, exactly("token_signature"))
}
