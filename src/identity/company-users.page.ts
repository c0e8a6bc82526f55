import { hiddenField, selectField } from "../http/fields.page.ts"
import { type Html, type HtmlValue, html, noHtml } from "../http/html.ts"
import { type FrameUser, layout } from "../http/layout.page.ts"
import { momentText } from "../http/moment.page.ts"
import { badge, buttonForm, dataTable, note, pageHead } from "../http/pieces.page.ts"
import { accountMessages } from "../messages/account.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { companyUsersMessages, roleMessages } from "../messages/company-users.ts"
import { personName } from "../messages/person-name.ts"
import type { Invitation } from "./invitation.ts"
import type { Actor, Role } from "./permission.ts"
import { emailField, troubleNote } from "./person-fields.page.ts"
import type { RefusedForm } from "./refused-form.ts"
import { rightsFields, type TypedRights } from "./rights-fields.page.ts"
import type { User } from "./user.ts"

export type UsersDone = "invited" | "sent" | "withdrawn" | "changed" | "removed"

export interface CompanyUsersPageData {
  readonly language: Language
  readonly user: FrameUser & { readonly userId: number }
  readonly users: readonly User[]
  /** Where the next page begins, if there is one; `isFirst`: whether this is the first. */
  readonly next: number | undefined
  readonly isFirst: boolean
  readonly invitations: readonly (Invitation & { readonly isExpired: boolean })[]
  readonly done: UsersDone | undefined
}

/** The people of a company, and who is invited. */
export function companyUsersPage(data: CompanyUsersPageData): Html {
  const { language, user, next, isFirst, done } = data
  const words = speak(companyUsersMessages, language)
  const invite = html`<a class="button" href="/company/users/invite">${words.invite}</a>`
  return layout(
    { language, title: words.title, user, current: "users" },
    html`${pageHead(words.title, words.lead, invite)}
${done === undefined ? noHtml : note("good", doneText(done, language))}
${userTable(data)}
${
  isFirst && next === undefined
    ? noHtml
    : html`<p class="actions">${next === undefined ? noHtml : html`<a class="button plain" href="${`/company/users?after=${next}`}">${words.nextPage}</a>`}${
        isFirst ? noHtml : html`<a class="button plain" href="/company/users">${words.firstPage}</a>`
      }</p>`
}${invitationList(data)}`,
  )
}

function doneText(done: UsersDone, language: Language): string {
  const words = speak(companyUsersMessages, language)
  const texts: Readonly<Record<UsersDone, string>> = {
    invited: words.doneInvited,
    sent: words.doneSent,
    withdrawn: words.doneWithdrawn,
    changed: words.doneChanged,
    removed: words.doneRemoved,
  }
  return texts[done]
}

function userTable({ language, user, users }: CompanyUsersPageData): Html {
  const words = speak(companyUsersMessages, language)
  const columns = [
    { title: words.name },
    { title: words.role, wide: true },
    { title: words.may, wide: true },
    { title: words.actions, unseenTitle: true },
  ]
  const rows = users.map((one): HtmlValue[] => [
    html`<span class="block strong break">${personName(one, language)} ${one.id === user.userId ? badge(words.you) : noHtml}${
      one.isActive ? noHtml : badge(words.closed, "danger")
    }</span><span class="block soft small break">${one.email}</span><span class="narrow-only soft small">${speak(roleMessages, language)[one.role]} · ${mayText(one, language)}</span>`,
    speak(roleMessages, language)[one.role],
    html`<span class="nowrap">${mayText(one, language)}</span>`,
    html`<a href="${`/company/users/${one.id}`}" aria-label="${words.changeLabel(personName(one, language))}">${words.change}</a>`,
  ])
  return dataTable(words.tableCaption, columns, rows)
}

function invitationList({ language, user, invitations }: CompanyUsersPageData): Html {
  if (invitations.length === 0) return noHtml
  const words = speak(companyUsersMessages, language)
  const rows = invitations.map((one) => {
    const action = `/company/users/invitations/${one.id}`
    const { csrfToken } = user
    const resend = { text: words.resend, label: words.resendLabel(one.email) }
    const withdraw = { text: words.withdraw, label: words.withdrawLabel(one.email), style: "plain danger" } as const
    const until = html`${words.validUntil} ${momentText(one.expiresAt, language)}`
    return html`<li class="card invitation"><div><h3 class="break">${one.email}</h3>
<p class="soft small">${speak(roleMessages, language)[one.role]} · ${mayText(one, language)} · ${one.isExpired ? badge(words.expired, "warn") : until}</p></div>
<div class="row-actions">${buttonForm({ action: `${action}/resend`, csrfToken, ...resend })}${buttonForm({ action: `${action}/withdraw`, csrfToken, ...withdraw })}</div></li>`
  })
  return html`<h2>${words.invitationsTitle}</h2><ul class="plain-list">${rows}</ul>`
}

function mayText({ role, permissions }: Actor, language: Language): string {
  const words = speak(companyUsersMessages, language)
  if (role !== "User") return words.everything
  return permissions.length === 0 ? words.nothing : words.permissionsCount(permissions.length)
}

/** Invites somebody into the company. */
export function invitePage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly formKey: string
  readonly roles: readonly Role[]
  readonly typed: TypedRights & { readonly email: string; readonly language: string }
  readonly refused?: RefusedForm | undefined
}): Html {
  const { language, user, formKey, roles, typed, refused } = data
  const words = speak(companyUsersMessages, language)
  const ofAccount = speak(accountMessages, language)
  const problems = refused?.problems ?? {}
  return layout(
    { language, title: words.inviteTitle, user, current: "users", shape: "card" },
    html`<section class="card"><h1>${words.inviteTitle}</h1><p class="lead">${words.inviteLead}</p>
${troubleNote(refused?.trouble, language)}
<form method="post" action="/company/users/invite" class="stack">${hiddenField("csrf_token", user.csrfToken)}${hiddenField("form_key", formKey)}
${emailField({ language, typed, problems }, { label: words.inviteEmail, autocomplete: "off" })}
${selectField({
  name: "language",
  label: words.inviteLanguage,
  value: typed.language,
  options: [
    { value: "vi", text: ofAccount.vietnamese },
    { value: "en", text: ofAccount.english },
  ],
})}
${rightsFields({ language, typed, problems, roles })}
<p class="actions"><button class="button">${words.inviteSubmit}</button><a class="button plain" href="/company/users">${words.cancel}</a></p></form></section>`,
  )
}
