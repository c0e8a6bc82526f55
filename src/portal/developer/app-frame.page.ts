import { type Html, type HtmlValue, html, noHtml } from "../../http/html.ts"
import { type Frame, type FrameUser, layout } from "../../http/layout.page.ts"
import { pageHead } from "../../http/pieces.page.ts"
import type { Language } from "../../messages/catalogue.ts"
import { type AppTab, appTabs } from "./app-tabs.page.ts"

/** What every page of one app is shown with. */
export interface AppPageData {
  readonly language: Language
  readonly user: FrameUser
  readonly app: { readonly clientId: string; readonly name: string }
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
    readonly scripts?: Frame["scripts"]
  },
  content: HtmlValue,
): Html {
  const { tab, title, lead = noHtml, actions = noHtml, scripts } = page
  const frame = { language, user, current: "apps", query, scripts, title: `${title} · ${app.name}` } as const
  return layout(frame, html`${pageHead(title, lead, actions)}${appTabs(app.clientId, tab, language)}${content}`)
}
