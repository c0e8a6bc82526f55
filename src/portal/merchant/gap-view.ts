import type { Gap } from "../../feeds/gaps.ts"
import { toVnd } from "../../money.ts"
import type { GapView } from "./gaps.page.ts"

/** Makes of a gap what pages show. */
export function toGapView(gap: Gap): GapView {
  const { fromBalance, toBalance, missingAmount } = gap
  return { ...gap, fromBalance: toVnd(fromBalance), toBalance: toVnd(toBalance), missingAmount: toVnd(missingAmount) }
}
