import type { Instant } from "../../clock.ts"
import { type Html, html, noHtml } from "../../http/html.ts"
import { type FrameUser, layout } from "../../http/layout.page.ts"
import { momentText } from "../../http/moment.page.ts"
import { badge, dataTable, facts, pageHead } from "../../http/pieces.page.ts"
import type { ListedUser } from "../../identity/directory.ts"
import { type Language, speak } from "../../messages/catalogue.ts"
import { roleMessages } from "../../messages/company-users.ts"
import { operatorPeopleMessages } from "../../messages/operator-people.ts"
import { personName } from "../../messages/person-name.ts"
import { directoryList } from "./directory-list.page.ts"
import { type SuspensionDone, statusBadge, suspensionActions, suspensionNote } from "./suspension.page.ts"

/** The users of the platform, or of one company. */
export function operatorUsersPage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly text: string
  readonly company: { readonly id: number; readonly name: string } | undefined
  readonly users: readonly ListedUser[]
  readonly isFirst: boolean
  readonly next: number | undefined
}): Html {
  const { language, user, company } = data
  const words = speak(operatorPeopleMessages, language)
  const title = company === undefined ? words.usersTitle : words.usersOf(company.name)
  const fields: Readonly<Record<string, string>> = company === undefined ? {} : { company: String(company.id) }
  const columns = [
    { title: words.user },
    { title: words.status },
    { title: words.company, wide: true },
    { title: words.lastSeen, wide: true },
  ]
  const roles = speak(roleMessages, language)
  const rows = data.users.map((each) => [
    html`<a href="${`/operator/users/${each.id}`}">${personName(each, language)}</a>${personName(each, language) === each.email ? noHtml : html`<span class="soft small block">${each.email}</span>`}<span class="soft small block">${roles[each.role]} · ${words.idShort} <span class="number">${each.id}</span> ${each.isOperator ? badge(words.operatorBadge) : noHtml}</span>`,
    html`${statusBadge(each.status, language)}${companyState(each, language)}`,
    html`<a href="${`/operator/companies/${each.companyId}`}">${each.companyName}</a>`,
    lastSeen(each, language),
  ])
  return layout(
    {
      language,
      title,
      user,
      current: "operator-users",
      query: new URLSearchParams({ ...fields, ...(data.text !== "" && { q: data.text }) }).toString(),
    },
    html`${pageHead(title, words.usersLead)}
${directoryList({ ...data, path: "/operator/users", fields, table: rows.length === 0 ? undefined : dataTable(title, columns, rows) })}`,
  )
}

/** One user, for operators. */
export function operatorUserPage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly shown: ListedUser
  readonly isSelf: boolean
  readonly grants: number
  /** Undefined: it is off. */
  readonly secondFactor: { readonly since: Instant; readonly codesLeft: number } | undefined
  readonly done: SuspensionDone | undefined
}): Html {
  const { language, user, shown, grants } = data
  const words = speak(operatorPeopleMessages, language)
  const path = `/operator/users/${shown.id}`
  return layout(
    { language, title: personName(shown, language), user, current: "operator-users" },
    html`<p><a class="line-link" href="/operator/users">${words.backToUsers}</a></p>
${pageHead(personName(shown, language))}
${suspensionNote(data.done, language)}
<section class="card"><h2>${words.facts}</h2>${facts([
      [words.status, html`${statusBadge(shown.status, language)}${companyState(shown, language)}`],
      [words.id, html`<span class="number">${shown.id}</span>`],
      [words.email, html`<span class="break">${shown.email}</span>`],
      ...(shown.phone === "" ? [] : [[words.phone, shown.phone] as const]),
      [words.company, html`<a href="${`/operator/companies/${shown.companyId}`}">${shown.companyName}</a>`],
      [
        words.role,
        html`${speak(roleMessages, language)[shown.role]} ${shown.isOperator ? badge(words.operatorBadge) : noHtml}`,
      ],
      [words.createdAt, momentText(shown.createdAt, language)],
      [words.secondFactor, secondFactorState(data.secondFactor, language)],
      [words.sessions, String(shown.sessions)],
      [words.lastSeen, lastSeen(shown, language)],
      [words.grants, String(grants)],
    ])}${suspensionActions({ language, user, path, status: shown.status, suspension: shown.suspension, own: data.isSelf ? words.ownself : undefined })}</section>`,
  )
}

function secondFactorState(
  state: { readonly since: Instant; readonly codesLeft: number } | undefined,
  language: Language,
): Html {
  const words = speak(operatorPeopleMessages, language)
  if (state === undefined) return badge(words.secondFactorOff, "warn")
  return html`${badge(words.secondFactorOn, "good")} ${momentText(state.since, language)} · ${words.codesLeft(state.codesLeft)}`
}

function companyState({ companyStatus }: ListedUser, language: Language): Html {
  const words = speak(operatorPeopleMessages, language)
  if (companyStatus === "active") return noHtml
  return html` ${companyStatus === "suspended" ? badge(words.companySuspended, "danger") : badge(words.companyClosed)}`
}

function lastSeen({ lastSeenAt }: ListedUser, language: Language): Html {
  const words = speak(operatorPeopleMessages, language)
  return lastSeenAt === null ? html`<span class="soft">${words.notSignedIn}</span>` : momentText(lastSeenAt, language)
}
