import { type Language, speak } from "../messages/catalogue.ts"
import { durationMessages } from "../messages/frame.ts"

/** A wait in words, rounded up: `45 seconds`, `2 minutes`; in days from 48 hours on. */
export function durationText(seconds: number, language: Language): string {
  return inWords(seconds, language, Math.ceil)
}

/** How long ago something was or began, in words, as far as it has gone by: `2 minutes`; in days from 48 hours on. */
export function ageText(seconds: number, language: Language): string {
  return inWords(seconds, language, Math.floor)
}

function inWords(seconds: number, language: Language, round: (count: number) => number): string {
  const words = speak(durationMessages, language)
  if (seconds < 60) return words.seconds(Math.max(1, round(seconds)))
  if (seconds < 3600) return words.minutes(round(seconds / 60))
  if (seconds < 48 * 3600) return words.hours(round(seconds / 3600))
  return words.days(round(seconds / 86_400))
}
