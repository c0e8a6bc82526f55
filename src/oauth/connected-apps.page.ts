import { type Html, type HtmlValue, html, noHtml } from "../http/html.ts"
import { type FrameUser, layout } from "../http/layout.page.ts"
import { momentText } from "../http/moment.page.ts"
import { badge, emptyState, note, pageHead } from "../http/pieces.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { connectedAppMessages } from "../messages/connected-apps.ts"
import { connectedAppsMessages, modeMessages } from "../messages/oauth.ts"
import type { ConnectedApp } from "./connected-apps-view.ts"
import { appTile, scopeList } from "./scope-list.page.ts"

export interface ConnectedAppsData {
  readonly language: Language
  readonly user: FrameUser
  readonly apps: readonly ConnectedApp[]
  readonly revokedApp: string | undefined
  readonly state: "alive" | "ended"
  /** The last grant shown, when there are older ones. */
  readonly olderThan: number | undefined
}

/** The apps that may reach the company's data, or those that once did (contract/oauth.md §16). */
export function connectedAppsPage(data: ConnectedAppsData): Html {
  const words = speak(connectedAppsMessages, data.language)
  const more = speak(connectedAppMessages, data.language)
  const ended = data.state === "ended"
  const title = ended ? more.endedTitle : words.title
  const other = ended ? ["/connected-apps", more.showAlive] : ["/connected-apps?ended=1", more.showEnded]
  const frame = {
    language: data.language,
    title,
    user: data.user,
    current: "connected-apps",
    query: ended ? "ended=1" : undefined,
  } as const
  const older = `/connected-apps?${ended ? "ended=1&" : ""}before=${data.olderThan}`
  return layout(
    frame,
    html`${pageHead(title, ended ? more.endedLead : words.lead, html`<a class="button plain" href="${other[0] ?? ""}">${other[1]}</a>`)}
${data.revokedApp === undefined ? noHtml : note("good", words.revoked(data.revokedApp))}
${data.apps.length === 0 ? nothing(data) : html`<div class="cards">${data.apps.map((app) => appCard(app, data.language))}</div>`}
${data.olderThan === undefined ? noHtml : html`<p class="actions"><a class="button plain" href="${older}">${more.older}</a></p>`}`,
  )
}

function nothing({ state, language }: ConnectedAppsData): Html {
  const words = speak(connectedAppsMessages, language)
  const more = speak(connectedAppMessages, language)
  return state === "ended"
    ? emptyState(more.endedEmptyTitle, more.endedEmpty)
    : emptyState(words.emptyTitle, words.empty)
}

function appCard(app: ConnectedApp, language: Language): Html {
  const words = speak(connectedAppsMessages, language)
  const more = speak(connectedAppMessages, language)
  return html`<article class="card">
${appHead(app, language, "h2")}
<h3>${words.allowed}</h3>${scopeList(app.scopes, language)}
${app.asksAccounts ? html`<h3>${words.accounts}</h3>${accountsOf(app, language)}` : noHtml}
${grantFacts(app, language)}
<p class="actions">${
    app.canNarrow
      ? html`<a class="button plain" href="${`/connected-apps/${app.grantId}/narrow`}" aria-label="${more.narrowLabel(app.name)}">${more.narrow}</a>`
      : noHtml
  }${app.ended === undefined ? revokeLink(app, language) : noHtml}
<a class="text-link" href="${`/connected-apps/${app.grantId}`}" aria-label="${more.detailsLabel(app.name)}">${more.details}</a></p>
</article>`
}

/** The way to the question whether access is to be taken back. */
export function revokeLink(app: ConnectedApp, language: Language): Html {
  const words = speak(connectedAppsMessages, language)
  return html`<a class="button plain danger" href="${`/connected-apps/${app.grantId}/revoke`}" aria-label="${words.revokeLabel(app.name)}">${words.revoke}</a>`
}

/** The app's picture, name, maker and state. */
export function appHead(app: ConnectedApp, language: Language, level: "h1" | "h2"): Html {
  const words = speak(connectedAppsMessages, language)
  const more = speak(connectedAppMessages, language)
  const name = level === "h1" ? html`<h1>${app.name}</h1>` : html`<h2>${app.name}</h2>`
  const states = [
    app.mode === "test" ? badge(speak(modeMessages, language).test, "warn") : noHtml,
    app.ended === undefined ? noHtml : badge(more.ended),
    app.userInactive && app.ended === undefined ? badge(more.userInactive, "warn") : noHtml,
    app.suspended && app.ended === undefined ? badge(more.suspendedApp, "danger") : noHtml,
  ].filter((state) => state !== noHtml)
  return html`<div class="app-head">${appTile(app.name, app.logoUrl)}<div>${name}<p class="soft small">${words.by(app.developer)}</p>${
    states.length === 0 ? noHtml : html`<p class="tags">${states}</p>`
  }</div></div>`
}

/** When and by whom access was given, how it is used, and when it ended. */
export function grantFacts(app: ConnectedApp, language: Language): Html {
  const words = speak(connectedAppsMessages, language)
  const more = speak(connectedAppMessages, language)
  const { ended } = app
  return html`<dl class="facts">${app.website === undefined ? noHtml : fact(more.website, html`<a class="break" href="${app.website}" rel="noopener noreferrer">${app.website}</a>`)}
${app.grantedBy === undefined ? noHtml : fact(words.grantedBy, app.grantedBy)}
${fact(words.grantedAt, momentText(app.grantedAt, language))}
${fact(words.lastUsedAt, app.lastUsedAt === null ? words.neverUsed : momentText(app.lastUsedAt, language))}
${
  ended === undefined
    ? fact(words.families, String(app.aliveFamilies))
    : html`${fact(more.endedAt, momentText(ended.at, language))}${fact(more.endReason, endReasonText(ended.reason, language))}`
}</dl>`
}

function endReasonText(reason: string | null, language: Language): string {
  const words: Readonly<Record<string, unknown>> = speak(connectedAppMessages, language)
  const text = words[`reason_${reason}`]
  return typeof text === "string" ? text : speak(connectedAppMessages, language).reason_other
}

function fact(name: string, value: HtmlValue): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`
}

/** The accounts that the app reaches, in words. */
export function accountsOf({ accounts }: ConnectedApp, language: Language): Html {
  if (accounts === undefined) return html`<p>${speak(connectedAppsMessages, language).allAccounts}</p>`
  return html`<ul class="plain-list">${accounts.map((account) => html`<li>${account}</li>`)}</ul>`
}

/** Asks before access is taken back (contract/oauth.md §16). */
export function revokeGrantPage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly app: ConnectedApp
}): Html {
  const words = speak(connectedAppsMessages, data.language)
  const { app } = data
  const title = words.revokeTitle(app.name)
  return layout(
    { language: data.language, title, user: data.user, current: "connected-apps", shape: "card" },
    html`<section class="card"><div class="app-head">${appTile(app.name, app.logoUrl)}<h1>${title}</h1></div>
<dl class="facts">${fact(words.developer, app.developer)}${app.grantedBy === undefined ? noHtml : fact(words.grantedBy, app.grantedBy)}
${fact(words.data, speak(modeMessages, data.language)[app.mode])}
${fact(words.grantedAt, momentText(app.grantedAt, data.language))}</dl>
<h2>${words.revokeEffects}</h2>
<ul class="points"><li>${words.revokeEffect}</li><li>${words.revokeEffectData}</li><li>${words.revokeEffectWebhooks}</li><li>${words.revokeEffectAgain}</li></ul>
<form method="post" action="${`/connected-apps/${app.grantId}/revoke`}" class="actions spread">
<input type="hidden" name="csrf_token" value="${data.user.csrfToken}">
<button class="button danger">${words.revokeConfirm}</button>
<a class="button plain" href="/connected-apps">${words.cancel}</a></form></section>`,
  )
}
