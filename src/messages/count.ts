import { type Catalogue, type Language, phrase, speak } from "./catalogue.ts"

const countMessages = {
  orMore: phrase<string>(
    (count) => `ít nhất ${count}`,
    (count) => `${count} or more`,
  ),
} satisfies Catalogue

/** A count in the digits of the language: `12.500`, `12,500`. */
export function countText(count: number, language: Language): string {
  return new Intl.NumberFormat(language).format(count)
}

/** A count that nobody counts further than `most`: `9,999`, `10,000 or more`. */
export function countUpTo(count: number, most: number, language: Language): string {
  if (count < most) return countText(count, language)
  return speak(countMessages, language).orMore(countText(most, language))
}

const units = ["B", "KiB", "MiB", "GiB", "TiB"] as const

/** Bytes in the unit that fits: `132 MiB`. */
export function bytesText(bytes: number, language: Language): string {
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  const digits = new Intl.NumberFormat(language, { maximumFractionDigits: value < 10 && power > 0 ? 1 : 0 })
  return `${digits.format(value)} ${units[power]}`
}
