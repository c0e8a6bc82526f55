import type { Language } from "../../../messages/catalogue.ts"
import { outcomeMessages } from "../../../messages/webhook-log.ts"
import type { AttemptClass } from "../../../webhooks/attempt-class.ts"

/** A class of attempts in few words, for a list to choose from. Pure. */
export function outcomeName(attemptClass: AttemptClass, language: Language): string {
  return outcomeMessages[attemptClass][language]
}
