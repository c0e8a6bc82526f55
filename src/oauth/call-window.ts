import type { LoggedCall } from "./logged-call.ts"
import { isFailed } from "./logged-call.ts"

/** Calls of one kind that share a row, because their app has had its rows of this minute. */
export interface Fold {
  /** The first of them. */
  readonly call: LoggedCall
  repeats: number
  lastAt: number
  /** The row it was written to, once it was. */
  rowId: number | undefined
}

/** What becomes of a call: a row of its own, one with others, or, when memory is full, none. */
export type Place =
  | { readonly kind: "row" }
  | { readonly kind: "fold"; readonly fold: Fold }
  | { readonly kind: "none" }

/** How many rows of their own an app's calls get in a minute and process. */
export const rowsPerMinute = { passed: 120, failed: 120, unproven: 30 } as const

const minuteMs = 60_000
// Strangers can make up names: beyond this many in a minute nothing of theirs is kept.
const mostNamed = 2000

interface Minute {
  readonly used: Record<keyof typeof rowsPerMinute, number>
  readonly folds: Map<string, Fold>
}

/**
 * Bounds the rows of each app: its first calls of a minute get a row each, what is left is folded by endpoint and outcome,
 * which are few. So neither a busy app nor a stranger who names it can fill the log.
 */
export function createCallWindow(): (call: LoggedCall) => Place {
  let startedAt = Number.NEGATIVE_INFINITY
  const minutes = new Map<string, Minute>()
  return (call) => {
    if (call.at - startedAt >= minuteMs || call.at < startedAt) {
      startedAt = call.at
      minutes.clear()
    }
    let minute = minutes.get(call.clientId)
    if (minute === undefined) {
      if (!call.proven && minutes.size >= mostNamed) return { kind: "none" }
      minute = { used: { passed: 0, failed: 0, unproven: 0 }, folds: new Map() }
      minutes.set(call.clientId, minute)
    }
    const kind = call.proven ? (isFailed(call) ? "failed" : "passed") : "unproven"
    if (minute.used[kind] < rowsPerMinute[kind]) {
      minute.used[kind]++
      return { kind: "row" }
    }
    return { kind: "fold", fold: foldOf(minute.folds, call) }
  }
}

function foldOf(folds: Map<string, Fold>, call: LoggedCall): Fold {
  const { proven, method, endpoint, status, error, exact, mode } = call
  const key = `${proven} ${method} ${endpoint} ${status} ${error} ${exact?.code} ${mode}`
  const known = folds.get(key)
  if (known === undefined) {
    const fold = { call, repeats: 1, lastAt: call.at, rowId: undefined }
    folds.set(key, fold)
    return fold
  }
  known.repeats++
  known.lastAt = call.at
  return known
}
