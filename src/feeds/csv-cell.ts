import { parseDay } from "../vietnam-time.ts"
import type { CsvProfile } from "./csv-profile.ts"
import { toDecimal } from "./decimal.ts"

// Without the spaces beside it: looking for those before the end would cost the square of a run of them in the middle.
const CURRENCY_WORD = /^(?:VND|VNĐ|đ|₫)|(?:VND|VNĐ|đ|₫)$/giu
const SCIENTIFIC = /^[+-]?[0-9](?:[.,][0-9]+)?E\+[0-9]{1,3}$/i
const TEXT_CELL = /^="(.*)"$/s

/** Unwraps `="0011…"`, by which exports keep a spreadsheet from reading an account as a number. */
export function unwrapCell(cell: string): string {
  if (!cell.startsWith("=")) return cell
  const inner = TEXT_CELL.exec(cell)?.[1]
  return inner === undefined ? cell : inner.replaceAll('""', '"')
}

/** True for a number a spreadsheet has written as `1.9E+13`: its digits are lost (contract/feeds.md §5.5 damage). */
export function isScientific(cell: string): boolean {
  return SCIENTIFIC.test(cell.trim())
}

/** A number of a cell: exact decimal, and whether a minus stood before it. */
export interface CsvNumber {
  readonly decimal: string
  readonly isNegative: boolean
}

/**
 * Makes a reader of amount cells by a profile's separators: groups of exactly three digits, nothing guessed.
 *
 * `349.000` is refused where the dot is decimal: nobody prints three decimals, but a wrong profile would turn the amount
 * into its thousandth. The reader answers undefined for an empty cell or a single dash, and `"bad"` for anything it can't read.
 */
export function numberReader(number: CsvProfile["number"]): (cell: string) => CsvNumber | "bad" | undefined {
  const group = escapeSeparator(number.thousand)
  const whole = number.thousand === "" ? "[0-9]+" : `[0-9]{1,3}(?:${group}[0-9]{3})+|[0-9]+`
  const tail = number.decimal === "" ? "" : `(?:${escapeSeparator(number.decimal)}([0-9]*))?`
  const form = new RegExp(`^([+-]?)\\s*(${whole})${tail}$`)
  const separators = new RegExp(group, "g")
  const blank = number.thousand === " " ? " " : ""

  return (cell) => {
    const spaced = cell.replace(/[\u00a0\u202f\u2009]/g, blank).replace("−", "-")
    const text = spaced.trim().replace(CURRENCY_WORD, "").trim()
    if (text === "" || text === "-") return undefined
    const match = form.exec(text)
    if (match === null) return "bad"
    const digits = number.thousand === "" ? (match[2] ?? "") : (match[2] ?? "").replace(separators, "")
    if (digits.length <= 3 && match[3]?.length === 3) return "bad"
    const isNegative = match[1] === "-"
    const decimal = toDecimal(isNegative, digits, match[3] ?? "")
    return decimal === undefined ? "bad" : { decimal, isNegative }
  }
}

function escapeSeparator(separator: string): string {
  return separator === "." ? "\\." : separator
}

/** A day, a time, or both, as a date format found them. */
export interface CsvMoment {
  readonly day: string | undefined
  readonly time: string | undefined
  readonly precision: "second" | "minute" | "day"
}

const TOKEN = /yyyy|yy|MM|M|dd|d|HH|H|mm|ss|\s+|[^a-zA-Z\s]/g
const TOKEN_FORMS: Readonly<Record<string, string>> = {
  yyyy: "(?<year>[0-9]{4})",
  yy: "(?<year>[0-9]{2})",
  MM: "(?<month>[0-9]{2})",
  M: "(?<month>[0-9]{1,2})",
  dd: "(?<day>[0-9]{2})",
  d: "(?<day>[0-9]{1,2})",
  HH: "(?<hour>[0-9]{2})",
  H: "(?<hour>[0-9]{1,2})",
  mm: "(?<minute>[0-9]{2})",
  ss: "(?<second>[0-9]{2})",
}

/**
 * Makes a reader of cells in a format such as `dd/MM/yyyy`, `d-M-yy HH:mm` or `HH:mm:ss`; `yy` is 20yy.
 *
 * Undefined when the format is none. The reader answers undefined for a cell that does not fit or does not exist.
 */
export function momentReader(format: string): ((cell: string) => CsvMoment | undefined) | undefined {
  const tokens = format.match(TOKEN) ?? []
  if (tokens.join("") !== format) return undefined
  const names = tokens.map((token) => /\?<([a-z]+)>/.exec(TOKEN_FORMS[token] ?? "")?.[1]).filter((name) => name)
  if (new Set(names).size !== names.length) return undefined
  const hasDay = names.includes("year") && names.includes("month") && names.includes("day")
  const hasTime = names.includes("hour") && names.includes("minute")
  if (names.length !== (hasDay ? 3 : 0) + (hasTime ? 2 : 0) + (names.includes("second") ? 1 : 0)) return undefined
  if ((!hasDay && !hasTime) || (names.includes("second") && !hasTime)) return undefined

  const source = tokens.map((token) => TOKEN_FORMS[token] ?? (token.trim() === "" ? "\\s+" : `\\${token}`)).join("")
  const form = new RegExp(`^${source}$`)
  return (cell) => {
    const parts = form.exec(cell.trim())?.groups
    return parts === undefined ? undefined : toMoment(parts)
  }
}

function toMoment(parts: Record<string, string | undefined>): CsvMoment | undefined {
  const { year, month = "", day = "", hour, minute = "", second } = parts
  const dayText = year && `${year.padStart(4, "20")}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`
  if (dayText !== undefined && parseDay(dayText) === undefined) return undefined
  if (Number(hour ?? 0) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return undefined
  const time = hour && `${hour.padStart(2, "0")}:${minute}:${second ?? "00"}`
  return {
    day: dayText,
    time,
    precision: time === undefined ? "day" : second === undefined ? "minute" : "second",
  }
}
