const DECIMAL = /^(-?)([0-9]+)(?:\.([0-9]*))?$/
const DIGITS_MAX = 30

/**
 * Writes the exact decimal of digits as a file has them: no leading zeros, no minus zero, fraction digits as given.
 *
 * Undefined beyond 30 digits, which no bank prints and which would only serve to slow the sums.
 */
export function toDecimal(negative: boolean, whole: string, fraction: string): string | undefined {
  if (whole.length + fraction.length > DIGITS_MAX) return undefined
  const digits = whole.replace(/^0+(?=[0-9])/, "")
  const text = fraction === "" ? digits : `${digits}.${fraction}`
  return negative && /[1-9]/.test(text) ? `-${text}` : text
}

/** Changes the sign of an exact decimal; zero stays without sign. */
export function negateDecimal(decimal: string): string {
  if (decimal.startsWith("-")) return decimal.slice(1)
  return isZeroDecimal(decimal) ? decimal : `-${decimal}`
}

/** True for `0`, `0.00` and the like. */
export function isZeroDecimal(decimal: string): boolean {
  return !/[1-9]/.test(decimal)
}

/** Adds two exact decimals; the result has as many fraction digits as the longer of the two. */
export function addDecimals(left: string, right: string): string {
  const [a, b] = [toScaled(left), toScaled(right)]
  const scale = Math.max(a.scale, b.scale)
  const units = a.units * 10n ** BigInt(scale - a.scale) + b.units * 10n ** BigInt(scale - b.scale)
  return fromScaled(units, scale)
}

/** Compares two exact decimals by value, so that `1` equals `1.00`: negative, zero or positive. */
export function compareDecimals(left: string, right: string): number {
  const difference = addDecimals(left, negateDecimal(right))
  if (isZeroDecimal(difference)) return 0
  return difference.startsWith("-") ? -1 : 1
}

/** An amount of whole đồng, or why there is none. */
export type DongReading =
  | { readonly kind: "whole"; readonly amountVnd: number }
  | { readonly kind: "refused"; readonly reason: "fractional_amount" | "bad_amount" }

/** Reads an exact decimal as whole đồng: `349000.00` yes, `349000.50` no, nothing beyond 2^53−1 (contract/feeds.md §1). */
export function wholeDong(decimal: string): DongReading {
  const match = DECIMAL.exec(decimal)
  if (match === null) return { kind: "refused", reason: "bad_amount" }
  if (!isZeroDecimal(match[3] ?? "")) return { kind: "refused", reason: "fractional_amount" }
  const amountVnd = Number(`${match[1]}${match[2]}`) + 0 // The sum turns -0 into 0.
  return Number.isSafeInteger(amountVnd) ? { kind: "whole", amountVnd } : { kind: "refused", reason: "bad_amount" }
}

function toScaled(decimal: string): { units: bigint; scale: number } {
  const point = decimal.indexOf(".")
  if (point === -1) return { units: BigInt(decimal), scale: 0 }
  return { units: BigInt(decimal.slice(0, point) + decimal.slice(point + 1)), scale: decimal.length - point - 1 }
}

function fromScaled(units: bigint, scale: number): string {
  const negative = units < 0n
  const digits = String(negative ? -units : units).padStart(scale + 1, "0")
  const whole = digits.slice(0, digits.length - scale)
  return `${negative ? "-" : ""}${scale === 0 ? whole : `${whole}.${digits.slice(-scale)}`}`
}
