/** A point in time: whole milliseconds since the Unix epoch. */
export type Instant = number & { readonly __brand: "Instant" }

/** Where the current time comes from; tests hand in their own. */
export interface Clock {
  now(): Instant
}

/** The machine's clock: the only place that reads it. */
export const systemClock: Clock = {
  now: () => Date.now() as Instant,
}

/** The instant `milliseconds` after (or, negative, before) another one. */
export function instantAfter(instant: Instant, milliseconds: number): Instant {
  return (instant + milliseconds) as Instant
}

/** Whole Unix seconds, as JWT claims and signatures count them (RFC 7519 §2). */
export function unixSeconds(instant: Instant): number {
  return Math.floor(instant / 1000)
}

/** Whole days since the Unix epoch, in UTC. */
export function epochDay(instant: Instant): number {
  return Math.floor(instant / 86_400_000)
}
