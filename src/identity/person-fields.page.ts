import { durationText } from "../http/duration.page.ts"
import { textField } from "../http/fields.page.ts"
import { type Html, html, noHtml } from "../http/html.ts"
import { note } from "../http/pieces.page.ts"
import { accountMessages } from "../messages/account.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { companyUsersMessages } from "../messages/company-users.ts"
import { personFieldMessages } from "../messages/sign-up.ts"
import type { MailPlace } from "./mail-place.ts"
import type { FieldProblem, FieldProblems, FormTrouble } from "./refused-form.ts"

/** What a person typed of themselves; absent fields are empty. */
export interface TypedPerson {
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
  readonly phone?: string | undefined
  readonly email?: string | undefined
}

interface Shown {
  readonly language: Language
  readonly typed: TypedPerson
  readonly problems: FieldProblems
}

/** First and last name, in the order of the language: in Vietnamese the family comes first. */
export function nameFields({ language, typed, problems }: Shown): Html {
  const words = speak(personFieldMessages, language)
  const last = textField({
    name: "last_name",
    label: words.lastName,
    value: typed.lastName,
    problem: problemText(problems["last_name"], language),
    more: { autocomplete: "family-name", maxlength: "100" },
  })
  const first = textField({
    name: "first_name",
    label: words.firstName,
    value: typed.firstName,
    required: true,
    problem: problemText(problems["first_name"], language),
    more: { autocomplete: "given-name", maxlength: "100" },
  })
  return html`<div class="form-grid">${language === "vi" ? [last, first] : [first, last]}</div>`
}

/** An e-mail address. */
export function emailField(
  { language, typed, problems }: Shown,
  field: { readonly label?: string; readonly hint?: string; readonly autocomplete?: string } = {},
): Html {
  const { label = speak(personFieldMessages, language).email, hint, autocomplete = "username" } = field
  return textField({
    name: "email",
    label,
    hint,
    type: "email",
    value: typed.email,
    required: true,
    problem: problemText(problems["email"], language),
    more: { autocomplete, maxlength: "254", inputmode: "email", spellcheck: "false", autocapitalize: "none" },
  })
}

/** A password that is being chosen; it is never shown again. */
export function newPasswordField(
  { language, problems }: Pick<Shown, "language" | "problems">,
  label: string = speak(personFieldMessages, language).newPassword,
): Html {
  return textField({
    name: "password",
    label,
    type: "password",
    required: true,
    hint: speak(personFieldMessages, language).passwordHint,
    problem: problemText(problems["password"], language),
    more: { autocomplete: "new-password", maxlength: "1024" },
  })
}

/** What is wrong with a field, in words. */
export function problemText(problem: FieldProblem | undefined, language: Language): string | undefined {
  if (problem === undefined) return undefined
  const words = speak(personFieldMessages, language)
  const ofUsers = speak(companyUsersMessages, language)
  const texts: Readonly<Record<FieldProblem, string>> = {
    email: words.emailProblem,
    name: words.nameProblem,
    phone: words.phoneProblem,
    company: words.companyProblem,
    short: words.passwordShort,
    long: words.passwordLong,
    easy: words.passwordEasy,
    wrong_password: words.passwordWrong,
    same_email: speak(accountMessages, language).emailIsSame,
    member: ofUsers.memberProblem,
    invited: ofUsers.invitedProblem,
    role: ofUsers.roleProblem,
    permission: ofUsers.permissionProblem,
  }
  return texts[problem]
}

/** Says where a mail is to be found that nothing sends. */
export function mailPlaceNote(place: MailPlace, language: Language): Html {
  if (place === undefined) return noHtml
  const words = speak(personFieldMessages, language)
  return place === "mailbox"
    ? html`<p class="note">${words.mailInMailbox} <a href="/mailbox">${words.mailboxOpen}</a></p>`
    : html`<p class="note">${words.mailInFiles}</p>`
}

/** What stands over a form that came back; `changedMeanwhile` says it in the words of what was changed. */
export function troubleNote(trouble: FormTrouble | undefined, language: Language, changedMeanwhile = ""): Html {
  if (trouble === undefined) return noHtml
  const words = speak(personFieldMessages, language)
  switch (trouble.kind) {
    case "fields":
      return note("danger", words.problemTitle)
    case "form_expired":
      return note("danger", words.formExpired)
    case "changed_meanwhile":
      return note("danger", changedMeanwhile)
    case "invitations_full":
      return note("danger", speak(companyUsersMessages, language).invitationsFull)
    case "too_many": {
      const wait = durationText(trouble.retryAfterSeconds, language)
      return note("danger", trouble.what === "mails" ? words.tooManyMails(wait) : words.tooManyTries(wait))
    }
  }
}
