import type { Instant } from "../clock.ts"
import type { ReasonCode, ReasonFacts } from "../messages/request-reasons.ts"

/** What a call came to, exactly: for the request log of the app's developer, never for the caller. */
export interface ExactReason {
  readonly code: ReasonCode
  readonly facts: unknown
}

/** A reason with what its sentence needs (src/messages/request-reasons.ts). */
export function exactly<Code extends ReasonCode>(
  code: Code,
  ...[facts]: ReasonFacts<Code> extends undefined ? [] : [facts: ReasonFacts<Code>]
): ExactReason {
  return { code, facts }
}

/** A moment and how long ago it was. */
export function ago(at: Instant, now: Instant): { readonly at: number; readonly agoMs: number } {
  return { at, agoMs: now - at }
}

const longestShown = 300

/** Where a text first differs from the one that was expected: both as far as they may be shown. */
export function textDifference(
  sent: string,
  expected: string,
): { readonly sent: string; readonly expected: string; readonly position: number } {
  return {
    sent: sent.slice(0, longestShown),
    expected: expected.slice(0, longestShown),
    position: commonLength(sent, expected) + 1,
  }
}

/** The one of several texts that has most in common with the text sent: from the start, then from the end. */
export function nearestText(sent: string, candidates: readonly string[]): string | undefined {
  const likeness = (candidate: string) => {
    const start = commonLength(sent, candidate)
    const rest = Math.min(sent.length, candidate.length) - start
    const end = Math.min(rest, commonLength([...sent].reverse().join(""), [...candidate].reverse().join("")))
    return start + end - Math.abs(sent.length - candidate.length) / 10_000
  }
  return candidates.toSorted((left, right) => likeness(right) - likeness(left))[0]
}

function commonLength(left: string, right: string): number {
  let length = 0
  while (length < left.length && length < right.length && left[length] === right[length]) length++
  return length
}
