import { hiddenField } from "../http/fields.page.ts"
import { type Html, html, noHtml } from "../http/html.ts"
import { type FrameUser, layout } from "../http/layout.page.ts"
import { momentText } from "../http/moment.page.ts"
import { badge, facts, note } from "../http/pieces.page.ts"
import { accountMessages } from "../messages/account.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { companyUsersMessages, roleMessages } from "../messages/company-users.ts"
import { personName } from "../messages/person-name.ts"
import type { RightsProblem } from "./company-user.ts"
import type { Role } from "./permission.ts"
import { troubleNote } from "./person-fields.page.ts"
import type { RefusedForm } from "./refused-form.ts"
import { rightsFields, type TypedRights } from "./rights-fields.page.ts"
import type { User } from "./user.ts"

export interface CompanyUserPageData {
  readonly language: Language
  readonly user: FrameUser
  readonly person: User
  readonly roles: readonly Role[]
  readonly typed: TypedRights
  /** The mark of the rights that the form shows. */
  readonly seen: string
  /** Why this administrator may change nothing here. */
  readonly barred: RightsProblem | undefined
  /** Why what was just asked for is not allowed. */
  readonly problem?: RightsProblem | undefined
  readonly refused?: RefusedForm | undefined
}

/** One user of the company: their rights, and taking them out. */
export function companyUserPage(data: CompanyUserPageData): Html {
  const { language, user, person, barred } = data
  const words = speak(companyUsersMessages, language)
  const title = words.rightsTitle(personName(person, language))
  return layout(
    { language, title, user, current: "users", shape: "card" },
    html`<section class="card"><h1 class="break">${title}</h1>
${personFacts(person, language)}
${rightsProblemNote(barred ?? data.problem, language)}
${barred === undefined ? rightsForm(data) : html`<p class="actions"><a class="button plain" href="/company/users">${words.cancel}</a></p>`}</section>
${
  barred === undefined
    ? html`<section class="card"><h2>${words.removeSection}</h2><p class="actions"><a class="button plain danger" href="${`/company/users/${person.id}/remove`}">${words.removeLink}</a></p></section>`
    : noHtml
}`,
  )
}

function rightsForm({ language, user, person, roles, typed, seen, refused }: CompanyUserPageData): Html {
  const words = speak(companyUsersMessages, language)
  return html`${troubleNote(refused?.trouble, language, words.changedMeanwhile)}
<form method="post" action="${`/company/users/${person.id}`}" class="stack">${hiddenField("csrf_token", user.csrfToken)}${hiddenField("seen", seen)}
${rightsFields({ language, typed, roles, problems: refused?.problems ?? {} })}
<p class="actions"><button class="button">${words.save}</button><a class="button plain" href="/company/users">${words.cancel}</a></p></form>`
}

function personFacts(person: User, language: Language): Html {
  const words = speak(companyUsersMessages, language)
  const role = speak(roleMessages, language)[person.role]
  return facts([
    [speak(accountMessages, language).email, person.email],
    [words.role, person.isActive ? role : html`${role} ${badge(words.closed, "danger")}`],
    [words.joined, momentText(person.createdAt, language)],
  ])
}

/** Asks before a user is taken out of the company. */
export function removeUserPage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly person: User
  readonly problem?: RightsProblem | undefined
}): Html {
  const { language, user, person, problem } = data
  const words = speak(companyUsersMessages, language)
  const title = words.removeTitle(personName(person, language))
  const back = `/company/users/${person.id}`
  return layout(
    { language, title, user, current: "users", shape: "card" },
    html`<section class="card"><h1 class="break">${title}</h1>
${personFacts(person, language)}${rightsProblemNote(problem, language)}
<h2>${words.removeEffects}</h2>
<ul class="points"><li>${words.removeEffectSessions}</li><li>${words.removeEffectApps}</li><li>${words.removeEffectData}</li></ul>
<form method="post" action="${`${back}/remove`}" class="actions spread">${hiddenField("csrf_token", user.csrfToken)}
<button class="button danger">${words.removeConfirm}</button><a class="button plain" href="${back}">${words.cancel}</a></form></section>`,
  )
}

function rightsProblemNote(problem: RightsProblem | undefined, language: Language): Html {
  if (problem === undefined) return noHtml
  const words = speak(companyUsersMessages, language)
  const texts: Readonly<Record<RightsProblem, string>> = {
    super_admin_only: words.superAdminOnly,
    last_super_admin: words.lastSuperAdmin,
    oneself: words.oneself,
  }
  return note(problem === "super_admin_only" ? "warn" : "danger", texts[problem])
}
