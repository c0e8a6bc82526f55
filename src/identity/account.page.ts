import { hiddenField, selectField, textField } from "../http/fields.page.ts"
import { type Html, html, noHtml } from "../http/html.ts"
import { type FrameUser, layout } from "../http/layout.page.ts"
import { facts, note, pageHead } from "../http/pieces.page.ts"
import { accountMessages } from "../messages/account.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { roleMessages } from "../messages/company-users.ts"
import { personFieldMessages } from "../messages/sign-up.ts"
import type { Role } from "./permission.ts"
import { nameFields, problemText, type TypedPerson, troubleNote } from "./person-fields.page.ts"
import type { RefusedForm } from "./refused-form.ts"

/** What the page says was done. */
export type AccountDone = "saved" | "email_changed" | "role_given_up"

export interface AccountPageData {
  readonly language: Language
  readonly user: FrameUser
  readonly role: Role
  /** What the profile's fields hold. */
  readonly typed: TypedPerson & { readonly language: Language }
  /** The mark of the profile that the form shows. */
  readonly seen: string
  readonly done: AccountDone | undefined
  readonly refused?: RefusedForm | undefined
}

/** One's own account: who one is, and where the rest is changed. */
export function accountPage(data: AccountPageData): Html {
  const { language, user, role, done } = data
  const words = speak(accountMessages, language)
  const link = (href: string, title: string, text: string): Html =>
    html`<section class="card linked"><h3><a href="${href}">${title}</a></h3><p class="soft small break">${text}</p></section>`
  const said = done && note("good", doneText(done, language))
  return layout(
    { language, title: words.title, user, current: "account" },
    html`${pageHead(words.title)}${said ?? noHtml}
<div class="account-columns">${profileForm(data)}
<div class="stack"><h2>${words.signInTitle}</h2>
${link("/account/email", words.changeEmail, user.email)}
${link("/account/password", words.password, words.passwordText)}
${link("/account/two-factor", words.twoFactor, words.twoFactorText)}
${link("/account/sessions", words.sessions, words.sessionsText)}
<section class="card"><h2>${words.companyTitle}</h2>${facts([
      [words.company, user.companyName],
      [words.role, speak(roleMessages, language)[role]],
    ])}</section></div></div>`,
  )
}

function doneText(done: AccountDone, language: Language): string {
  const words = speak(accountMessages, language)
  return { saved: words.saved, email_changed: words.emailDone, role_given_up: words.roleGivenUp }[done]
}

function profileForm({ language, user, typed, seen, refused }: AccountPageData): Html {
  const words = speak(accountMessages, language)
  const shown = { language, typed, problems: refused?.problems ?? {} }
  return html`<section class="card"><h2>${words.profileTitle}</h2>
${troubleNote(refused?.trouble, language, words.changedMeanwhile)}
<form method="post" action="/account" class="stack">${hiddenField("csrf_token", user.csrfToken)}${hiddenField("seen", seen)}
${nameFields(shown)}
${textField({
  name: "phone",
  label: speak(personFieldMessages, language).phone,
  hint: words.phoneHint,
  type: "tel",
  value: typed.phone,
  problem: problemText(shown.problems["phone"], language),
  more: { autocomplete: "tel", maxlength: "31" },
})}
${selectField({
  name: "language",
  label: words.language,
  hint: words.languageHint,
  value: typed.language,
  options: [
    { value: "vi", text: words.vietnamese },
    { value: "en", text: words.english },
  ],
})}
<p class="actions"><button class="button">${words.save}</button></p></form></section>`
}
