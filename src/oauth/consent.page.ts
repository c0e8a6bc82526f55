import { attributes, type Html, html, noHtml } from "../http/html.ts"
import { layout } from "../http/layout.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { consentMessages, modeMessages } from "../messages/oauth.ts"
import type { ConsentPageAccount, ConsentPageData, ConsentProblem, ConsentScope } from "./consent-view.ts"
import { appTile, scopeText } from "./scope-list.page.ts"

// Enter in a box presses a form's first button (HTML, "implicit submission"). This one decides nothing: the page comes
// again with its choices, and access is given by its own button only.
const undecidedButton = html`<button type="submit" hidden></button>`

/** The consent page (contract/oauth.md §5.1). Runs without any script, by keyboard and with a screen reader. */
export function consentPage(data: ConsentPageData): Html {
  const words = speak(consentMessages, data.language)
  const frame = {
    language: data.language,
    title: words.title(data.app.name),
    shape: "card",
    query: `request=${encodeURIComponent(data.handle)}`,
  } as const
  return layout(
    frame,
    html`<section class="card consent">
${heading(data)}
${problemNote(data)}
<form method="post" action="/oauth/consent" class="stack">
${undecidedButton}
<input type="hidden" name="request" value="${data.handle}">
<input type="hidden" name="csrf_token" value="${data.csrfToken}">
<input type="hidden" name="lang" value="${data.language}">
<fieldset><legend><h2>${words.scopesTitle}</h2></legend>
${data.scopes.some((scope) => !scope.required) ? html`<p class="hint">${words.scopesNote}</p>` : noHtml}
<ul class="choices">${data.scopes.map((scope) => scopeRow(scope, data.language))}</ul></fieldset>
${data.offersModes ? modeChoice(data) : html`<input type="hidden" name="mode" value="live">`}
${data.asksAccounts ? accountChoice(data) : noHtml}
<p class="hint">${words.revocable}</p>
<div class="decision"><div class="actions spread">
<button class="button" name="decision" value="approve">${words.approve}</button>
<button class="button plain" name="decision" value="deny">${words.deny}</button>
</div>
<p class="hint">${words.returnsTo} <strong class="break">${data.app.redirectHost}</strong></p></div>
</form>
${signedIn(data)}
</section>`,
  )
}

function heading({ app, user, language }: ConsentPageData): Html {
  const words = speak(consentMessages, language)
  const unreviewed = html`<div class="note warn"><strong>${words.notReviewed}</strong><p>${words.notReviewedNote}</p></div>`
  return html`<div class="app-head">${appTile(app.name, app.logoUrl)}<h1><span class="app-name">${app.name}</span> <span class="app-wish">${words.wish}</span></h1></div>
<dl class="facts"><div><dt>${words.dataOf}</dt><dd>${user.companyName}</dd></div><div><dt>${words.developedBy}</dt><dd>${app.developer}</dd></div>${
    app.websiteHost === undefined ? noHtml : html`<div><dt>${words.website}</dt><dd>${app.websiteHost}</dd></div>`
  }</dl>
${app.reviewed ? noHtml : unreviewed}`
}

function problemNote({ problem, language }: ConsentPageData): Html {
  if (problem === undefined) return noHtml
  const words = speak(consentMessages, language)
  const texts: Readonly<Record<ConsentProblem, string>> = {
    required_scope_missing: words.requiredScopeMissing,
    no_account_chosen: words.noAccountChosen,
    unknown_account: words.unknownAccount,
    form_expired: words.formExpired,
    signed_out: words.signedOut,
  }
  return html`<div class="note danger" role="alert" id="problem"><strong>${words.problemTitle}</strong><p>${texts[problem]}</p>${
    isAboutAccounts(problem) ? html`<p><a href="#accounts">${words.toAccounts}</a></p>` : noHtml
  }</div>`
}

function isAboutAccounts(problem: ConsentProblem | undefined): boolean {
  return problem === "no_account_chosen" || problem === "unknown_account"
}

// A locked box is not sent by the browser, so a hidden field sends what it stands for.
/** A scope as a line to tick; a required one is ticked and locked. */
export function scopeRow({ scope, required, ticked, usable, writes }: ConsentScope, language: Language): Html {
  const words = speak(consentMessages, language)
  const note = usable ? noHtml : html`<span class="choice-note" id="${`note-${scope}`}">${words.roleCannotUse}</span>`
  const state = attributes({
    checked: required || ticked,
    disabled: required,
    "aria-describedby": usable ? undefined : `note-${scope}`,
  })
  return html`<li>${required ? html`<input type="hidden" name="scope" value="${scope}">` : noHtml}
<label class="choice"><input type="checkbox" name="scope" value="${scope}" ${state}><span class="choice-text"><span>${scopeText(scope, language)}</span><span class="tags">${
    required ? html`<span class="badge">${words.required}</span>` : noHtml
  }${writes ? html`<span class="badge warn">${words.changesData}</span>` : noHtml}</span>${note}</span></label></li>`
}

function modeChoice({ language, mode }: ConsentPageData): Html {
  const words = speak(consentMessages, language)
  const names = speak(modeMessages, language)
  return html`<fieldset class="modes"><legend><h2>${words.modeTitle}</h2></legend>
${radio({ name: "mode", value: "live", checked: mode === "live", text: names.live, note: words.modeLive })}
${radio({ name: "mode", value: "test", checked: mode === "test", text: names.test, note: words.modeTest })}</fieldset>`
}

function accountChoice(data: ConsentPageData): Html {
  const words = speak(consentMessages, data.language)
  const ofMode = (mode: "live" | "test") => data.accounts.filter((account) => account.mode === mode)
  const test = ofMode("test")
  const all = data.accountChoice === "all"
  const described = attributes({ "aria-describedby": isAboutAccounts(data.problem) ? "problem" : undefined })
  return html`<fieldset class="accounts" id="accounts" tabindex="-1" ${described}><legend><h2>${words.accountsTitle}</h2></legend>
${radio({ name: "accounts", value: "all", checked: all, text: words.accountsAll, note: words.accountsAllNote })}
${radio({ name: "accounts", value: "chosen", checked: !all, text: words.accountsChosen, note: words.accountsChosenNote })}
<div class="account-list">
${accountGroup(data.offersModes ? words.accountsLive : undefined, "live", ofMode("live"), data.language)}
${test.length === 0 ? noHtml : accountGroup(words.accountsTest, "test", test, data.language)}
</div></fieldset>`
}

/** The accounts of a mode as lines to tick. */
export function accountGroup(
  title: string | undefined,
  mode: "live" | "test",
  accounts: readonly ConsentPageAccount[],
  language: Language,
): Html {
  const words = speak(consentMessages, language)
  const rows = accounts.map(
    (
      account,
    ) => html`<li><label class="choice"><input type="checkbox" name="bank_account_id" value="${account.id}" ${attributes({ checked: account.ticked })}>
${account.bankIcon === "" ? noHtml : html`<img src="${account.bankIcon}" alt="" width="32" height="32" class="bank-icon">`}
<span class="choice-text"><span>${account.label ?? account.bankName}</span><span class="soft small"><span class="number" aria-hidden="true">${account.maskedNumber}</span><span class="unseen">${words.accountEnding} ${account.maskedNumber.replaceAll("•", "")}</span> · ${account.bankName} · ${account.holderName}</span></span></label></li>`,
  )
  return html`<div class="${`account-group for-${mode}`}">${title === undefined ? noHtml : html`<h3>${title}</h3>`}${
    accounts.length === 0 ? html`<p class="hint">${words.noAccounts}</p>` : html`<ul class="choices">${rows}</ul>`
  }</div>`
}

/** One of several choices, with what it means. */
export function radio(item: {
  readonly name: string
  readonly value: string
  readonly checked: boolean
  readonly text: string
  readonly note: string
}): Html {
  return html`<label class="choice"><input type="radio" name="${item.name}" value="${item.value}" ${attributes({ checked: item.checked })}><span class="choice-text"><span>${item.text}</span><span class="soft small">${item.note}</span></span></label>`
}

function signedIn({ user, handle, csrfToken, language }: ConsentPageData): Html {
  const words = speak(consentMessages, language)
  return html`<form method="post" action="/login/switch" class="signed-in">
<input type="hidden" name="next" value="${`/oauth/consent?request=${encodeURIComponent(handle)}`}"><input type="hidden" name="csrf_token" value="${csrfToken}">
<span class="soft small">${words.signedInAs} <strong>${user.name}</strong>${user.name === user.email ? noHtml : ` (${user.email})`}</span>
<button class="quiet-button">${words.otherAccount}</button></form>`
}
