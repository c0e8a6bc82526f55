import { attributes, type Html, html, noHtml } from "../../http/html.ts"
import { dataTable, emptyState } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { countText } from "../../messages/count.ts"
import { usageMessages } from "../../messages/request-log.ts"
import { type AppPageData, appFrame } from "./app-frame.page.ts"
import { barChart, chartKeys } from "./bar-chart.page.ts"
import type { UsageFigures, UsageView } from "./usage-view.ts"

export interface UsagePageData extends AppPageData {
  readonly period: number
  readonly periods: readonly number[]
  readonly usage: UsageView
}

const outcomes = [
  "ok",
  "refused",
  "limited",
  "failed",
  "unproven",
] as const satisfies readonly (keyof UsageFigures["counts"])[]

/** How much an app calls: figures, a chart by day, and tables. */
export function usagePage(data: UsagePageData): Html {
  const { language, app, usage } = data
  const words = speak(usageMessages, language)
  return appFrame(
    data,
    { tab: "usage", title: words.title, lead: words.lead(app.name), actions: periodLinks(data) },
    html`${tiles(data)}${
      usage.total.calls === 0 ? emptyState(words.noneTitle, words.none) : html`${chartCard(data)}${endpointCard(data)}`
    }`,
  )
}

function periodLinks({ language, app, period, periods }: UsagePageData): Html {
  const words = speak(usageMessages, language)
  return html`<span class="unseen">${words.period}: </span>${periods.map(
    (days) =>
      html`<a class="${days === period ? "button" : "button plain"}" href="${`/developer/apps/${app.clientId}/usage?days=${days}`}" ${attributes({ "aria-current": days === period ? "true" : undefined })}>${words.days(days)}</a>`,
  )}`
}

function tiles({ language, usage }: UsagePageData): Html {
  const words = speak(usageMessages, language)
  const tile = (name: string, value: string, hint?: string) =>
    html`<div class="card usage-tile"><p class="soft small">${name}</p><p class="usage-figure">${value}</p>${
      hint === undefined ? noHtml : html`<p class="hint">${hint}</p>`
    }</div>`
  const { total, aliveGrants, aliveFamilies } = usage
  return html`<div class="usage-tiles">${tile(words.calls, countText(total.calls, language))}${tile(
    words.errorRate,
    percent(total.errorRate, language),
    words.errorRateNote,
  )}${tile(words.aliveGrants, aliveGrants)}${tile(words.aliveFamilies, aliveFamilies)}</div>`
}

function chartCard({ language, usage }: UsagePageData): Html {
  const words = speak(usageMessages, language)
  const most = Math.max(...usage.days.map(({ calls }) => calls))
  const bars = usage.days.map(({ label, counts }) => ({
    label,
    parts: outcomes.map((name) => ({ name, value: counts[name] })),
  }))
  const keys = outcomes.map((name) => ({ name, text: words[name] }))
  const rows = usage.days.toReversed().map((day) => [day.label, ...figures(day, language)])
  return html`<section class="card stack"><h2>${words.byDay}</h2>${barChart(bars, words.chart(most))}${chartKeys(keys)}
<details><summary>${words.table}</summary>${dataTable(words.byDay, columns(words.day, language), rows)}</details></section>`
}

function endpointCard({ language, usage }: UsagePageData): Html {
  const words = speak(usageMessages, language)
  const rows = usage.endpoints.map((endpoint) => [html`<code>${endpoint.label}</code>`, ...figures(endpoint, language)])
  return html`<section class="stack"><h2>${words.byEndpoint}</h2>${dataTable(words.byEndpoint, columns(words.endpoint, language), rows)}</section>`
}

function columns(first: string, language: Language) {
  const words = speak(usageMessages, language)
  const end = (title: string) => ({ title, align: "end" as const })
  return [{ title: first }, end(words.total), end(words.errorRate), ...outcomes.map((outcome) => end(words[outcome]))]
}

function figures({ calls, errorRate, counts }: UsageFigures, language: Language): readonly string[] {
  const counted = outcomes.map((outcome) => countText(counts[outcome], language))
  return [countText(calls, language), percent(errorRate, language), ...counted]
}

function percent(share: number, language: Language): string {
  const text = (share * 100).toFixed(share === 0 || share >= 0.1 ? 0 : 1)
  return language === "vi" ? `${text.replace(".", ",")}%` : `${text}%`
}
