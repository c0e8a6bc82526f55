import { type Html, type HtmlValue, html, noHtml } from "../../http/html.ts"
import { type Frame, type FrameUser, layout } from "../../http/layout.page.ts"
import type { Language } from "../../messages/catalogue.ts"
import type { ClientState } from "../../oauth/protocol.ts"
import { appHead } from "./app-state.page.ts"
import { type AppTab, appTabs } from "./app-tabs.page.ts"

/** What every page of one app is shown with. */
export interface AppPageData {
  readonly language: Language
  readonly user: FrameUser
  readonly app: {
    readonly clientId: string
    readonly name: string
    readonly state: ClientState
    readonly logoUrl: string | null
  }
  /** Query of the page, kept by the language switch. */
  readonly query?: string
}

/** The frame of a page of one app: navigation, head, and the bar to its other pages. */
export function appFrame(
  { language, user, app, query }: AppPageData,
  page: {
    readonly tab: AppTab
    readonly title: string
    readonly lead?: HtmlValue
    readonly actions?: HtmlValue
    readonly scripts?: NonNullable<Frame["scripts"]>
  },
  content: HtmlValue,
): Html {
  const { tab, title, lead = noHtml, actions = noHtml, scripts = [] } = page
  const frame = {
    language,
    user,
    current: "apps",
    query,
    scripts: [...scripts, "tabs.js"],
    title: `${title} · ${app.name}`,
  } as const
  const head = html`<div class="page-head"><div><h2>${title}</h2>${lead === noHtml ? noHtml : html`<p class="lead">${lead}</p>`}</div>${
    actions === noHtml ? noHtml : html`<p class="actions">${actions}</p>`
  }</div>`
  return layout(frame, html`${appHead(app, language)}${appTabs(app.clientId, tab, language)}${head}${content}`)
}
