import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { badge, emptyState, note, pageHead } from "../../http/pieces.page.ts"
import { appPageMessages } from "../../messages/app-pages.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import type { ManagedClient } from "../../oauth/manage-client.ts"
import { appTile, logoPath } from "../../oauth/scope-list.page.ts"
import { stateBadge } from "./app-state.page.ts"

export interface AppListData {
  readonly language: Language
  readonly user: FrameUser
  readonly apps: readonly ManagedClient[]
  /** Leads to the apps below; undefined when these are the last. */
  readonly olderBelow: number | undefined
  readonly deleted: boolean
}

/** The apps of a company. */
export function appListPage({ language, user, apps, olderBelow, deleted }: AppListData): Html {
  const words = speak(appPageMessages, language)
  const register = html`<a class="button" href="/developer/apps/new">${words.register}</a>`
  return layout(
    { language, title: words.listTitle, user, current: "apps" },
    html`${pageHead(words.listTitle, words.listLead, apps.length === 0 ? noHtml : register)}
${deleted ? note("good", words.doneDeleted) : noHtml}
${apps.length === 0 ? emptyState(words.emptyTitle, words.empty, register) : noHtml}
<div class="cards">${apps.map(
      ({ values, state, reviewSince, clientId, createdAt }) =>
        html`<article class="card linked app-card"><div class="app-head">${appTile(values.name, logoPath(values.logo))}<div><h2><a href="${`/developer/apps/${clientId}`}">${values.name}</a></h2><p class="tags">${stateBadge(state, language)}${
          state === "approved" && reviewSince !== null ? badge(words.hasPending, "warn") : noHtml
        }</p></div></div><p class="soft small"><code class="break">${clientId}</code></p><p class="soft small">${words.registered} ${momentText(createdAt, language)}</p></article>`,
    )}</div>
${olderBelow === undefined ? noHtml : html`<p class="actions"><a class="button plain" href="${`/developer/apps?below=${olderBelow}`}">${words.older}</a></p>`}`,
  )
}
