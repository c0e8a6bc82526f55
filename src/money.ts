import assert from "node:assert/strict"

/** Whole đồng, |amount| ≤ 2^53−1; inside the platform money in is positive and money out negative (contract/feeds.md §1). */
export type Vnd = number & { readonly __brand: "Vnd" }

/** Marks a number as whole đồng; a fraction or a number beyond 2^53−1 is a defect of the caller and fails an assertion. */
export function toVnd(amount: number): Vnd {
  assert(Number.isSafeInteger(amount), "an amount must be a safe integer of đồng")
  return (amount + 0) as Vnd // The sum turns -0 into 0.
}

const AMOUNT_TEXT = /^([0-9]+)(?:\.00?)?$/

/**
 * Reads an amount of an API query or body, 0…2^53−1 đồng (contract/api.md §1).
 *
 * Text may end in `.0` or `.00`, as SePay's own samples do. Everything else is undefined, for the caller to answer 400.
 */
export function parseVnd(value: unknown): Vnd | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? toVnd(value) : undefined
  if (typeof value !== "string") return undefined
  const whole = AMOUNT_TEXT.exec(value)?.[1]
  if (whole === undefined) return undefined
  const amount = Number(whole)
  return Number.isSafeInteger(amount) ? toVnd(amount) : undefined
}

/**
 * Reads an amount as a person types it, with or without separators and the currency: `1.250.000`, `350,000 ₫`. Separators stand
 * before groups of three, all of one kind; `1.5` is no amount.
 */
export function parseTypedVnd(text: string): Vnd | undefined {
  const digits = text.replace(/(₫|đ|vnd)/gi, "").replace(/\s/g, "")
  if (!/^[0-9]+$|^[0-9]{1,3}(\.[0-9]{3})+$|^[0-9]{1,3}(,[0-9]{3})+$/.test(digits)) return undefined
  return parseVnd(digits.replace(/[.,]/g, ""))
}

/** Shows an amount to a person: `1.250.000 ₫` in Vietnamese, `₫1,250,000` in English. */
export function formatVnd(amount: Vnd, language: "vi" | "en"): string {
  const sign = amount < 0 ? "-" : ""
  const digits = String(Math.abs(amount))
  return language === "vi" ? `${sign}${grouped(digits, ".")} ₫` : `${sign}₫${grouped(digits, ",")}`
}

function grouped(digits: string, separator: string): string {
  let text = digits.slice(-3)
  for (let end = digits.length - 3; end > 0; end -= 3) text = digits.slice(Math.max(0, end - 3), end) + separator + text
  return text
}
