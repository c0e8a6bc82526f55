import { durationText } from "../http/duration.page.ts"
import { hiddenField } from "../http/fields.page.ts"
import { attributes, type Html, html, noHtml } from "../http/html.ts"
import { layout } from "../http/layout.page.ts"
import { note } from "../http/pieces.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { signInMessages } from "../messages/identity.ts"
import { interruptedFormMessages } from "../messages/interrupted-form.ts"
import { otherWays, signInDoneNote } from "./sign-in-ways.page.ts"

/** Why the last try did not sign in. */
export type SignInProblem =
  | { readonly kind: "wrong_credentials" }
  | { readonly kind: "too_many_tries"; readonly retryAfterSeconds: number }
  | { readonly kind: "form_expired" }
  /** The code came too late. */
  | { readonly kind: "step_expired" }
  /** An operator has stopped the user or the company. */
  | { readonly kind: "suspended"; readonly reason: string }

export interface SignInPageData {
  readonly language: Language
  readonly csrfToken: string
  /** Where to go afterwards: a path of this site. */
  readonly next: string
  /** What the field holds already. */
  readonly email: string
  readonly problem?: SignInProblem | undefined
  /** A form that waits for the sign-in, sealed. */
  readonly carried?: string | undefined
  /** A form was sent without a session: what was typed is kept, or is not since it holds a file or is too long. */
  readonly interrupted?: "kept" | "file" | "long" | undefined
  /** Where this page is, as the address bar shows it: `my.sepay.vn`. */
  readonly host: string
  /** Whether strangers may sign up. */
  readonly offersSignUp: boolean
  /** The code of what just happened before. */
  readonly done?: string | undefined
}

/** The sign-in page (docs/contract/oauth.md §1: fields `email`, `password`). Runs without any script. */
export function signInPage(data: SignInPageData): Html {
  const words = speak(signInMessages, data.language)
  const query = data.next === "/" ? undefined : `next=${encodeURIComponent(data.next)}`
  const described = attributes({
    "aria-describedby": data.problem === undefined ? undefined : "problem",
    "aria-invalid": data.problem?.kind === "wrong_credentials" ? "true" : undefined,
  })
  return layout(
    {
      language: data.language,
      title: words.title,
      shape: "card",
      query,
      fixedLanguage: data.interrupted !== undefined,
    },
    html`<section class="card">
<h1>${words.title}</h1>
<p class="lead">${data.next.startsWith("/oauth/consent?") ? words.leadToApp : words.lead}</p>
${interruptedNote(data)}${problemNote(data)}${data.problem === undefined ? signInDoneNote(data.done, data.language) : noHtml}
<form method="post" action="/login" class="stack">
<input type="hidden" name="csrf_token" value="${data.csrfToken}">
<input type="hidden" name="next" value="${data.next}">
<input type="hidden" name="lang" value="${data.language}">
${data.carried === undefined ? noHtml : hiddenField("carried", data.carried)}
<label class="field"><span>${words.email}</span>
<input type="email" name="email" value="${data.email}" autocomplete="username" required maxlength="254" inputmode="email" spellcheck="false" autocapitalize="none" ${described} ${attributes({ autofocus: data.email === "" })}></label>
<label class="field"><span>${words.password}</span>
<input type="password" name="password" autocomplete="current-password" required maxlength="1024" ${described} ${attributes({ autofocus: data.email !== "" })}></label>
<button class="button wide">${words.submit}</button>
</form>
${otherWays(data.language, data.offersSignUp)}
<p class="hint address-note">${words.addressNote} <strong class="break">${data.host}</strong></p>
</section>`,
  )
}

function interruptedNote({ interrupted, language }: SignInPageData): Html {
  if (interrupted === undefined) return noHtml
  const words = speak(interruptedFormMessages, language)
  return note("warn", html`<h2>${words.keptTitle}</h2><p>${words[interrupted]}</p>`)
}

function problemNote({ problem, language }: SignInPageData): Html {
  if (problem === undefined) return noHtml
  const words = speak(signInMessages, language)
  return html`<div class="note danger" role="alert" id="problem"><strong>${words.problemTitle}</strong><p>${problemText(problem, language)}</p></div>`
}

function problemText(problem: SignInProblem, language: Language): string {
  const words = speak(signInMessages, language)
  switch (problem.kind) {
    case "wrong_credentials":
      return words.wrongCredentials
    case "too_many_tries":
      return words.tooManyTries(durationText(problem.retryAfterSeconds, language))
    case "suspended":
      return words.suspended(problem.reason)
    case "form_expired":
      return words.formExpired
    case "step_expired":
      return words.stepExpired
  }
}
