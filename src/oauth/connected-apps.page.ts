import { type Html, type HtmlValue, html, noHtml } from "../http/html.ts"
import { type FrameUser, layout } from "../http/layout.page.ts"
import { momentText } from "../http/moment.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { connectedAppsMessages, modeMessages } from "../messages/oauth.ts"
import type { ConnectedApp } from "./connected-apps-view.ts"
import { appTile, scopeList } from "./scope-list.page.ts"

/** The apps that may reach the company's data (contract/oauth.md §16). */
export function connectedAppsPage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly apps: readonly ConnectedApp[]
  readonly revokedApp: string | undefined
}): Html {
  const words = speak(connectedAppsMessages, data.language)
  const frame = { language: data.language, title: words.title, user: data.user, current: "connected-apps" } as const
  return layout(
    frame,
    html`<h1>${words.title}</h1><p class="lead">${words.lead}</p>
${data.revokedApp === undefined ? noHtml : html`<div class="note good" role="status">${words.revoked(data.revokedApp)}</div>`}
${
  data.apps.length === 0
    ? html`<section class="card empty"><h2>${words.emptyTitle}</h2><p>${words.empty}</p></section>`
    : html`<div class="cards">${data.apps.map((app) => appCard(app, data.language))}</div>`
}`,
  )
}

function appCard(app: ConnectedApp, language: Language): Html {
  const words = speak(connectedAppsMessages, language)
  return html`<article class="card">
<div class="app-head">${appTile(app.name, app.logoUrl)}<div><h2>${app.name}</h2><p class="soft small">${words.by(app.developer)}</p>${
    app.mode === "test" ? html`<span class="badge warn">${speak(modeMessages, language).test}</span>` : noHtml
  }</div></div>
<h3>${words.allowed}</h3>${scopeList(app.scopes, language)}
${app.asksAccounts ? html`<h3>${words.accounts}</h3>${accountsOf(app, language)}` : noHtml}
<dl class="facts">${app.grantedBy === undefined ? noHtml : fact(words.grantedBy, app.grantedBy)}
${fact(words.grantedAt, momentText(app.grantedAt, language))}
${fact(words.lastUsedAt, app.lastUsedAt === null ? words.neverUsed : momentText(app.lastUsedAt, language))}
${fact(words.families, String(app.aliveFamilies))}</dl>
<p class="actions"><a class="button plain danger" href="${`/connected-apps/${app.grantId}/revoke`}" aria-label="${words.revokeLabel(app.name)}">${words.revoke}</a></p>
</article>`
}

function fact(name: string, value: HtmlValue): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`
}

function accountsOf({ accounts }: ConnectedApp, language: Language): Html {
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
<ul class="points"><li>${words.revokeEffect}</li><li>${words.revokeEffectData}</li><li>${words.revokeEffectAgain}</li></ul>
<form method="post" action="${`/connected-apps/${app.grantId}/revoke`}" class="actions spread">
<input type="hidden" name="csrf_token" value="${data.user.csrfToken}">
<button class="button danger">${words.revokeConfirm}</button>
<a class="button plain" href="/connected-apps">${words.cancel}</a></form></section>`,
  )
}
