import { attributes, type Html, type HtmlValue, html, noHtml } from "../../../http/html.ts"
import { type FrameUser, layout } from "../../../http/layout.page.ts"
import { backLink, badge, pageHead } from "../../../http/pieces.page.ts"
import type { Mode } from "../../../ids.ts"
import { type Language, speak } from "../../../messages/catalogue.ts"
import { webhookDetailMessages, webhookListMessages } from "../../../messages/webhook-list.ts"
import type { HeadedWebhook } from "./headed-webhook.ts"

/** What each page of one webhook is rendered from. */
export interface WebhookPageData {
  readonly language: Language
  readonly user: FrameUser
  readonly webhook: HeadedWebhook
  /** Whether the user may change and send. */
  readonly mayUpdate: boolean
}

/** Which page of a webhook is open. */
export type WebhookTab = "overview" | "log" | "test" | "explain"

/** The frame of a webhook's pages: its name, its state and the way to the others. */
export function webhookFrame(
  data: WebhookPageData,
  page: {
    readonly tab: WebhookTab
    readonly query?: string | undefined
    readonly scripts?: readonly string[]
    readonly actions?: HtmlValue
  },
  content: Html,
): Html {
  const { language, user, webhook } = data
  const words = speak(webhookDetailMessages, language)
  const { tab, query, scripts = [], actions = noHtml } = page
  const title = tab === "overview" ? webhook.name : `${words[tab]} · ${webhook.name}`
  const badges = html`<span class="tags">${modeBadge(webhook.mode, language)}${stateBadge(webhook, language)}</span>`
  return layout(
    { language, title, user, current: "webhooks", query, scripts: [...scripts, "tabs.js"] },
    html`${backLink("/webhooks", speak(webhookListMessages, language).title)}
${pageHead(webhook.name, badges, actions)}${tabs(data, tab)}${content}`,
  )
}

function tabs({ webhook, language, mayUpdate }: WebhookPageData, current: WebhookTab): Html {
  const words = speak(webhookDetailMessages, language)
  const base = `/webhooks/${webhook.id}`
  const all: readonly (readonly [tab: WebhookTab, path: string, isThere: boolean])[] = [
    ["overview", base, !webhook.deleted],
    ["log", `${base}/log`, true],
    ["test", `${base}/test`, !webhook.deleted && mayUpdate],
    ["explain", `${base}/explain`, !webhook.deleted],
  ]
  return html`<nav class="tabs" aria-label="${words.sections}"><ul>${all
    .filter(([, , isThere]) => isThere)
    .map(
      ([tab, path]) =>
        html`<li><a href="${path}" ${attributes({ "aria-current": tab === current ? "page" : undefined })}>${words[tab]}</a></li>`,
    )}</ul></nav>`
}

/** Live or test. */
export function modeBadge(mode: Mode, language: Language): Html {
  const words = speak(webhookListMessages, language)
  return badge(words[mode], mode === "test" ? "warn" : "plain")
}

/** On, or why it is off. */
export function stateBadge(
  { active, offReason, deleted }: Pick<HeadedWebhook, "active" | "offReason" | "deleted">,
  language: Language,
): Html {
  const words = speak(webhookListMessages, language)
  if (deleted) return badge(words.deleted, "danger")
  if (active) return badge(words.on, "good")
  return offReason === "gone" ? badge(words.offGone, "danger") : badge(words.off)
}
