import type { DayTurnover } from "../../banking/day-sums.ts"
import { assetPath } from "../../http/assets.ts"
import { attributes, type Html, html } from "../../http/html.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { overviewMessages } from "../../messages/overview.ts"
import { formatVnd } from "../../money.ts"
import { dayBounds } from "../../vietnam-time.ts"

/** Money in and out by day: a table, which chart.js draws and folds. */
export function turnoverChart(days: readonly DayTurnover[], language: Language): Html {
  const words = speak(overviewMessages, language)
  const row = ({ day, sumIn, sumOut }: DayTurnover) => {
    const at = dayBounds(day).startAt
    return html`<tr><th scope="row" ${attributes({ "data-short": formats[language].short.format(at) })}>${formats[language].long.format(at)}</th><td class="end" data-value="${sumIn}">${formatVnd(sumIn, language)}</td><td class="end" data-value="${sumOut}">${formatVnd(sumOut, language)}</td></tr>`
  }
  return html`<figure class="chart" data-chart="${assetPath("uplot.js")}" data-in="${words.moneyIn}" data-out="${words.moneyOut}">
<p class="chart-key" aria-hidden="true"><span class="key-in">${words.moneyIn}</span><span class="key-out">${words.moneyOut}</span></p>
<div class="chart-place" aria-hidden="true"></div><p class="chart-said soft small" aria-hidden="true"></p>
<details open><summary>${words.turnoverTable}</summary><div class="table-frame" tabindex="0" role="region" aria-label="${words.turnoverTitle}"><table class="data"><caption class="unseen">${words.turnoverTitle}</caption>
<thead><tr><th scope="col">${words.day}</th><th scope="col" class="end">${words.moneyIn}</th><th scope="col" class="end">${words.moneyOut}</th></tr></thead>
<tbody>${days.map(row)}</tbody></table></div></details></figure>`
}

const formats = {
  vi: {
    long: vietnamDate("vi-VN", { day: "2-digit", month: "2-digit", year: "numeric" }),
    short: vietnamDate("vi-VN", { day: "2-digit", month: "2-digit" }),
  },
  en: {
    long: vietnamDate("en-GB", { day: "numeric", month: "short", year: "numeric" }),
    short: vietnamDate("en-GB", { day: "numeric", month: "short" }),
  },
} as const

function vietnamDate(locale: string, parts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, { timeZone: "Asia/Ho_Chi_Minh", ...parts })
}
