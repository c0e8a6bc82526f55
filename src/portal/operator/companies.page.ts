import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { badge, dataTable, facts, pageHead } from "../../http/pieces.page.ts"
import type { Company } from "../../identity/company.ts"
import type { ListedCompany, ListedUser } from "../../identity/directory.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { roleMessages } from "../../messages/company-users.ts"
import { operatorPeopleMessages } from "../../messages/operator-people.ts"
import { personName } from "../../messages/person-name.ts"
import { directoryList } from "./directory-list.page.ts"
import { type SuspensionDone, statusBadge, suspensionActions, suspensionNote } from "./suspension.page.ts"

/** The companies of the platform. */
export function operatorCompaniesPage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly text: string
  readonly companies: readonly ListedCompany[]
  readonly accounts: ReadonlyMap<number, number>
  readonly isFirst: boolean
  readonly next: number | undefined
}): Html {
  const { language, user, companies, accounts } = data
  const words = speak(operatorPeopleMessages, language)
  const columns = [
    { title: words.company },
    { title: words.status },
    { title: words.users, align: "end" as const, wide: true },
    { title: words.accounts, align: "end" as const, wide: true },
    { title: words.createdAt, wide: true },
  ]
  const rows = companies.map((company) => [
    html`<a href="${`/operator/companies/${company.id}`}">${company.fullName}</a><span class="soft small block">${company.shortName === company.fullName ? "" : `${company.shortName} · `}${words.idShort} <span class="number">${company.id}</span></span>`,
    statusBadge(company.status, language),
    String(company.users),
    String(accounts.get(company.id) ?? 0),
    momentText(company.createdAt, language),
  ])
  return layout(
    {
      language,
      title: words.companiesTitle,
      user,
      current: "operator-companies",
      query: data.text === "" ? undefined : new URLSearchParams({ q: data.text }).toString(),
    },
    html`${pageHead(words.companiesTitle, words.companiesLead)}
${directoryList({ ...data, path: "/operator/companies", fields: {}, table: rows.length === 0 ? undefined : dataTable(words.companiesTitle, columns, rows) })}`,
  )
}

/** An app of the company, as its page lists it. */
export interface CompanyApp {
  readonly clientId: string
  readonly name: string
  readonly state: string
}

/** One company, for operators. */
export function operatorCompanyPage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly company: Company
  readonly isOwn: boolean
  readonly people: { readonly activeUsers: number; readonly sessions: number }
  readonly users: readonly ListedUser[]
  readonly hasMoreUsers: boolean
  readonly accounts: number
  readonly grants: number
  readonly apps: readonly CompanyApp[]
  readonly done: SuspensionDone | undefined
}): Html {
  const { language, user, company, people } = data
  const words = speak(operatorPeopleMessages, language)
  const path = `/operator/companies/${company.id}`
  return layout(
    { language, title: company.fullName, user, current: "operator-companies" },
    html`<p><a class="line-link" href="/operator/companies">${words.backToCompanies}</a></p>
${pageHead(company.fullName, noHtml, html`<a class="button plain" href="${`/operator/audit?company=${company.id}`}">${words.toAudit}</a>`)}
${suspensionNote(data.done, language)}
<div class="detail-columns"><section class="card"><h2>${words.facts}</h2>${facts([
      [words.status, statusBadge(company.status, language)],
      [words.id, html`<span class="number">${company.id}</span>`],
      [words.shortName, html`<span class="break">${company.shortName}</span>`],
      [words.plan, company.subscription],
      [words.createdAt, momentText(company.createdAt, language)],
      [words.users, String(people.activeUsers)],
      [words.sessions, String(people.sessions)],
      [words.accounts, String(data.accounts)],
      [words.grants, String(data.grants)],
      [words.storage, words.days(company.dataStorageDays)],
    ])}${suspensionActions({ language, user, path, status: company.status, suspension: company.suspension, own: data.isOwn ? words.ownCompany : undefined })}</section>
<div class="stack"><section class="card"><h2>${words.peopleTitle}</h2><ul class="plain-list rows">${data.users.map((each) => userRow(each, language))}</ul>
${data.hasMoreUsers ? html`<p class="actions"><a class="button plain" href="${`/operator/users?company=${company.id}`}">${words.morePeople}</a></p>` : noHtml}</section>
<section class="card"><h2>${words.appsTitle}</h2>${
      data.apps.length === 0
        ? html`<p class="soft">${words.appsNone}</p>`
        : html`<ul class="plain-list rows">${data.apps.map((app) => appRow(app, language))}</ul>`
    }</section></div></div>`,
  )
}

function userRow(user: ListedUser, language: Language): Html {
  const name = personName(user, language)
  const role = speak(roleMessages, language)[user.role]
  return html`<li><span><a href="${`/operator/users/${user.id}`}">${name}</a><span class="soft small block">${name === user.email ? role : `${user.email} · ${role}`}</span></span> ${user.status === "active" ? noHtml : statusBadge(user.status, language)}</li>`
}

function appRow({ clientId, name, state }: CompanyApp, language: Language): Html {
  const words: Readonly<Record<string, unknown>> = speak(operatorPeopleMessages, language)
  const text = words[`state_${state}`]
  return html`<li><span>${name}<span class="soft small block break">${clientId}</span></span> ${badge(typeof text === "string" ? text : state, state === "suspended" ? "danger" : "plain")}</li>`
}
