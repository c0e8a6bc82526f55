import { choiceField, hiddenField, textField } from "../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { badge, emptyState, note, pageHead } from "../../http/pieces.page.ts"
import { bankAccountMessages } from "../../messages/bank-pages.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { formatVnd } from "../../money.ts"
import type { AccountView } from "./bank-account-view.ts"

/** The accounts of a company. */
export function bankAccountsPage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly accounts: readonly (AccountView & { readonly subAccounts: number })[]
  /** The id before which the next page begins. */
  readonly older: number | undefined
  readonly isAdministrator: boolean
  readonly maySeeDetails: boolean
}): Html {
  const { language, user, accounts, older, isAdministrator } = data
  const words = speak(bankAccountMessages, language)
  const actions = isAdministrator
    ? html`<a class="button" href="/bank-accounts/link">${words.link}</a><a class="button plain" href="/bank-accounts/feeds">${words.feeds}</a>`
    : noHtml
  const list =
    accounts.length === 0
      ? emptyState(
          words.emptyTitle,
          isAdministrator ? words.empty : words.emptyForUsers,
          isAdministrator ? html`<a class="button" href="/bank-accounts/link">${words.link}</a>` : noHtml,
        )
      : html`<section class="card account-card"><ul class="account-rows">${accounts.map((account) => accountRow(account, data))}</ul></section>`
  return layout(
    { language, user, title: words.title, current: "bank-accounts" },
    html`${pageHead(words.title, words.lead, actions)}${list}${
      older === undefined
        ? noHtml
        : html`<p><a class="button plain" href="${`/bank-accounts?before=${older}`}">${words.older}</a></p>`
    }`,
  )
}

function accountRow(
  account: AccountView & { readonly subAccounts: number },
  { language, maySeeDetails }: { readonly language: Language; readonly maySeeDetails: boolean },
): Html {
  const words = speak(bankAccountMessages, language)
  const title = maySeeDetails ? html`<a href="${`/bank-accounts/${account.id}`}">${account.title}</a>` : account.title
  return html`<li class="${maySeeDetails ? "account-row linked" : "account-row"}">${bankIcon(account)}<div class="account-name"><h2 class="row-title">${title}</h2>
<p class="soft small"><span class="number">${account.accountNumber}</span> · ${account.bankName} · ${account.holderName}</p>
<p class="soft small">${words.subAccountCount(account.subAccounts)}</p>${accountBadges(account, language)}</div>
<dl class="figures"><div><dt>${words.balance}</dt><dd class="amount">${balanceText(account, language)}</dd></div><div><dt>${words.transactions}</dt><dd>${new Intl.NumberFormat(language).format(account.transactions)}</dd></div></dl></li>`
}

/** The bank's picture. */
export function bankIcon({ bankIcon: icon }: AccountView): Html {
  return icon === ""
    ? html`<span class="bank-icon"></span>`
    : html`<img class="bank-icon" src="${icon}" alt="" width="40" height="40">`
}

/** What is special about an account: test mode, paused. */
export function accountBadges({ mode, isActive }: AccountView, language: Language): Html {
  const words = speak(bankAccountMessages, language)
  if (mode === "live" && isActive) return noHtml
  return html`<p class="tags">${mode === "test" ? badge(words.test, "warn") : noHtml}${isActive ? noHtml : badge(words.paused)}</p>`
}

/** The balance, or that it is not known. */
export function balanceText({ balance }: AccountView, language: Language): Html | string {
  if (balance !== undefined) return formatVnd(balance, language)
  return html`<span class="soft">${speak(bankAccountMessages, language).balanceUnknown}</span>`
}

/** What was typed into the form, and which fields are wrong. */
export interface LinkForm {
  readonly bank: string
  readonly number: string
  readonly holder: string
  readonly label: string
  readonly mode: string
  readonly wrong: ReadonlySet<string>
  readonly isTaken: boolean
}

/** The form that links an account. */
export function linkAccountPage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly formKey: string
  readonly banks: readonly { readonly shortName: string; readonly fullName: string; readonly code: string }[]
  readonly form: LinkForm
}): Html {
  const { language, user, form, banks } = data
  const words = speak(bankAccountMessages, language)
  const problem = (field: string, text: string) => (form.wrong.has(field) ? text : undefined)
  return layout(
    { language, user, title: words.link, current: "bank-accounts", shape: "card" },
    html`${pageHead(words.link, words.linkLead)}
${form.isTaken ? note("danger", words.alreadyLinked) : noHtml}
<form method="post" action="/bank-accounts/link" class="card stack">
${hiddenField("csrf_token", user.csrfToken)}${hiddenField("form_key", data.formKey)}
${bankField({ label: words.bank, hint: words.bankHint, value: form.bank, problem: problem("bank", words.bankProblem), banks })}
${textField({ name: "number", label: words.number, hint: words.numberHint, value: form.number, required: true, problem: problem("number", words.numberProblem), more: { autocomplete: "off", maxlength: "60", spellcheck: "false" } })}
${textField({ name: "holder", label: words.holder, hint: words.holderHint, value: form.holder, required: true, problem: problem("holder", words.lineProblem), more: { autocomplete: "off", maxlength: "200" } })}
${textField({ name: "label", label: words.label, hint: words.labelHint, value: form.label, problem: problem("label", words.labelProblem), more: { autocomplete: "off", maxlength: "200" } })}
${choiceField({
  name: "mode",
  label: words.mode,
  kind: "radio",
  chosen: [form.mode],
  options: [
    { value: "live", text: words.live, note: words.liveNote },
    { value: "test", text: words.test, note: words.testNote },
  ],
})}
<p class="actions"><button class="button">${words.link}</button><a class="button plain" href="/bank-accounts">${words.cancel}</a></p>
</form>`,
  )
}

// Fifty banks are found faster by typing than in a folded list; the browser offers those that fit.
function bankField(field: {
  readonly label: string
  readonly hint: string
  readonly value: string
  readonly problem: string | undefined
  readonly banks: readonly { readonly shortName: string; readonly fullName: string; readonly code: string }[]
}): Html {
  const { banks, ...rest } = field
  const more = { list: "banks", autocomplete: "off", spellcheck: "false", maxlength: "100" }
  return html`${textField({ name: "bank", required: true, more, ...rest })}
<datalist id="banks">${banks.map((bank) => html`<option value="${bank.shortName}">${bank.fullName} (${bank.code})</option>`)}</datalist>`
}
