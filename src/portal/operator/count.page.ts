import { type Language, speak } from "../../messages/catalogue.ts"
import { operatorHealthMessages } from "../../messages/operator-health.ts"

/** A count that stopped at `most`: `1.250`, `more than 10,000`. */
export function countText(count: number, most: number, language: Language): string {
  const text = new Intl.NumberFormat(language).format(count)
  return count < most ? text : speak(operatorHealthMessages, language).moreThan(text)
}

const units = ["B", "KiB", "MiB", "GiB", "TiB"] as const

/** Bytes in the unit that fits: `132 MiB`. */
export function bytesText(bytes: number, language: Language): string {
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: value < 10 && power > 0 ? 1 : 0 }).format(value)} ${units[power]}`
}
