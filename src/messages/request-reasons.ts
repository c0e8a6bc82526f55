import { tokenAdviceMessages } from "./advice-token.ts"
import type { Language, Phrase } from "./catalogue.ts"
import { apiAdviceMessages, apiReasonMessages } from "./reasons-api.ts"
import { authorizeAdviceMessages, authorizeReasonMessages } from "./reasons-authorize.ts"
import { tokenReasonMessages } from "./reasons-token.ts"

const reasons = { ...authorizeReasonMessages, ...tokenReasonMessages, ...apiReasonMessages }
const advice = { ...authorizeAdviceMessages, ...tokenAdviceMessages, ...apiAdviceMessages }
type Reasons = typeof reasons

/** What a call of an app came to, exactly: for the app's developer, in the request log. */
export type ReasonCode = keyof Reasons

/** What the sentence of a reason needs; undefined when it is fixed words. */
export type ReasonFacts<Code extends ReasonCode> = Reasons[Code] extends Phrase<infer Facts> ? Facts : undefined

/** Whether the text is one of the reasons. */
export function isReasonCode(code: string): code is ReasonCode {
  return Object.hasOwn(reasons, code)
}

/** The reason as a sentence. `facts` are those it was recorded with. */
export function reasonText(code: ReasonCode, facts: unknown, language: Language): string {
  const message = reasons[code][language] as string | ((facts: unknown) => string)
  return typeof message === "string" ? message : message(facts)
}

/** What to do about it. */
export function adviceText(code: ReasonCode, language: Language): string {
  return advice[code][language]
}
