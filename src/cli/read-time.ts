import type { Instant } from "../clock.ts"
import { parseBookedAt } from "../vietnam-time.ts"
import { type Input, UsageError } from "./command.ts"

/** What such a flag takes, for the help. */
export const timeHelp = 'YYYY-MM-DD or "YYYY-MM-DD HH:mm:ss" in Vietnam time, or RFC 3339'

/**
 * The time that a flag gives; a day alone is its first instant.
 *
 * @throws UsageError
 */
export function readTime(input: Input, name: string): Instant | undefined {
  const text = input.text(name)
  if (text === undefined) return undefined
  const time = parseBookedAt(text)
  if (time === undefined) throw new UsageError(`--${name} must be a time: ${timeHelp}, not "${text}".`)
  return time.at
}
