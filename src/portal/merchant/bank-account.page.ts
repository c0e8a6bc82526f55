import { hiddenField, textField } from "../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { backLink, badge, buttonForm, facts, note, pageHead } from "../../http/pieces.page.ts"
import { bankAccountMessages } from "../../messages/bank-pages.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import type { AccountView } from "./bank-account-view.ts"
import { accountBadges, balanceText, bankIcon, transactionsPath } from "./bank-accounts.page.ts"

/** Which sentence says what just happened to an account. */
export type AccountDone =
  | "linked"
  | "renamed"
  | "paused"
  | "resumed"
  | "sub-added"
  | "sub-changed"
  | "gap-closed"
  | "discarded"

const doneWords = {
  linked: "doneLinked",
  renamed: "doneRenamed",
  paused: "donePaused",
  resumed: "doneResumed",
  "sub-added": "doneSubAdded",
  "sub-changed": "doneSubChanged",
  "gap-closed": "doneGapClosed",
  discarded: "doneDiscarded",
} as const satisfies Readonly<Record<AccountDone, keyof typeof bankAccountMessages>>

/** Whether a text is one of the codes. */
export function isAccountDone(text: string | undefined): text is AccountDone {
  return text !== undefined && Object.hasOwn(doneWords, text)
}

/** The form for the label as it was sent, when it was refused. */
export interface LabelForm {
  readonly label: string
  /** The label that it was filled in over: kept after wrong input, so that a change in another tab is still found out. */
  readonly before: string
  readonly isWrong: boolean
  readonly isOutdated: boolean
}

/** One account with all that belongs to it; the sections come as they are. */
export function bankAccountPage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly account: AccountView
  readonly isAdministrator: boolean
  readonly done: AccountDone | undefined
  readonly labelForm: LabelForm | undefined
  readonly sections: readonly Html[]
}): Html {
  const { language, user, account, isAdministrator, done } = data
  const words = speak(bankAccountMessages, language)
  const actions = user.navigation.includes("transactions")
    ? html`<a class="button plain" href="${transactionsPath(account)}">${words.transactionsOf}</a>`
    : noHtml
  return layout(
    { language, user, title: account.title, current: "bank-accounts" },
    html`${backLink("/bank-accounts", words.title)}
${pageHead(account.title, html`${account.bankName} · <span class="number">${account.accountNumber}</span>`, actions)}
${done === undefined ? noHtml : note("good", words[doneWords[done]])}
${account.isActive ? noHtml : note("warn", words.pausedNote)}
<div class="cards level">${accountFacts(account, language)}${isAdministrator ? accountForms(data) : noHtml}</div>
${data.sections}`,
  )
}

function accountFacts(account: AccountView, language: Language): Html {
  const words = speak(bankAccountMessages, language)
  return html`<section class="card"><div class="app-head">${bankIcon(account)}<div><h2>${words.factsTitle}</h2>${accountBadges(account, language)}</div></div>
${facts([
  [words.bank, account.bankFullName],
  [words.number, html`<span class="number">${account.accountNumber}</span>`],
  [words.holder, account.holderName],
  [words.balance, balanceText(account, language)],
  [words.transactions, new Intl.NumberFormat(language).format(account.transactions)],
  [words.state, account.isActive ? badge(words.active, "good") : badge(words.paused)],
  [words.since, momentText(account.createdAt, language)],
])}</section>`
}

function accountForms(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly account: AccountView
  readonly labelForm: LabelForm | undefined
}): Html {
  const { language, account, user, labelForm } = data
  const words = speak(bankAccountMessages, language)
  const outdated = html`${words.changedMeanwhile} ${words.nowIs(account.label ?? words.noLabel)}`
  return html`<section class="card"><form method="post" action="${`/bank-accounts/${account.id}/label`}" class="stack">
${labelForm?.isOutdated === true ? note("danger", outdated) : noHtml}
${hiddenField("csrf_token", user.csrfToken)}${hiddenField("seen", labelForm?.isWrong === true ? labelForm.before : (account.label ?? ""))}
${textField({
  name: "label",
  label: words.label,
  hint: words.labelHint,
  value: labelForm?.label ?? account.label ?? "",
  problem: labelForm?.isWrong === true ? words.labelProblem : undefined,
  more: { autocomplete: "off", maxlength: "200" },
})}
<p class="actions"><button class="button plain">${words.save}</button></p></form>
<div class="section-end"><p class="soft small">${account.isActive ? words.pauseNote : words.pausedNote}</p>
<div class="actions">${buttonForm({
    action: `/bank-accounts/${account.id}/${account.isActive ? "pause" : "resume"}`,
    csrfToken: user.csrfToken,
    text: account.isActive ? words.pause : words.resume,
    style: account.isActive ? "plain danger" : "plain",
  })}</div></div></section>`
}
