import { randomBytes } from "node:crypto"
import { type Instant, instantAfter } from "../clock.ts"
import { hashCandidates, hashSecret, type Keyring } from "../crypto/keyring.ts"
import type { Queries } from "../database/engine.ts"
import {
  deleteOpenLinks,
  findLinkByHashes,
  insertLink,
  type LinkPurpose,
  lockLinkByHashes,
  type StoredLink,
  updateLinkUsed,
} from "./one-time-links.store.ts"

export type { LinkPurpose } from "./one-time-links.store.ts"

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** How long each kind of link opens, ms. */
export const linkLifetimeMs: Readonly<Record<LinkPurpose, number>> = {
  verify_email: dayMs,
  reset_password: 60 * minuteMs,
  change_email: dayMs,
  accept_invitation: 7 * dayMs,
}

/** A link is remembered for this long after it has expired, so that its page says so. */
export const expiredLinkMemoryMs = 7 * dayMs

const tokenShape = /^[A-Za-z0-9_-]{43}$/

/** What a link is good for now. `dead`: unknown, replaced by a newer one, or expired. */
export type LinkState =
  | { readonly kind: "open"; readonly subjectId: number; readonly email: string | undefined }
  | { readonly kind: "used"; readonly subjectId: number }
  | { readonly kind: "dead" }

/**
 * Makes the one link of that purpose and subject; an older one opens no more. Runs in the caller's transaction.
 *
 * @returns the token, 32 random bytes in base64url, for the mail and nowhere else
 */
export async function issueLink(
  tx: Queries,
  keyring: Keyring,
  link: { readonly purpose: LinkPurpose; readonly subjectId: number; readonly email?: string | undefined },
  now: Instant,
): Promise<string> {
  const { purpose, subjectId, email } = link
  const token = randomBytes(32).toString("base64url")
  await deleteOpenLinks(tx, purpose, subjectId)
  await insertLink(tx, {
    linkHash: hashSecret(keyring.current, token),
    purpose,
    subjectId,
    email,
    expiresAt: instantAfter(now, linkLifetimeMs[purpose]),
  })
  return token
}

/** Looks at a link without using it up: mail scanners open every link. */
export async function readLink(
  db: Queries,
  keyring: Keyring,
  link: { readonly purpose: LinkPurpose; readonly token: string },
  now: Instant,
): Promise<LinkState> {
  if (!tokenShape.test(link.token)) return { kind: "dead" }
  return toState(await findLinkByHashes(db, hashCandidates(keyring, link.token)), link.purpose, now)
}

/** Uses a link up, in the transaction that does what it is for: of all who follow it at once, one sees `open`. */
export async function takeLink(
  tx: Queries,
  keyring: Keyring,
  link: { readonly purpose: LinkPurpose; readonly token: string },
  now: Instant,
): Promise<LinkState> {
  if (!tokenShape.test(link.token)) return { kind: "dead" }
  const stored = await lockLinkByHashes(tx, hashCandidates(keyring, link.token))
  const state = toState(stored, link.purpose, now)
  if (state.kind === "open" && stored !== undefined) await updateLinkUsed(tx, stored.linkHash, now)
  return state
}

/** Makes the open links of that purpose and subject open no more. */
export async function endLinks(tx: Queries, purpose: LinkPurpose, subjectId: number): Promise<void> {
  await deleteOpenLinks(tx, purpose, subjectId)
}

function toState(link: StoredLink | undefined, purpose: LinkPurpose, now: Instant): LinkState {
  if (link === undefined || link.purpose !== purpose) return { kind: "dead" }
  if (link.isUsed) return { kind: "used", subjectId: link.subjectId }
  return link.expiresAt > now ? { kind: "open", subjectId: link.subjectId, email: link.email } : { kind: "dead" }
}
