import { type Instant, instantAfter } from "../clock.ts"

/** A row by its number, with the time that grows with the numbers. */
export interface NumberedRow {
  readonly number: number
  readonly at: Instant
}

/** How a table of growing numbers is asked: its ends, and the first row from a number on. */
export interface NumberedTable {
  ends(): Promise<{ readonly first: number; readonly last: number } | undefined>
  firstFrom(number: number): Promise<NumberedRow | undefined>
}

// Numbers are given when a row is written, up to half a minute after its time; nodes have clocks of their own.
const slackMs = 10 * 60_000
const closeEnough = 128

/**
 * A number below that of every row of that time or later, close to the first one: by halving, so that no index of the time
 * is needed. 0 when the table is empty.
 */
export async function numberBefore(table: NumberedTable, at: Instant): Promise<number> {
  return search(table, instantAfter(at, -slackMs))
}

/** A number above that of every row before that time, close to the last one. */
export async function numberAfter(table: NumberedTable, at: Instant): Promise<number> {
  const found = await search(table, instantAfter(at, slackMs))
  return found + closeEnough + 1
}

// The largest number known to be before the time, at most `closeEnough` below the first that is not.
async function search(table: NumberedTable, at: Instant): Promise<number> {
  const ends = await table.ends()
  if (ends === undefined) return 0
  let low = ends.first - 1
  let high = ends.last + 1
  while (high - low > closeEnough) {
    const middle = Math.floor((low + high) / 2)
    const row = await table.firstFrom(middle)
    if (row === undefined || row.at >= at) high = middle
    else low = row.number
  }
  return low
}
