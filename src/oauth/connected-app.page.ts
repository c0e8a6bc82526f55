import { attributes, type Html, html, noHtml } from "../http/html.ts"
import { type FrameUser, layout } from "../http/layout.page.ts"
import { momentText } from "../http/moment.page.ts"
import { backLink, note } from "../http/pieces.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { connectedAppMessages } from "../messages/connected-apps.ts"
import { connectedAppsMessages, consentMessages } from "../messages/oauth.ts"
import { accountsOf, appHead, grantFacts, revokeLink } from "./connected-apps.page.ts"
import type { AccountName, ConnectedApp, Difference, GrantEvent } from "./connected-apps-view.ts"
import { accountGroup, radio, scopeRow } from "./consent.page.ts"
import type { ConsentPageAccount, ConsentScope } from "./consent-view.ts"
import type { NarrowingProblem } from "./narrow-grant.ts"
import { appTile, scopeList, scopeText } from "./scope-list.page.ts"

/** What an address may say was just done. */
export type GrantDone = "narrowed" | "unchanged" | "ended"

/** One connected app with its history. */
export function connectedAppPage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly app: ConnectedApp
  readonly events: readonly GrantEvent[]
  readonly done: GrantDone | undefined
}): Html {
  const { app, language } = data
  const words = speak(connectedAppsMessages, language)
  const more = speak(connectedAppMessages, language)
  return layout(
    { language, title: app.name, user: data.user, current: "connected-apps" },
    html`${backLink(app.ended === undefined ? "/connected-apps" : "/connected-apps?ended=1", more.back)}
${doneNote(data.done, language)}
<div class="detail-columns"><article class="card">${appHead(app, language, "h1")}
<h2>${words.allowed}</h2>${scopeList(app.scopes, language)}
${app.asksAccounts ? html`<h2>${words.accounts}</h2>${accountsOf(app, language)}` : noHtml}
${grantFacts(app, language)}
${app.ended === undefined ? html`<p class="actions">${narrowLink(app, language)}${revokeLink(app, language)}</p>` : noHtml}</article>
<section class="card"><h2>${more.historyTitle}</h2><p class="soft small">${more.historyNote}</p>
<ol class="history">${data.events.map((event) => eventRow(event, language))}</ol></section></div>`,
  )
}

function doneNote(done: GrantDone | undefined, language: Language): Html {
  if (done === undefined) return noHtml
  const words = speak(connectedAppMessages, language)
  const texts = { narrowed: words.doneNarrowed, unchanged: words.doneUnchanged, ended: words.doneEnded }
  return note(done === "narrowed" ? "good" : "warn", texts[done])
}

function narrowLink(app: ConnectedApp, language: Language): Html {
  if (!app.canNarrow) return noHtml
  return html`<a class="button plain" href="${`/connected-apps/${app.grantId}/narrow`}">${speak(connectedAppMessages, language).narrow}</a>`
}

function eventRow(event: GrantEvent, language: Language): Html {
  const words = speak(connectedAppMessages, language)
  const { scopes, accounts } = event
  const facts = [
    ...lines(scopes, [words.scopesNow, words.scopesGone, words.scopesCame], (list) =>
      list === "all" ? "" : list.map((scope) => scopeText(scope, language)).join("; "),
    ),
    ...lines(accounts, [words.accountsNow, words.accountsGone, words.accountsCame], (list) =>
      accountNames(list, language),
    ),
  ]
  const isSame = event.kind === "renewed" && facts.length === 0
  return html`<li><p><strong>${words[event.kind]}</strong> <span class="soft">${event.by === undefined ? noHtml : words.by(event.by)}</span></p>
<p class="soft small">${momentText(event.at, language)}${isSame ? html` · ${words.unchanged}` : noHtml}</p>
${facts.length === 0 ? noHtml : html`<ul class="plain-list small">${facts}</ul>`}</li>`
}

function lines<Item>(
  difference: Difference<Item> | undefined,
  [now, gone, came]: readonly [string, string, string],
  text: (list: readonly Item[] | "all") => string,
): readonly Html[] {
  const line = (title: string, list: readonly Item[] | "all" | undefined) =>
    list === undefined || list.length === 0 ? [] : [html`<li><span class="soft">${title}:</span> ${text(list)}</li>`]
  const { now: kept, gone: went, came: new_ } = difference ?? {}
  return [...line(now, kept), ...line(gone, went), ...line(came, new_)]
}

function accountNames(list: readonly AccountName[] | "all", language: Language): string {
  const words = speak(connectedAppMessages, language)
  if (list === "all") return words.allAccounts
  return list.map((name) => (typeof name === "number" ? words.closedAccount(name) : name)).join("; ")
}

/** What the form for narrowing shows. */
export interface NarrowPageData {
  readonly language: Language
  readonly user: FrameUser
  readonly app: ConnectedApp
  readonly scopes: readonly ConsentScope[]
  readonly accounts: readonly ConsentPageAccount[]
  readonly accountChoice: "all" | "chosen"
  /** What the form says it has seen. */
  readonly seen: string
  readonly problem?: NarrowingProblem | undefined
}

/** The form that narrows a grant (contract/oauth.md §16). */
export function narrowGrantPage(data: NarrowPageData): Html {
  const { app, language, problem } = data
  const words = speak(connectedAppMessages, language)
  const title = words.narrowTitle(app.name)
  return layout(
    { language, title, user: data.user, current: "connected-apps", shape: "card" },
    html`<section class="card consent"><div class="app-head">${appTile(app.name, app.logoUrl)}<h1 class="break">${title}</h1></div>
<p class="lead">${words.narrowLead}</p>
${problem === undefined ? noHtml : html`<div class="note danger" role="alert" id="problem"><strong>${words.narrowProblemTitle}</strong><p>${words[problem]}</p></div>`}
<form method="post" action="${`/connected-apps/${app.grantId}/narrow`}" class="stack">
<input type="hidden" name="csrf_token" value="${data.user.csrfToken}"><input type="hidden" name="seen" value="${data.seen}">
<fieldset ${describedBy(problem === "required_scope_missing" || problem === "no_scope_left")}><legend><h2>${speak(connectedAppsMessages, language).allowed}</h2></legend>
<p class="hint">${words.narrowScopesNote}</p>
<ul class="choices">${data.scopes.map((scope) => scopeRow(scope, language))}</ul></fieldset>
${app.asksAccounts ? accountFields(data) : noHtml}
<p class="hint">${words.narrowWebhooks}</p>
<div class="actions spread"><button class="button">${words.narrowSubmit}</button>
<a class="button plain" href="${`/connected-apps/${app.grantId}`}">${words.cancel}</a></div>
</form></section>`,
  )
}

function accountFields(data: NarrowPageData): Html {
  const words = speak(consentMessages, data.language)
  const own = speak(connectedAppMessages, data.language)
  const all = data.accountChoice === "all"
  return html`<fieldset class="accounts" id="accounts" ${describedBy(data.problem === "no_account_chosen")}><legend><h2>${words.accountsTitle}</h2></legend>
<p class="hint">${own.narrowAccountsNote}</p>
${radio({ name: "accounts", value: "all", checked: all, text: words.accountsAll, note: words.accountsAllNote })}
${radio({ name: "accounts", value: "chosen", checked: !all, text: words.accountsChosen, note: words.accountsChosenNote })}
<div class="account-list">${accountGroup(undefined, data.app.mode, data.accounts, data.language)}</div></fieldset>`
}

function describedBy(isWrong: boolean) {
  return attributes({ "aria-describedby": isWrong ? "problem" : undefined })
}
