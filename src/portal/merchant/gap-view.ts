import type { Instant } from "../../clock.ts"
import type { Gap } from "../../feeds/gaps.ts"
import { toVnd, type Vnd } from "../../money.ts"

/** A gap as the pages show it. */
export interface GapView {
  readonly id: number
  readonly fromBalance: Vnd
  readonly toBalance: Vnd
  /** Below 0: a surplus. */
  readonly missingAmount: Vnd
  readonly fromAt: Instant | null
  /** First instant after it. */
  readonly toAt: Instant | null
  readonly closedAt: Instant | null
  readonly closedBy: string | null
  readonly note: string | null
}

/** Makes of a gap what pages show. */
export function toGapView(gap: Gap): GapView {
  const { fromBalance, toBalance, missingAmount } = gap
  return { ...gap, fromBalance: toVnd(fromBalance), toBalance: toVnd(toBalance), missingAmount: toVnd(missingAmount) }
}
