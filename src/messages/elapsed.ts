import type { Language } from "./catalogue.ts"

const units: Readonly<Record<Language, readonly [string, string, string, string]>> = {
  vi: ["ngày", "giờ", "phút", "giây"],
  en: ["d", "h", "min", "s"],
}
const lengthsMs = [86_400_000, 3_600_000, 60_000, 1000] as const

/** A length of time by its two largest units: `3 phút 12 giây`, `3 min 12 s`; below a second `0 giây`. */
export function elapsedText(milliseconds: number, language: Language): string {
  const names = units[language]
  let rest = Math.max(0, milliseconds)
  const parts = lengthsMs.map((length, index) => {
    const count = Math.floor(rest / length)
    rest -= count * length
    return { count, text: `${count} ${names[index]}` }
  })
  const first = parts.findIndex(({ count }) => count > 0)
  if (first < 0) return `0 ${names[3]}`
  return parts
    .slice(first, first + 2)
    .filter(({ count }) => count > 0)
    .map(({ text }) => text)
    .join(" ")
}
