import { attributes, type Html, html } from "../../http/html.ts"
import { appTabMessages } from "../../messages/app-tabs.ts"
import { type Language, speak } from "../../messages/catalogue.ts"

const tabs = ["overview", "secrets", "quick-start", "try", "requests", "usage"] as const

/** A page of one app. */
export type AppTab = (typeof tabs)[number]

/** The bar that leads from each page of an app to its others; stands right below the page's head. */
export function appTabs(clientId: string, current: AppTab, language: Language): Html {
  const words = speak(appTabMessages, language)
  return html`<nav class="tabs" aria-label="${words.label}"><ul>${tabs.map(
    (tab) =>
      html`<li><a href="${appTabPath(clientId, tab)}" ${attributes({ "aria-current": tab === current ? "page" : undefined })}>${words[tab]}</a></li>`,
  )}</ul></nav>`
}

function appTabPath(clientId: string, tab: AppTab): string {
  const app = `/developer/apps/${clientId}`
  return tab === "overview" ? app : `${app}/${tab}`
}
