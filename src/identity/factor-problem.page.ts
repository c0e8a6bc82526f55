import { durationText } from "../http/duration.page.ts"
import { type Html, noHtml } from "../http/html.ts"
import { note } from "../http/pieces.page.ts"
import { type Language, speak } from "../messages/catalogue.ts"
import { secondFactorMessages } from "../messages/sign-in-safety.ts"

/** What was wrong with what was sent. */
export type FactorProblem =
  | { readonly kind: "wrongPassword" | "wrongCode" | "wrongSetUpCode" }
  | { readonly kind: "too_many_tries"; readonly retryAfterSeconds: number }

interface WithProblem {
  readonly language: Language
  readonly problem?: FactorProblem | undefined
}

/** The words for a field, if its problem is this one. */
export function problemOf(
  { language, problem }: WithProblem,
  kind: "wrongPassword" | "wrongCode" | "wrongSetUpCode",
): string | undefined {
  return problem?.kind === kind ? speak(secondFactorMessages, language)[kind] : undefined
}

/** How long to wait, if that is the problem. */
export function waitNote({ language, problem }: WithProblem): Html {
  if (problem?.kind !== "too_many_tries") return noHtml
  const wait = durationText(problem.retryAfterSeconds, language)
  return note("danger", speak(secondFactorMessages, language).tooManyTries(wait))
}
