import { addDecimals, compareDecimals } from "./decimal.ts"
import type { StatementBalance, StatementEntry } from "./statement.ts"

/**
 * Adds an entry to the running sum of its statement, which starts at `"0"`. Pending entries are not in the balances.
 *
 * Opening balance + running sum is the derived balance after the entry, once the statement has proved consistent.
 */
export function addEntryToSum(sum: string, entry: StatementEntry): string {
  return entry.status === "booked" ? addDecimals(sum, entry.amount) : sum
}

/**
 * Whether opening + Σ booked entries = closing (contract/feeds.md §5.2 balances, §5.3).
 *
 * Undefined when the statement lacks one of the balances, as camt.054 and CSV do.
 */
export function isConsistent(
  opening: StatementBalance | undefined,
  closing: StatementBalance | undefined,
  sum: string,
): boolean | undefined {
  if (opening === undefined || closing === undefined) return undefined
  return compareDecimals(addDecimals(opening.amount, sum), closing.amount) === 0
}
