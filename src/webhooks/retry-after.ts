import { type Instant, instantAfter } from "../clock.ts"

const LONGEST_SECONDS = 3600
const SECONDS = /^[0-9]+$/

const DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
const LONG_DAY = "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
const TIME = "[0-9]{2}:[0-9]{2}:[0-9]{2}"
const HTTP_DATES = [
  new RegExp(`^${DAY}, [0-9]{2} ${MONTH} [0-9]{4} ${TIME} GMT$`),
  new RegExp(`^${LONG_DAY}, [0-9]{2}-${MONTH}-[0-9]{2} ${TIME} GMT$`),
  new RegExp(`^${DAY} ${MONTH} [ 0-9][0-9] ${TIME} [0-9]{4}$`),
]

/**
 * When the receiver wants to be called again: seconds or an HTTP date (RFC 9110 §10.2.3, §5.6.7), at most an hour away
 * (contract/webhooks.md §5).
 *
 * @returns undefined for what is neither; a date in the past stays in the past
 */
export function readRetryAfter(text: string, now: Instant): Instant | undefined {
  const latest = instantAfter(now, LONGEST_SECONDS * 1000)
  const value = text.trim()
  if (SECONDS.test(value)) return instantAfter(now, Math.min(Number(value), LONGEST_SECONDS) * 1000)
  if (!HTTP_DATES.some((form) => form.test(value))) return undefined
  const at = Date.parse(value.endsWith("GMT") ? value : `${value} GMT`)
  return Number.isNaN(at) ? undefined : (Math.min(at, latest) as Instant)
}
