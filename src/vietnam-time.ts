import type { Instant } from "./clock.ts"

/** A calendar day in Vietnam as the integer yyyymmdd: it sorts, and reads in a database as it does on paper. */
export type VietnamDay = number & { readonly __brand: "VietnamDay" }

// Vietnam has had no daylight saving time since 1975, so arithmetic is exact and much cheaper than Intl.
const OFFSET_MS = 7 * 3_600_000
const DAY_MS = 86_400_000

const TWO_DIGITS = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, "0"))

/** Writes an instant as `YYYY-MM-DD HH:mm:ss` in Vietnam time, without zone (contract/api.md §1). */
export function formatVietnamTime(at: Instant): string {
  const localMs = at + OFFSET_MS
  const dayNumber = Math.floor(localMs / DAY_MS)
  const seconds = Math.floor((localMs - dayNumber * DAY_MS) / 1000)
  const hour = Math.floor(seconds / 3600)
  const minute = Math.floor(seconds / 60) % 60
  return `${formatDay(dayOf(dayNumber))} ${TWO_DIGITS[hour]}:${TWO_DIGITS[minute]}:${TWO_DIGITS[seconds % 60]}`
}

/** The Vietnamese day an instant falls on. */
export function vietnamDay(at: Instant): VietnamDay {
  return dayOf(Math.floor((at + OFFSET_MS) / DAY_MS))
}

/** Writes a day as `YYYY-MM-DD`. */
export function formatDay(day: VietnamDay): string {
  const century = TWO_DIGITS[Math.floor(day / 1_000_000)]
  const year = TWO_DIGITS[Math.floor(day / 10_000) % 100]
  return `${century}${year}-${TWO_DIGITS[Math.floor(day / 100) % 100]}-${TWO_DIGITS[day % 100]}`
}

const DAY_TEXT = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/

/** Reads `YYYY-MM-DD`; undefined unless it is a real calendar day (contract/api.md §1). */
export function parseDay(text: string): VietnamDay | undefined {
  const match = DAY_TEXT.exec(text)
  return match === null ? undefined : realDay(Number(match[1]), Number(match[2]), Number(match[3]))
}

/** First instant of a Vietnamese day, and first instant after it. */
export function dayBounds(day: VietnamDay): { readonly startAt: Instant; readonly endAt: Instant } {
  const startMs = dayNumberOf(day) * DAY_MS - OFFSET_MS
  return { startAt: startMs as Instant, endAt: (startMs + DAY_MS) as Instant }
}

/** When a movement was booked, and whether its source gave a time of day. */
export interface BookedAt {
  readonly at: Instant
  readonly precision: "second" | "day"
}

const TIME_TEXT =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?([Zz]|[+-][0-9]{2}:[0-9]{2})?$/
const PLAIN_TIME_LENGTH = "YYYY-MM-DD HH:mm:ss".length

/**
 * Reads the `booked_at` of a feed: RFC 3339, or `YYYY-MM-DD HH:mm:ss` or `YYYY-MM-DD` in Vietnam time (contract/feeds.md §4).
 *
 * A day alone is its first instant. Fractions of a second are cut to milliseconds. Undefined for anything else, leap
 * seconds and times outside the years 0000–9999 in Vietnam included.
 */
export function parseBookedAt(text: string): BookedAt | undefined {
  const wholeDay = parseDay(text)
  if (wholeDay !== undefined) return { at: dayBounds(wholeDay).startAt, precision: "day" }

  const match = TIME_TEXT.exec(text)
  const day = parseDay(match?.[1] ?? "")
  if (match === null || day === undefined) return undefined
  const [hour, minute, second] = [Number(match[2]), Number(match[3]), Number(match[4])]
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const offsetMs = zoneOffsetMs(text, match[6])
  if (offsetMs === undefined) return undefined

  const fractionMs = Number((match[5] ?? "").slice(0, 3).padEnd(3, "0"))
  const localMs = dayNumberOf(day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + fractionMs
  const at = (localMs - offsetMs) as Instant
  return at >= FIRST_AT && at < END_AT ? { at, precision: "second" } : undefined
}

function zoneOffsetMs(text: string, zone: string | undefined): number | undefined {
  if (zone === undefined) return text.length === PLAIN_TIME_LENGTH && text[10] === " " ? OFFSET_MS : undefined
  if (zone.length === 1) return 0
  const [hour, minute] = [Number(zone.slice(1, 3)), Number(zone.slice(4))]
  if (hour > 23 || minute > 59) return undefined
  return (zone.startsWith("-") ? -1 : 1) * (hour * 60 + minute) * 60_000
}

function realDay(year: number, month: number, day: number): VietnamDay | undefined {
  const lastDay = month === 2 ? (isLeapYear(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
  if (month < 1 || month > 12 || day < 1 || day > lastDay) return undefined
  return (year * 10_000 + month * 100 + day) as VietnamDay
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

// Both conversions count years from 1 March, so that the leap day comes last and month lengths follow one formula
// (Hinnant, "chrono-Compatible Low-Level Date Algorithms"). Day 0 is 1970-01-01.
const DAYS_TO_1970 = 719_468

function dayOf(dayNumber: number): VietnamDay {
  const days = dayNumber + DAYS_TO_1970
  const era = Math.floor(days / 146_097)
  const dayOfEra = days - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return (year * 10_000 + month * 100 + dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1) as VietnamDay
}

function dayNumberOf(day: VietnamDay): number {
  const month = Math.floor(day / 100) % 100
  const year = Math.floor(day / 10_000) - (month <= 2 ? 1 : 0)
  const era = Math.floor(year / 400)
  const yearOfEra = year - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + (day % 100) - 1
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - DAYS_TO_1970
  )
}

const FIRST_AT = dayBounds(101 as VietnamDay).startAt
const END_AT = dayBounds(99_991_231 as VietnamDay).endAt
