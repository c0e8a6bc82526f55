import { durationText } from "../http/duration.page.ts"
import { hiddenField, type TextField, textField } from "../http/fields.page.ts"
import { type Html, html, noHtml } from "../http/html.ts"
import { type FrameUser, layout } from "../http/layout.page.ts"
import { note, pageHead } from "../http/pieces.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { passwordMessages, secondFactorMessages } from "../messages/sign-in-safety.ts"

/** What was wrong with what was sent. */
export type PasswordProblem =
  | { readonly kind: "wrongCurrent" | "short" | "long" | "easy" | "differs" | "same" }
  | { readonly kind: "too_many_tries"; readonly retryAfterSeconds: number }

export interface PasswordPageData {
  readonly language: Language
  readonly user: FrameUser
  readonly problem?: PasswordProblem | undefined
  readonly isDone?: boolean | undefined
}

/** The form that changes one's password. */
export function passwordPage({ language, user, problem, isDone = false }: PasswordPageData): Html {
  const words = speak(passwordMessages, language)
  const kind = problem?.kind
  const of = (...kinds: readonly (typeof kind)[]) =>
    kind !== undefined && kind !== "too_many_tries" && kinds.includes(kind) ? words[kind] : undefined
  const wait = problem?.kind === "too_many_tries" ? durationText(problem.retryAfterSeconds, language) : undefined
  return layout(
    { language, title: words.title, user, current: "account", shape: "card" },
    html`${pageHead(words.title, words.lead)}
${isDone ? note("good", words.done) : noHtml}${wait === undefined ? noHtml : note("danger", speak(secondFactorMessages, language).tooManyTries(wait))}
<section class="card"><form method="post" action="/account/password" class="stack">${hiddenField("csrf_token", user.csrfToken)}
${secretField({ name: "current_password", label: words.current, problem: of("wrongCurrent") }, "current-password")}
${secretField({ name: "new_password", label: words.fresh, hint: words.rule, problem: of("short", "long", "easy", "same") }, "new-password")}
${secretField({ name: "new_password_again", label: words.again, problem: of("differs") }, "new-password")}
<p class="actions"><button class="button">${words.submit}</button><a class="button plain" href="/account">${speak(secondFactorMessages, language).cancel}</a></p></form></section>`,
  )
}

/** A password's field: never filled in by us. */
export function secretField(field: Omit<TextField, "value" | "type">, autocomplete: string): Html {
  return textField({ ...field, type: "password", required: true, more: { autocomplete, maxlength: "1024" } })
}
