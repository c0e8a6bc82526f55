import type { Instant } from "../clock.ts"
import type { Language } from "../messages/catalogue.ts"
import { type Html, html } from "./html.ts"

const clocks: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  vi: vietnamClock("vi-VN", "2-digit"),
  en: vietnamClock("en-GB", "short"),
}

/** A moment in Vietnam time, to the minute: `08:15 01/06/2026`, `1 Jun 2026, 08:15`. */
export function momentText(at: Instant, language: Language): Html {
  return html`<time datetime="${new Date(at).toISOString()}">${clocks[language].format(at)}</time>`
}

function vietnamClock(locale: string, month: "2-digit" | "short"): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, {
    timeZone: "Asia/Ho_Chi_Minh",
    day: month === "short" ? "numeric" : "2-digit",
    month,
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  })
}
