/**
 * A cell as the workbook has it: text; a number by its own digits; or a day with the second of the day. Empty is null.
 * A formula is the value it had when the workbook was saved.
 */
export type WorkbookCell = string | { readonly number: string } | { readonly at: number } | null

/** A sheet, or its first rows. Rows and columns begin at A1; all rows are equally long. */
export interface Sheet {
  readonly name: string
  readonly rows: readonly (readonly WorkbookCell[])[]
  /** Columns, from 0, with a date anywhere in the sheet that has a time of day: all their dates are written with one. */
  readonly timedColumns: readonly number[]
}

const NUMBER = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,3}))?$/
const SHOWN_DIGITS = 15
const LONGEST = 400

/**
 * The digits of a number cell, written out without exponent and exactly; undefined for what is no number.
 *
 * Spreadsheets compute in floating point and show 15 digits: a fraction beyond those is an artefact of a sum
 * (`349000.00000000006`) and is rounded away, as the person saw it.
 */
export function plainNumber(text: string): string | undefined {
  const match = NUMBER.exec(text.trim())
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match ?? []
  if (match === null || whole + fraction === "") return undefined
  const digits = whole + fraction
  const point = whole.length + Number(exponent)
  if (Math.abs(point) > LONGEST) return undefined
  const plain = place(digits, point)
  const significant = withoutLastZeros(digits.replace(/^0+/, "")).length
  const isArtefact = plain.includes(".") && significant > SHOWN_DIGITS
  const shown = isArtefact ? place(...roundDigits(digits, point)) : plain
  return sign === "-" && /[1-9]/.test(shown) ? `-${shown}` : shown
}

function place(digits: string, point: number): string {
  const padded = point <= 0 ? "0".repeat(1 - point) + digits : digits.padEnd(point, "0")
  const at = point <= 0 ? 1 : point
  const whole = padded.slice(0, at).replace(/^0+(?=[0-9])/, "")
  const fraction = withoutLastZeros(padded.slice(at))
  return fraction === "" ? whole : `${whole}.${fraction}`
}

// Not by an expression: one for the end costs the square of a run of zeros anywhere else.
function withoutLastZeros(digits: string): string {
  let end = digits.length
  while (digits.charAt(end - 1) === "0") end -= 1
  return digits.slice(0, end)
}

function roundDigits(digits: string, point: number): [digits: string, point: number] {
  const leading = /^0*/.exec(digits)?.[0].length ?? 0
  const kept = digits.slice(leading, leading + SHOWN_DIGITS)
  const up = (digits[leading + SHOWN_DIGITS] ?? "0") >= "5" ? 1n : 0n
  const rounded = (BigInt(kept) + up).toString()
  return [rounded, point - leading + (rounded.length - kept.length)]
}

/**
 * A date cell as `yyyy-MM-dd`, or `yyyy-MM-dd HH:mm:ss` where its column has times of day.
 *
 * @param at seconds since 1970-01-01 on the wall clock of whoever wrote the cell, no zone
 */
export function dateText(at: number, hasTimes: boolean): string {
  const iso = new Date(at * 1000).toISOString()
  return hasTimes ? `${iso.slice(0, 10)} ${iso.slice(11, 19)}` : iso.slice(0, 10)
}

/** A cell's address by its column and row, both from 1: `C7`. */
export function cellAddress(column: number, row: number): string {
  let letters = ""
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters
  }
  return `${letters}${row}`
}
