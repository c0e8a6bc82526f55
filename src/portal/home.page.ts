import { type Html, html, noHtml } from "../http/html.ts"
import { type FrameUser, layout } from "../http/layout.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { homeMessages } from "../messages/portal.ts"
import { formatVnd, type Vnd } from "../money.ts"

/** The start page for whoever is not signed in: what this is. */
export function welcomePage(data: { readonly language: Language }): Html {
  const words = speak(homeMessages, data.language)
  const point = (title: string, text: string) =>
    html`<section class="card"><h2>${title}</h2><p class="soft">${text}</p></section>`
  return layout(
    { language: data.language, title: words.welcomeTitle },
    html`<div class="hero"><h1>${words.welcomeTitle}</h1><p class="lead">${words.welcomeLead}</p>
<p class="actions"><a class="button" href="/login">${words.signIn}</a><a class="button plain" href="/docs/api">${words.forDevelopers}</a></p></div>
<div class="cards level">${point(words.pointChoiceTitle, words.pointChoice)}${point(words.pointRevokeTitle, words.pointRevoke)}${point(words.pointReadTitle, words.pointRead)}</div>`,
  )
}

export interface OverviewAccount {
  readonly bankName: string
  readonly bankIcon: string
  readonly label: string | null
  readonly accountNumber: string
  readonly holderName: string
  /** Undefined: not known. */
  readonly balance: Vnd | undefined
  readonly transactions: number
  readonly mode: "live" | "test"
  readonly active: boolean
}

/** The start page for whoever is signed in: the company's accounts, and where to go. */
export function overviewPage(data: {
  readonly language: Language
  readonly user: FrameUser
  /** Undefined: the user may not see them. */
  readonly accounts: readonly OverviewAccount[] | undefined
  readonly connectedApps: number
}): Html {
  const words = speak(homeMessages, data.language)
  const { user } = data
  const title = words.greeting(`${user.firstName} ${user.lastName}`.trim() || user.email)
  const link = (href: string, title: string, text: string) =>
    html`<section class="card linked"><h2><a href="${href}">${title}</a></h2><p class="soft">${text}</p></section>`
  return layout(
    { language: data.language, title, user, current: "overview" },
    html`<h1>${title}</h1><p class="lead">${user.companyName}</p>
<section class="card"><h2>${words.accountsTitle}</h2>${accountList(data.accounts, data.language)}</section>
<div class="cards level">${link("/connected-apps", words.connectedApps, words.connectedAppsCount(data.connectedApps))}${link("/docs/api", words.apiReference, words.apiReferenceNote)}</div>`,
  )
}

function accountList(accounts: readonly OverviewAccount[] | undefined, language: Language): Html {
  const words = speak(homeMessages, language)
  if (accounts === undefined) return html`<p class="soft">${words.maySeeNoAccounts}</p>`
  if (accounts.length === 0) return html`<p class="soft">${words.noAccounts}</p>`
  return html`<ul class="account-rows">${accounts.map((account) => accountRow(account, language))}</ul>`
}

function accountRow(account: OverviewAccount, language: Language): Html {
  const words = speak(homeMessages, language)
  const count = new Intl.NumberFormat(language).format(account.transactions)
  const balance =
    account.balance === undefined
      ? html`<span class="soft">${words.balanceUnknown}</span>`
      : formatVnd(account.balance, language)
  return html`<li class="account-row">${
    account.bankIcon === ""
      ? html`<span class="bank-icon"></span>`
      : html`<img class="bank-icon" src="${account.bankIcon}" alt="" width="40" height="40">`
  }<div class="account-name"><h3>${account.label ?? account.bankName}</h3><p class="soft small"><span class="number">${account.accountNumber}</span> · ${account.bankName} · ${account.holderName}</p>${badges(account, language)}</div>
<dl class="figures"><div><dt>${words.balance}</dt><dd class="amount">${balance}</dd></div><div><dt>${words.transactions}</dt><dd>${count}</dd></div></dl></li>`
}

function badges({ mode, active }: OverviewAccount, language: Language): Html {
  const words = speak(homeMessages, language)
  if (mode === "live" && active) return noHtml
  return html`<p class="tags">${mode === "test" ? html`<span class="badge warn">${words.testBadge}</span>` : noHtml}${
    active ? noHtml : html`<span class="badge">${words.closedBadge}</span>`
  }</p>`
}
