import type { Instant } from "../../clock.ts"
import { ageText, durationText } from "../../http/duration.page.ts"
import { type Html, html } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { dataTable, note, pageHead } from "../../http/pieces.page.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { countUpTo } from "../../messages/count.ts"
import { attemptClassMessages, operatorHealthMessages } from "../../messages/operator-health.ts"
import type { DeliveryHealth } from "../../webhooks/delivery-health.ts"

interface DeliveriesPageData {
  readonly language: Language
  readonly user: FrameUser
  readonly health: DeliveryHealth
  /** Where counting stops. */
  readonly countedAtMost: number
  readonly now: Instant
}

/** How delivery does on all nodes: what waits, how the latest attempts ended, and what was switched off. */
export function operatorDeliveriesPage(data: DeliveriesPageData): Html {
  const { language, user, health, countedAtMost } = data
  const words = speak(operatorHealthMessages, language)
  return layout(
    { language, title: words.deliveriesTitle, user, current: "operator-deliveries" },
    html`${pageHead(words.deliveriesTitle, words.deliveriesLead)}
<dl class="tiles"><div class="card"><dt>${words.due}</dt><dd>${countUpTo(health.due, countedAtMost, language)}</dd></div>
<div class="card"><dt>${words.delivered}</dt><dd>${deliveredShare(health, language)}</dd></div></dl>
<h2>${words.waitingTitle}</h2>${waitingTable(data)}
<h2>${words.recentTitle}</h2>${recentTable(data)}
<h2>${words.switchedOffTitle}</h2>${switchedOffTable(data)}`,
  )
}

function deliveredShare({ recent }: DeliveryHealth, language: Language): string {
  const total = recent.reduce((sum, { count }) => sum + count, 0)
  if (total === 0) return "–"
  const delivered = recent.find((one) => one.class === "ok")?.count ?? 0
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(delivered / total)
}

function waitingTable({ language, health, countedAtMost, now }: DeliveriesPageData): Html {
  const words = speak(operatorHealthMessages, language)
  if (health.waiting.length === 0) return note("good", words.nothingWaits)
  const columns = [
    { title: words.webhook },
    { title: words.company },
    { title: words.waiting, align: "end" as const },
    { title: words.oldest },
  ]
  return dataTable(
    words.waitingTitle,
    columns,
    health.waiting.map((endpoint) => [
      html`<strong class="break">${endpoint.name}</strong> <span class="soft small block break">${hostOf(endpoint.webhookUrl)} · <span class="number">${endpoint.webhookId}</span></span>`,
      html`<a href="${`/operator/companies/${endpoint.companyId}`}">${endpoint.companyName}</a>`,
      countUpTo(endpoint.waiting, countedAtMost, language),
      endpoint.oldestDueAt > now
        ? html`${words.dueIn(durationText((endpoint.oldestDueAt - now) / 1000, language))}`
        : html`${words.overdue(ageText((now - endpoint.oldestDueAt) / 1000, language))}`,
    ]),
  )
}

function recentTable({ language, health }: DeliveriesPageData): Html {
  const words = speak(operatorHealthMessages, language)
  if (health.recentSince === undefined) return note("good", words.noAttempts)
  const classes = speak(attemptClassMessages, language)
  const number = new Intl.NumberFormat(language)
  const rows = health.recent.toSorted((one, other) => other.count - one.count)
  return html`<p class="soft">${words.since} ${momentText(health.recentSince, language)}</p>${dataTable(
    words.recentTitle,
    [{ title: words.outcome }, { title: words.attempts, align: "end" }],
    rows.map((row) => [classes[row.class], number.format(row.count)]),
  )}`
}

function switchedOffTable({ language, health }: DeliveriesPageData): Html {
  const words = speak(operatorHealthMessages, language)
  if (health.switchedOff.length === 0) return html`<p class="soft">${words.noneSwitchedOff}</p>`
  return dataTable(
    words.switchedOffTitle,
    [{ title: words.webhook }, { title: words.company }, { title: words.why }],
    health.switchedOff.map((webhook) => [
      html`<strong class="break">${webhook.name}</strong> <span class="soft small number">${webhook.webhookId}</span>`,
      html`<a href="${`/operator/companies/${webhook.companyId}`}">${webhook.companyName}</a>`,
      webhook.offReason === "gone" ? words.offGone : html`<code>${webhook.offReason}</code>`,
    ]),
  )
}

// The path may hold a secret of the receiver's: the operator needs only to know where it goes.
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? noUrl
}

const noUrl = "–"
