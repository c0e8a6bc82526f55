import { hiddenField, textField } from "../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { badge, buttonForm, dataTable, note, pageHead } from "../../http/pieces.page.ts"
import { bankAccountMessages, subAccountMessages } from "../../messages/bank-pages.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import type { LabelForm } from "./bank-account.page.ts"
import type { AccountView } from "./bank-account-view.ts"

/** A virtual account as the pages show it. */
export interface SubAccountView {
  readonly id: number
  readonly accountNumber: string
  readonly kind: "official" | "memo"
  readonly holderName: string | null
  readonly label: string | null
  readonly isActive: boolean
}

/** The section of an account's page that lists its virtual accounts, some at a time. */
export function subAccountSection(data: {
  readonly language: Language
  readonly accountId: number
  readonly subAccounts: readonly SubAccountView[]
  readonly page: number
  readonly hasMore: boolean
  readonly isAdministrator: boolean
}): Html {
  const { language, accountId, subAccounts, isAdministrator, page } = data
  const words = speak(subAccountMessages, language)
  const path = `/bank-accounts/${accountId}`
  const columns = [
    { title: words.number },
    { title: speak(bankAccountMessages, language).label },
    { title: words.kind, wide: true },
    { title: speak(bankAccountMessages, language).state },
    ...(isAdministrator ? [{ title: words.edit }] : []),
  ]
  const rows = subAccounts.map((sub) => [
    html`<span class="number">${sub.accountNumber}</span>`,
    html`<span class="memo-cell">${sub.label ?? sub.holderName ?? ""}</span>`,
    sub.kind === "memo" ? words.memo : words.official,
    sub.isActive ? badge(words.open, "good") : badge(words.closed),
    ...(isAdministrator
      ? [
          html`<a href="${`${path}/sub-accounts/${sub.id}`}" aria-label="${words.editOf(sub.accountNumber)}">${words.edit}</a>`,
        ]
      : []),
  ])
  const turn = (to: number, text: string) =>
    html`<a class="button plain" href="${`${path}?sub_page=${to}#sub-accounts`}">${text}</a>`
  return html`<section class="card" id="sub-accounts"><div class="section-head"><h2>${words.title}</h2>${
    isAdministrator ? html`<a class="button plain" href="${`${path}/sub-accounts/new`}">${words.add}</a>` : noHtml
  }</div>${subAccounts.length === 0 ? html`<p class="soft">${words.none}</p>` : dataTable(words.title, columns, rows)}${
    page > 1 || data.hasMore
      ? html`<p class="actions">${page > 1 ? turn(page - 1, words.newer) : noHtml}${data.hasMore ? turn(page + 1, words.older) : noHtml}</p>`
      : noHtml
  }</section>`
}

/** The form that adds a virtual account. */
export function addSubAccountPage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly account: AccountView
  readonly formKey: string
  readonly form: { readonly number: string; readonly holder: string; readonly label: string }
  readonly wrong: ReadonlySet<string>
  readonly isTaken: boolean
}): Html {
  const { language, user, account, form, wrong } = data
  const words = speak(subAccountMessages, language)
  const of = speak(bankAccountMessages, language)
  const path = `/bank-accounts/${account.id}`
  const problem = (field: string, text: string) => (wrong.has(field) ? text : undefined)
  return layout(
    { language, user, title: words.add, current: "bank-accounts", shape: "card" },
    html`${pageHead(words.add, html`${account.title} · <span class="number">${account.accountNumber}</span>`)}
<form method="post" action="${`${path}/sub-accounts/new`}" class="card stack">
${hiddenField("csrf_token", user.csrfToken)}${hiddenField("form_key", data.formKey)}
${textField({ name: "number", label: words.number, hint: words.numberHint, value: form.number, required: true, problem: data.isTaken ? words.taken : problem("number", of.numberProblem), more: { autocomplete: "off", maxlength: "60", spellcheck: "false" } })}
${textField({ name: "holder", label: words.holderOptional, value: form.holder, problem: problem("holder", of.labelProblem), more: { autocomplete: "off", maxlength: "200" } })}
${textField({ name: "label", label: of.label, value: form.label, problem: problem("label", of.labelProblem), more: { autocomplete: "off", maxlength: "200" } })}
<p class="actions"><button class="button">${words.add}</button><a class="button plain" href="${path}">${of.cancel}</a></p></form>`,
  )
}

/** One virtual account: its label, and closing it. */
export function subAccountPage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly account: AccountView
  readonly subAccount: SubAccountView
  readonly form: LabelForm | undefined
}): Html {
  const { language, user, account, subAccount, form } = data
  const words = speak(subAccountMessages, language)
  const of = speak(bankAccountMessages, language)
  const path = `/bank-accounts/${account.id}/sub-accounts/${subAccount.id}`
  const outdated = html`${of.changedMeanwhile} ${of.nowIs(subAccount.label ?? of.noLabel)}`
  return layout(
    { language, user, title: words.editOf(subAccount.accountNumber), current: "bank-accounts", shape: "card" },
    html`${pageHead(words.editOf(subAccount.accountNumber), html`${account.title} · <span class="number">${account.accountNumber}</span>`)}
${form?.isOutdated === true ? note("danger", outdated) : noHtml}
<section class="card"><form method="post" action="${`${path}/label`}" class="stack">
${hiddenField("csrf_token", user.csrfToken)}${hiddenField("seen", form?.isWrong === true ? form.before : (subAccount.label ?? ""))}
${textField({ name: "label", label: of.label, value: form?.label ?? subAccount.label ?? "", problem: form?.isWrong === true ? of.labelProblem : undefined, more: { autocomplete: "off", maxlength: "200" } })}
<p class="actions"><button class="button">${of.save}</button><a class="button plain" href="${`/bank-accounts/${account.id}`}">${of.cancel}</a></p></form>
<div class="section-end"><p class="soft small">${words.closeNote}</p><div class="actions">${buttonForm({
      action: `${path}/${subAccount.isActive ? "close" : "reopen"}`,
      csrfToken: user.csrfToken,
      text: subAccount.isActive ? words.close : words.reopen,
      style: subAccount.isActive ? "plain danger" : "plain",
    })}</div></div></section>`,
  )
}
