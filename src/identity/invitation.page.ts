import { hiddenField, textField } from "../http/fields.page.ts"
import { type Html, html } from "../http/html.ts"
import { layout } from "../http/layout.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { invitationMessages } from "../messages/company-users.ts"
import { personFieldMessages } from "../messages/sign-up.ts"
import { nameFields, newPasswordField, type TypedPerson, troubleNote } from "./person-fields.page.ts"
import type { RefusedForm } from "./refused-form.ts"

/** Lets an invited person into the company. Runs without any script. */
export function invitationPage(data: {
  readonly language: Language
  readonly csrfToken: string
  readonly token: string
  readonly email: string
  readonly companyName: string
  readonly inviterName: string
  readonly typed: TypedPerson
  readonly refused?: RefusedForm | undefined
}): Html {
  const { language, csrfToken, token, email, typed, refused } = data
  const words = speak(invitationMessages, language)
  const title = words.title(data.companyName)
  const shown = { language, typed, problems: refused?.problems ?? {} }
  return layout(
    { language, title, shape: "card", query: `token=${encodeURIComponent(token)}` },
    html`<section class="card"><h1 class="break">${title}</h1><p class="lead break">${words.lead(data.inviterName)}</p>
${troubleNote(refused?.trouble, language)}
<form method="post" action="/invitation" class="stack">${hiddenField("csrf_token", csrfToken)}${hiddenField("token", token)}${hiddenField("lang", language)}
${textField({
  name: "email",
  label: speak(personFieldMessages, language).email,
  type: "email",
  value: email,
  more: { readonly: true, autocomplete: "username" },
})}
${nameFields(shown)}
${newPasswordField(shown)}
<button class="button wide">${words.submit}</button></form></section>`,
  )
}
