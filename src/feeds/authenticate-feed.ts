import { createHmac, timingSafeEqual } from "node:crypto"
import { type Instant, unixSeconds } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { unseal } from "../crypto/seal.ts"
import type { Database } from "../database/engine.ts"
import { FEED_SECRET_PURPOSE } from "./feed.ts"
import { type Feed, type FeedKind, findFeed, listSealedSecrets } from "./feeds.store.ts"

/** What a signed call brings; headers that were sent twice count as missing. */
export interface SignedCall {
  readonly feedId: string | undefined
  readonly timestamp: string | undefined
  readonly signature: string | undefined
  readonly body: Uint8Array
}

const toleranceSeconds = 300

/**
 * Finds the feed that signed a call: right kind, time within 300 s, HMAC by one of its secrets (contract/feeds.md §4).
 *
 * Undefined for every cause alike. An inactive feed is found: the caller says so to whoever holds its secret.
 */
export async function authenticateFeed(
  db: Database,
  keys: FeedKeys,
  call: SignedCall,
  expected: { readonly kind: FeedKind; readonly now: Instant },
): Promise<Feed | undefined> {
  const { feedId, timestamp, signature } = call
  if (feedId === undefined || timestamp === undefined || signature === undefined) return undefined
  if (!/^[1-9][0-9]{0,14}$/.test(feedId) || !/^[0-9]{1,12}$/.test(timestamp)) return undefined
  if (Math.abs(unixSeconds(expected.now) - Number(timestamp)) > toleranceSeconds) return undefined
  const given = /^sha256=([0-9a-f]{64})$/.exec(signature)?.[1]
  if (given === undefined) return undefined
  const feed = await findFeed(db, Number(feedId))
  if (feed === undefined || feed.kind !== expected.kind) return undefined
  const wanted = Buffer.from(given, "hex")
  const sealed = await listSealedSecrets(db, feed.id, expected.now)
  // Every secret is tried, so that the time does not tell which one it was.
  const matches = sealed.filter((text) => timingSafeEqual(sign(keys.open(text), timestamp, call.body), wanted))
  return matches.length > 0 ? feed : undefined
}

function sign(secret: string, timestamp: string, body: Uint8Array): Buffer {
  return createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest()
}

/** Opens sealed secrets, each once a process. */
export interface FeedKeys {
  open(sealed: string): string
}

const openedMax = 10_000

/** The opened secrets of one process, found by their sealed text: a rolled or deleted secret is simply not asked for again. */
export function createFeedKeys(keyring: Keyring): FeedKeys {
  const opened = new Map<string, string>()
  return {
    open: (sealed) => {
      const known = opened.get(sealed)
      if (known !== undefined) return known
      const secret = unseal(keyring, FEED_SECRET_PURPOSE, sealed)
      if (opened.size >= openedMax) opened.clear()
      opened.set(sealed, secret)
      return secret
    },
  }
}
