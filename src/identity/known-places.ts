import type { Instant } from "../clock.ts"
import { hashCandidates, hashSecret, type Keyring } from "../crypto/keyring.ts"
import type { Queries } from "../database/engine.ts"
import { coarseNetworkOf } from "../network.ts"
import { findKnownPlaces, markFirstSignIn, upsertKnownPlaces } from "./known-places.store.ts"
import type { Visitor } from "./session.ts"

/** Without a sign-in for this long, a browser or network is a stranger again. Also how long a browser keeps its cookie. */
export const placeMemoryMs = 400 * 24 * 3600 * 1000

/** What a sign-in's browser and network are to the user; `first`: nobody signed in before, so nothing can be strange. */
export type Familiarity = "first" | "known" | "strange"

/**
 * Remembers where a user signs in from, as hashes, and says whether it was known: the browser by a cookie of its own, the
 * network so coarsely that a phone stays in it. Runs in the transaction that starts the session.
 */
export async function rememberPlaces(
  tx: Queries,
  keyring: Keyring,
  place: { readonly userId: number; readonly visitor: Visitor },
  now: Instant,
): Promise<Familiarity> {
  const { userId, visitor } = place
  const places = [`browser ${userId} ${visitor.browser}`, `network ${userId} ${coarseNetworkOf(visitor.ip)}`]
  const candidates = places.map((text) => hashCandidates(keyring, text))
  const isFirst = await markFirstSignIn(tx, userId, now)
  const known = await findKnownPlaces(tx, userId, candidates.flat())
  await upsertKnownPlaces(
    tx,
    userId,
    places.map((text) => hashSecret(keyring.current, text)),
    now,
  )
  if (isFirst) return "first"
  return candidates.every((hashes) => hashes.some((hash) => known.has(hash))) ? "known" : "strange"
}
