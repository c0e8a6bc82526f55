import { type Language, speak } from "../messages/catalogue.ts"
import { durationMessages } from "../messages/frame.ts"

/** A wait in words, rounded up: `45 seconds`, `2 minutes`. */
export function durationText(seconds: number, language: Language): string {
  const words = speak(durationMessages, language)
  if (seconds < 60) return words.seconds(Math.max(1, Math.ceil(seconds)))
  if (seconds < 3600) return words.minutes(Math.ceil(seconds / 60))
  return words.hours(Math.ceil(seconds / 3600))
}
