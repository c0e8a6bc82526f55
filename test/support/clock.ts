import type { Clock, Instant } from "../../src/clock.ts"

/** A clock that stands still until it is told to move. */
export interface FakeClock extends Clock {
  /** Moves the clock forward. */
  advance(step: { days?: number; hours?: number; minutes?: number; seconds?: number; milliseconds?: number }): void
  /** Sets the clock to a moment, such as `2026-03-01T00:00:00Z`; backwards too. */
  set(moment: string | Instant): void
}

/** Makes a clock that shows `start`; unless told otherwise, a whole second early in 2026. */
export function makeFakeClock(start: string | Instant = "2026-01-15T03:00:00Z"): FakeClock {
  let now = toInstant(start)
  return {
    now: () => now,
    advance: ({ days = 0, hours = 0, minutes = 0, seconds = 0, milliseconds = 0 }) => {
      const minutesInAll = (days * 24 + hours) * 60 + minutes
      now = (now + (minutesInAll * 60 + seconds) * 1000 + milliseconds) as Instant
    },
    set: (moment) => {
      now = toInstant(moment)
    },
  }
}

function toInstant(moment: string | Instant): Instant {
  const milliseconds = typeof moment === "string" ? Date.parse(moment) : moment
  if (!Number.isSafeInteger(milliseconds)) throw new RangeError(`${moment} is no moment.`)
  return milliseconds as Instant
}
