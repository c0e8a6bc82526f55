import type { Instant } from "../clock.ts"
import type { Language } from "../messages/catalogue.ts"
import { dayBounds, formatDay, vietnamDay } from "../vietnam-time.ts"
import { type Html, html } from "./html.ts"

const vietnamDate = { timeZone: "Asia/Ho_Chi_Minh", year: "numeric" } as const

const clocks: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  vi: vietnamClock("vi-VN", "2-digit"),
  en: vietnamClock("en-GB", "short"),
}

const days: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  vi: new Intl.DateTimeFormat("vi-VN", { ...vietnamDate, month: "2-digit", day: "2-digit" }),
  en: new Intl.DateTimeFormat("en-GB", { ...vietnamDate, month: "short", day: "numeric" }),
}

const exactClocks: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  vi: vietnamClock("vi-VN", "2-digit", "2-digit"),
  en: vietnamClock("en-GB", "short", "2-digit"),
}

/** A moment in Vietnam time, to the minute: `08:15 01/06/2026`, `1 Jun 2026, 08:15`. */
export function momentText(at: Instant, language: Language): Html {
  return html`<time datetime="${new Date(at).toISOString()}">${clocks[language].format(at)}</time>`
}

/** When money was booked: without a time where the bank told the day alone, which stands for its first instant. */
export function bookedText(at: Instant, language: Language): Html {
  if (dayBounds(vietnamDay(at)).startAt !== at) return momentText(at, language)
  return html`<time datetime="${formatDay(vietnamDay(at))}">${days[language].format(at)}</time>`
}

/** A moment in Vietnam time, to the second, for what follows quickly: `08:15:20 01/06/2026`, `1 Jun 2026, 08:15:20`. */
export function exactMomentText(at: Instant, language: Language): Html {
  return html`<time datetime="${new Date(at).toISOString()}">${exactClocks[language].format(at)}</time>`
}

function vietnamClock(locale: string, month: "2-digit" | "short", second?: "2-digit"): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, {
    timeZone: "Asia/Ho_Chi_Minh",
    day: month === "short" ? "numeric" : "2-digit",
    month,
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second,
    hourCycle: "h23",
  })
}
