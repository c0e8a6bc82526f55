import type { Instant } from "../clock.ts"
import { instantAfter } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import { toVnd, type Vnd } from "../money.ts"
import { type VietnamDay, vietnamDay } from "../vietnam-time.ts"
import { selectDaySums } from "./day-counts.store.ts"
import type { Viewer } from "./transaction.ts"

/** Money in and out of one Vietnamese day, both 0 or more, with the number of transactions. */
export interface DayTurnover {
  readonly day: VietnamDay
  readonly sumIn: Vnd
  readonly sumOut: Vnd
  readonly countIn: number
  readonly countOut: number
}

const dayMs = 86_400_000

/** What the last `days` Vietnamese days moved, today included, oldest first; quiet days are there as well. */
export async function listTurnover(
  db: Queries,
  { companyId, mode }: Pick<Viewer, "companyId" | "mode">,
  now: Instant,
  days: number,
): Promise<readonly DayTurnover[]> {
  const range = Array.from({ length: days }, (_, index) => vietnamDay(instantAfter(now, (index - days + 1) * dayMs)))
  const [firstDay = 0] = range
  const source = { companyId, mode, accountIds: undefined }
  const rows = await selectDaySums(db, source, { firstDay, lastDay: range.at(-1) ?? 0 })
  return range.map((day) => {
    const ofDay = rows.filter((row) => row.day === day)
    const total = (name: "sumIn" | "sumOut" | "countIn" | "countOut") =>
      Math.min(
        ofDay.reduce((sum, row) => sum + row[name], 0),
        Number.MAX_SAFE_INTEGER,
      )
    const [sumIn, sumOut] = [toVnd(total("sumIn")), toVnd(total("sumOut"))]
    return { day, sumIn, sumOut, countIn: total("countIn"), countOut: total("countOut") }
  })
}
