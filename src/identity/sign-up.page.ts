import { hiddenField, textField } from "../http/fields.page.ts"
import { type Html, html, noHtml } from "../http/html.ts"
import { layout } from "../http/layout.page.ts"
import { note } from "../http/pieces.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { personFieldMessages, signUpMessages } from "../messages/sign-up.ts"
import type { MailPlace } from "./mail-place.ts"
import {
  emailField,
  mailPlaceNote,
  nameFields,
  newPasswordField,
  problemText,
  type TypedPerson,
  troubleNote,
} from "./person-fields.page.ts"
import type { RefusedForm } from "./refused-form.ts"

export interface SignUpPageData {
  readonly language: Language
  readonly csrfToken: string
  readonly formKey: string
  readonly typed: TypedPerson & { readonly company?: string | undefined }
  readonly refused?: RefusedForm | undefined
}

/** The sign-up page. Runs without any script. */
export function signUpPage(data: SignUpPageData): Html {
  const { language, typed, refused } = data
  const words = speak(signUpMessages, language)
  const shown = { language, typed, problems: refused?.problems ?? {} }
  return layout(
    { language, title: words.title, shape: "card" },
    html`<section class="card"><h1>${words.title}</h1><p class="lead">${words.lead}</p>
${troubleNote(refused?.trouble, language)}
<form method="post" action="/signup" class="stack">${hiddenField("csrf_token", data.csrfToken)}${hiddenField("form_key", data.formKey)}${hiddenField("lang", language)}
${textField({
  name: "company",
  label: words.company,
  value: typed.company,
  required: true,
  problem: problemText(shown.problems["company"], language),
  more: { autocomplete: "organization", maxlength: "200" },
})}
${nameFields(shown)}
${emailField(shown, { hint: words.emailHint })}
${newPasswordField(shown)}
<button class="button wide">${words.submit}</button></form>
<p class="card-foot">${words.haveAccount} <a href="/login">${words.signIn}</a></p></section>`,
  )
}

/** What comes after signing up: a look into the mailbox, and the mail once more. */
export function signUpSentPage(data: {
  readonly language: Language
  readonly csrfToken: string
  readonly email: string
  readonly formKey: string
  readonly isAgain: boolean
  readonly mailPlace: MailPlace
  readonly refused?: RefusedForm | undefined
}): Html {
  const { language, csrfToken, email, formKey, refused } = data
  const words = speak(signUpMessages, language)
  return layout(
    { language, title: words.sentTitle, shape: "card", query: `sign_up=${formKey}` },
    html`<section class="card"><h1>${words.sentTitle}</h1>
<p>${words.sentText} <strong class="break">${email}</strong></p><p>${words.sentNext}</p>${mailPlaceNote(data.mailPlace, language)}
${data.isAgain ? note("good", words.sentAgain) : noHtml}${troubleNote(refused?.trouble, language)}
<form method="post" action="/signup/send-again" class="card-foot stack">${hiddenField("csrf_token", csrfToken)}${hiddenField("sign_up", formKey)}${hiddenField("lang", language)}
<p class="soft">${words.notArrived}</p>
<p class="actions"><button class="button plain">${words.sendAgain}</button><a class="button plain" href="/signup">${words.otherAddress}</a></p></form></section>`,
  )
}

/** The password of a sign-up, asked for where its link is opened in another browser. */
export function signUpPasswordField(language: Language, refused: RefusedForm | undefined): Html {
  return textField({
    name: "password",
    label: speak(personFieldMessages, language).newPassword,
    type: "password",
    required: true,
    problem: problemText(refused?.problems["password"], language),
    more: { autocomplete: "current-password", maxlength: "1024" },
  })
}
