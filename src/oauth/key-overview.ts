import { type Instant, instantAfter } from "../clock.ts"
import { publishedBeforeSigningMs, type SigningKeyRecord } from "./signing-key.ts"

/** A signing key as an operator sees it. */
export interface KeyOverview {
  readonly kid: string
  readonly algorithm: string
  readonly state: SigningKeyRecord["state"]
  /** Since when it is in that state. */
  readonly since: Instant
  /** From when a next key may sign. */
  readonly signsFrom: Instant | undefined
  readonly maySign: boolean
  /** When the last token of a retired key expires; undefined when that is past, and for other states. */
  readonly tokensUntil: Instant | undefined
}

/** What an operator sees of the keys, newest first (contract/oauth.md §11). Pure. */
export function toKeyOverviews(
  keys: readonly SigningKeyRecord[],
  tokenLifetimeSeconds: number,
  now: Instant,
): readonly KeyOverview[] {
  return keys.toReversed().map((key) => {
    const { kid, algorithm, state, createdAt, activatedAt, retiredAt, burnedAt } = key
    const since = { next: createdAt, active: activatedAt, retired: retiredAt, burned: burnedAt }[state] ?? createdAt
    const signsFrom = state === "next" ? instantAfter(createdAt, publishedBeforeSigningMs) : undefined
    const lastExpires = state === "retired" ? instantAfter(since, tokenLifetimeSeconds * 1000) : undefined
    const tokensUntil = lastExpires !== undefined && lastExpires > now ? lastExpires : undefined
    return {
      kid,
      algorithm,
      state,
      since,
      signsFrom,
      maySign: signsFrom !== undefined && now >= signsFrom,
      tokensUntil,
    }
  })
}
