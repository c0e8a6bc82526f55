import { durationText } from "../http/duration.page.ts"
import { hiddenField, textField } from "../http/fields.page.ts"
import { attributes, type Html, html, noHtml } from "../http/html.ts"
import { layout } from "../http/layout.page.ts"
import { note } from "../http/pieces.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { interruptedFormMessages } from "../messages/interrupted-form.ts"
import { secondStepMessages } from "../messages/sign-in-safety.ts"

/** Why the last code did not sign in. */
export type SecondStepProblem =
  | { readonly kind: "wrong_code" | "wrong_recovery_code" }
  | { readonly kind: "too_many_tries"; readonly retryAfterSeconds: number }

export interface SecondStepPageData {
  readonly language: Language
  readonly csrfToken: string
  /** Where to go afterwards: a path of this site. */
  readonly next: string
  readonly email: string
  readonly carried?: string | undefined
  readonly problem?: SecondStepProblem | undefined
}

/** Asks for the code after the right password. Runs without any script. */
export function secondStepPage(data: SecondStepPageData): Html {
  const { language, next, email, carried, problem } = data
  const words = speak(secondStepMessages, language)
  const query = new URLSearchParams({ next }).toString()
  const isRecovery = problem?.kind === "wrong_recovery_code"
  const wait = problem?.kind === "too_many_tries" ? durationText(problem.retryAfterSeconds, language) : undefined
  const code = textField({
    name: "code",
    label: words.code,
    problem: problem?.kind === "wrong_code" ? words.wrongCode : undefined,
    required: true,
    more: { inputmode: "numeric", autocomplete: "one-time-code", maxlength: "12", autofocus: !isRecovery },
  })
  const recoveryCode = textField({
    name: "recovery_code",
    label: words.recoveryCode,
    hint: words.recoveryHint,
    problem: isRecovery ? words.wrongRecoveryCode : undefined,
    required: true,
    more: {
      autocomplete: "off",
      autocapitalize: "characters",
      spellcheck: "false",
      maxlength: "30",
      autofocus: isRecovery,
    },
  })
  return layout(
    { language, title: words.title, shape: "card", query, fixedLanguage: carried !== undefined },
    html`<section class="card second-step">
<h1>${words.title}</h1>
<p class="lead">${words.lead} <strong class="break">${email}</strong>.</p>
${carried === undefined ? noHtml : note("warn", speak(interruptedFormMessages, language).kept)}${wait === undefined ? noHtml : note("danger", words.tooManyTries(wait))}
<form method="post" action="/login/second-factor" class="stack">${hidden(data)}${code}<button class="button wide">${words.submit}</button></form>
<details ${attributes({ open: isRecovery || wait !== undefined })}><summary>${words.noApp}</summary>
<form method="post" action="/login/second-factor" class="stack">${hidden(data)}${recoveryCode}<button class="button plain wide">${words.useRecoveryCode}</button></form>
<p class="hint">${words.lostEverything}</p></details>
<p><a class="quiet-link" href="${`/login?${query}`}">${words.otherAccount}</a></p>
</section>`,
  )
}

function hidden({ csrfToken, next, language, carried }: SecondStepPageData): Html {
  return html`${hiddenField("csrf_token", csrfToken)}${hiddenField("next", next)}${hiddenField("lang", language)}${
    carried === undefined ? noHtml : hiddenField("carried", carried)
  }`
}
