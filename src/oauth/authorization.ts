import { randomBytes } from "node:crypto"
import type { Instant } from "../clock.ts"
import { hashCandidates, hashSecret, type Keyring } from "../crypto/keyring.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import type { AuthorizationRequest } from "./authorization-request.ts"
import {
  findAuthorizationRequest,
  insertAuthorizationRequest,
  type StoredRequest,
  updateChoices,
} from "./authorization-requests.store.ts"
import { type KeptChoices, toKeptChoices } from "./kept-choices.ts"
import { type AuthorizationError, AuthorizationPageError } from "./oauth-error.ts"
import { queryText } from "./raw-parameters.ts"
import { withAnswer } from "./redirect-uri.ts"

/** After this long a handle starts its request anew (contract/oauth.md §5). */
const requestLifetimeMs = 30 * 60_000

/** How long a handle is remembered at all, so that a tab left open over night still goes on. */
export const requestMemoryMs = 24 * 3600_000

/**
 * Keeps an authorization request.
 *
 * @param choices what was chosen on the page of the request that this one goes on from
 * @returns its handle, which is stored only as keyed hash
 */
export async function storeRequest(
  db: Database,
  keyring: Keyring,
  request: AuthorizationRequest,
  now: Instant,
  choices: KeptChoices | null = null,
): Promise<string> {
  const handle = randomBytes(24).toString("base64url")
  const handleHash = hashSecret(keyring.current, handle)
  await transaction(db, (tx) => insertAuthorizationRequest(tx, { handleHash, request, createdAt: now, choices }))
  return handle
}

/**
 * The request of a handle.
 *
 * @throws AuthorizationPageError unknown_request
 */
export async function getRequest(
  db: Queries,
  keyring: Keyring,
  handle = "",
): Promise<{ readonly stored: StoredRequest; readonly handle: string }> {
  const isHandle = /^[A-Za-z0-9_-]{32}$/.test(handle)
  const stored = isHandle ? await findAuthorizationRequest(db, hashCandidates(keyring, handle)) : undefined
  if (stored === undefined) throw new AuthorizationPageError("unknown_request")
  return { stored, handle }
}

/** Keeps what somebody chose and could not send, until the request is decided; it decides nothing. */
export function keepChoices(db: Database, stored: StoredRequest, kept: KeptChoices): Promise<void> {
  return transaction(db, (tx) => updateChoices(tx, stored.handleHash, toKeptChoices(stored.request.scope, kept)))
}

/** Whether the handle still stands for an open question, or starts the same request anew. */
export function isOpen(stored: StoredRequest, now: Instant): boolean {
  return stored.decidedAt === null && now - stored.createdAt < requestLifetimeMs
}

/** The redirect with a code (RFC 6749 §4.1.2, RFC 9207). */
export function codeRedirect(request: AuthorizationRequest, issuer: string, code: string): string {
  return withAnswer(request.redirectUri, [["code", code], ...commonAnswer(request, issuer)])
}

/** The redirect with an error (RFC 6749 §4.1.2.1, RFC 9207). */
export function errorRedirect(request: AuthorizationRequest, issuer: string, error: AuthorizationError): string {
  const description = encodeURIComponent(error.description).replaceAll("%20", "+")
  return withAnswer(request.redirectUri, [
    ["error", error.code],
    ["error_description", description],
    ...commonAnswer(request, issuer),
  ])
}

function commonAnswer(request: AuthorizationRequest, issuer: string): readonly (readonly [string, string])[] {
  const iss = ["iss", encodeURIComponent(issuer)] as const
  return request.stateText === null ? [iss] : [["state", queryText(request.stateText)], iss]
}
