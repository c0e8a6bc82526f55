import { hiddenField } from "../http/fields.page.ts"
import { type Html, html } from "../http/html.ts"
import { layout } from "../http/layout.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { resetMessages } from "../messages/sign-up.ts"
import type { MailPlace } from "./mail-place.ts"
import { emailField, mailPlaceNote, newPasswordField, troubleNote } from "./person-fields.page.ts"
import type { RefusedForm } from "./refused-form.ts"

/** Asks for the address that a reset link goes to. Runs without any script. */
export function forgotPasswordPage(data: {
  readonly language: Language
  readonly csrfToken: string
  readonly email: string
  readonly refused?: RefusedForm | undefined
}): Html {
  const { language, csrfToken, email, refused } = data
  const words = speak(resetMessages, language)
  const shown = { language, typed: { email }, problems: refused?.problems ?? {} }
  return layout(
    { language, title: words.forgotTitle, shape: "card" },
    html`<section class="card"><h1>${words.forgotTitle}</h1><p class="lead">${words.forgotLead}</p>
${troubleNote(refused?.trouble, language)}
<form method="post" action="/forgot-password" class="stack">${hiddenField("csrf_token", csrfToken)}${hiddenField("lang", language)}
${emailField(shown)}
<button class="button wide">${words.forgotSubmit}</button></form>
<p class="card-foot"><a href="/login">${words.backToSignIn}</a></p></section>`,
  )
}

/** What comes after: the same for every address. */
export function forgotSentPage(language: Language, mailPlace: MailPlace): Html {
  const words = speak(resetMessages, language)
  return layout(
    { language, title: words.sentTitle, shape: "card", query: "done=sent" },
    html`<section class="card"><h1>${words.sentTitle}</h1><p>${words.sentText}</p><p class="soft">${words.sentNothing}</p>${mailPlaceNote(mailPlace, language)}
<p class="actions"><a class="button plain" href="/login">${words.backToSignIn}</a><a class="button plain" href="/forgot-password">${words.tryAgain}</a></p></section>`,
  )
}

/** Asks whoever has the link for the new password. Runs without any script. */
export function resetPasswordPage(data: {
  readonly language: Language
  readonly csrfToken: string
  readonly token: string
  readonly refused?: RefusedForm | undefined
}): Html {
  const { language, csrfToken, token, refused } = data
  const words = speak(resetMessages, language)
  return layout(
    { language, title: words.resetTitle, shape: "card", query: `token=${encodeURIComponent(token)}` },
    html`<section class="card"><h1>${words.resetTitle}</h1><p class="lead">${words.resetLead}</p>
${troubleNote(refused?.trouble, language)}
<form method="post" action="/reset-password" class="stack">${hiddenField("csrf_token", csrfToken)}${hiddenField("token", token)}${hiddenField("lang", language)}
${newPasswordField({ language, problems: refused?.problems ?? {} }, words.password)}
<button class="button wide">${words.resetSubmit}</button></form></section>`,
  )
}
