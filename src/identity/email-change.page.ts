import { hiddenField, textField } from "../http/fields.page.ts"
import { type Html, html, noHtml } from "../http/html.ts"
import { type FrameUser, layout } from "../http/layout.page.ts"
import { facts, note } from "../http/pieces.page.ts"
import { accountMessages } from "../messages/account.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { emailField, problemText, troubleNote } from "./person-fields.page.ts"
import type { RefusedForm } from "./refused-form.ts"

/** Asks for the e-mail that the account is to have, and for the password once more. */
export function emailChangePage(data: {
  readonly language: Language
  readonly user: FrameUser
  readonly email: string
  readonly isSent: boolean
  readonly refused?: RefusedForm | undefined
}): Html {
  const { language, user, email, isSent, refused } = data
  const words = speak(accountMessages, language)
  const problems = refused?.problems ?? {}
  const frame = { language, title: words.emailTitle, user, current: "account", shape: "card" } as const
  return layout(
    frame,
    html`<section class="card"><h1>${words.emailTitle}</h1><p class="lead">${words.emailLead}</p>
${isSent ? note("good", words.emailSent) : noHtml}${troubleNote(refused?.trouble, language)}
${facts([[words.currentEmail, user.email]])}
<form method="post" action="/account/email" class="stack">${hiddenField("csrf_token", user.csrfToken)}
${emailField({ language, typed: { email }, problems }, { label: words.newEmail, autocomplete: "email" })}
${textField({
  name: "password",
  label: words.currentPassword,
  type: "password",
  required: true,
  problem: problemText(problems["password"], language),
  more: { autocomplete: "current-password", maxlength: "1024" },
})}
<p class="actions"><button class="button">${words.emailSubmit}</button><a class="button plain" href="/account">${words.cancel}</a></p></form></section>`,
  )
}
