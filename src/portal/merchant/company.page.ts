import { hiddenField, textField, tickField } from "../../http/fields.page.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { buttonForm, facts, note, pageHead } from "../../http/pieces.page.ts"
import type { Company } from "../../identity/company.ts"
import type { CompanyFields } from "../../identity/company-edit.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { companyMessages } from "../../messages/company.ts"

export type CompanyDone = "changed" | "unchanged"

export interface CompanyPageData {
  readonly language: Language
  readonly user: FrameUser
  readonly company: Company
  /** What the form holds: what is stored, or what was typed. */
  readonly fields: CompanyFields
  /** What the form says it has seen. */
  readonly seen: string
  readonly wrong: readonly ("full_name" | "short_name")[]
  readonly changedMeanwhile: boolean
  readonly done: CompanyDone | undefined
  /** The data's download and closing are SuperAdmin's. */
  readonly isSuperAdmin: boolean
}

/** A company's own page, for its administrators. */
export function companyPage(data: CompanyPageData): Html {
  const { language, user, done, changedMeanwhile } = data
  const words = speak(companyMessages, language)
  const doneText = { changed: words.doneChanged, unchanged: words.doneUnchanged }
  return layout(
    { language, title: words.title, user, current: "company" },
    html`${pageHead(words.title, words.lead)}
${done === undefined ? noHtml : note(done === "changed" ? "good" : "warn", doneText[done])}
${changedMeanwhile ? note("danger", words.changedMeanwhile) : noHtml}
<div class="detail-columns">${editForm(data)}<div class="stack">${planCard(data)}${data.isSuperAdmin ? ownerCards(data) : noHtml}</div></div>`,
  )
}

function editForm({ language, user, company, fields, seen, wrong, changedMeanwhile }: CompanyPageData): Html {
  const words = speak(companyMessages, language)
  const problem = (field: "full_name" | "short_name") => (wrong.includes(field) ? words.nameProblem : undefined)
  // After a change in another tab the form tells what is stored beside what was typed.
  const stored = (now: string, typed: string) => (changedMeanwhile && now !== typed ? words.nowStored(now) : undefined)
  const storedFlag = (now: boolean, typed: boolean) =>
    changedMeanwhile && now !== typed ? words.nowStored(now ? words.on : words.off) : undefined
  return html`<section class="card"><form method="post" action="/company" class="stack">${hiddenField("csrf_token", user.csrfToken)}${hiddenField("seen", seen)}
<h2>${words.namesTitle}</h2>
${textField({ name: "full_name", label: words.fullName, value: fields.fullName, required: true, hint: stored(company.fullName, fields.fullName) ?? words.fullNameHint, problem: problem("full_name"), more: { maxlength: "200", autocomplete: "organization" } })}
${textField({ name: "short_name", label: words.shortName, value: fields.shortName, required: true, hint: stored(company.shortName, fields.shortName) ?? words.shortNameHint, problem: problem("short_name"), more: { maxlength: "200" } })}
<h2>${words.settingsTitle}</h2>
${tickField({ name: "payment_codes_on", label: words.paymentCodes, note: words.paymentCodesNote, ticked: fields.paymentCodesOn, hint: storedFlag(company.paymentCodesOn, fields.paymentCodesOn) })}
${tickField({ name: "separator_tolerant", label: words.separators, note: words.separatorsNote, ticked: fields.separatorTolerant, hint: storedFlag(company.separatorTolerant, fields.separatorTolerant) })}
${tickField({ name: "sub_accounts_on", label: words.subAccounts, note: words.subAccountsNote, ticked: fields.subAccountsOn, hint: storedFlag(company.subAccountsOn, fields.subAccountsOn) })}
<p><a class="text-link" href="/payment-codes">${words.toTemplates}</a></p>
<p class="actions"><button class="button">${words.save}</button></p></form></section>`
}

function planCard({ language, company }: CompanyPageData): Html {
  const words = speak(companyMessages, language)
  const period: readonly (readonly [string, string])[] =
    company.beginDay === undefined || company.endDay === undefined
      ? []
      : [[words.planDays, `${company.beginDay} – ${company.endDay}`]]
  return html`<section class="card"><h2>${words.factsTitle}</h2>${facts([
    [words.companyId, html`<span class="number">${company.id}</span>`],
    [words.plan, company.subscription],
    ...period,
    [words.createdAt, momentText(company.createdAt, language)],
    [words.storage, words.storageDays(company.dataStorageDays)],
  ])}<p class="hint">${words.storageNote}</p></section>`
}

function ownerCards({ language, user }: CompanyPageData): Html {
  const words = speak(companyMessages, language)
  return html`<section class="card"><h2>${words.exportTitle}</h2><p class="soft">${words.exportNote}</p>
<div class="actions">${buttonForm({ action: "/company/export", csrfToken: user.csrfToken, text: words.exportButton })}</div></section>
<section class="card"><h2>${words.closeTitle}</h2><p class="soft">${words.closeNote}</p>
<p class="actions"><a class="button plain danger" href="/company/close">${words.closeLink}</a></p></section>`
}

export interface CloseCompanyData {
  readonly language: Language
  readonly user: FrameUser
  readonly company: Company
  /** Users that are signed out, and grants that end. */
  readonly users: number
  readonly grants: number
  readonly typedName: string
  readonly nameIsWrong: boolean
  readonly passwordProblem: string | undefined
}

/** Asks before a company is closed. */
export function closeCompanyPage(data: CloseCompanyData): Html {
  const { language, user, company } = data
  const words = speak(companyMessages, language)
  const title = words.closeQuestion(company.fullName)
  return layout(
    { language, title, user, current: "company", shape: "card" },
    html`<section class="card"><h1 class="break">${title}</h1>
<h2>${words.closeEffects}</h2><ul class="points"><li>${words.closeUsers(data.users)}</li><li>${words.closeApps(data.grants)}</li><li>${words.closeData}</li><li>${words.closeFinal}</li></ul>
<form method="post" action="/company/close" class="stack">${hiddenField("csrf_token", user.csrfToken)}
${textField({ name: "company_name", label: words.closeName(company.fullName), value: data.typedName, required: true, problem: data.nameIsWrong ? words.closeNameProblem : undefined, more: { autocomplete: "off", maxlength: "200" } })}
${textField({ name: "password", label: words.password, type: "password", required: true, problem: data.passwordProblem, more: { autocomplete: "current-password", maxlength: "1024" } })}
<div class="actions spread"><button class="button danger">${words.closeConfirm}</button><a class="button plain" href="/company">${words.cancel}</a></div></form></section>`,
  )
}

/** Says that a company was closed, to whoever closed it and is signed out now. */
export function companyClosedPage(language: Language): Html {
  const words = speak(companyMessages, language)
  return layout(
    { language, title: words.closedTitle, shape: "card" },
    html`<section class="card"><h1>${words.closedTitle}</h1><p class="lead">${words.closedText}</p></section>`,
  )
}
