import { type Instant, instantAfter } from "../clock.ts"
import { toVnd, type Vnd } from "../money.ts"
import { dayBounds, vietnamDay } from "../vietnam-time.ts"
import type { TimePrecision } from "./observation.ts"

/** Where a transaction's balance comes from: its line, its statement's sum, or our own addition. */
export type BalanceSource = "reported" | "derived" | "computed"

/** The balance after a transaction, and the account's own from then on. */
export interface BalanceAfter {
  readonly balanceAfter: Vnd | null
  readonly balanceSource: BalanceSource | null
  readonly account: { readonly balance: number | null; readonly balanceAt: number | null }
}

/**
 * The balance after one transaction, stage 1: as the bank reported it, else the account's last known balance plus the
 * amount, else unknown (contract/feeds.md, "Stages").
 *
 * A reported balance that is older than the account's leaves the account's alone.
 */
export function balanceAfter(
  account: { readonly balance: number | null; readonly balanceAt: number | null },
  movement: {
    readonly amount: Vnd
    readonly reported: Vnd | undefined
    readonly bookedAt: Instant
    readonly precision: TimePrecision
  },
  now: Instant,
): BalanceAfter {
  const heldAt = balanceTime(movement.bookedAt, movement.precision, now)
  if (movement.reported !== undefined) {
    const isNewest = account.balanceAt === null || heldAt >= account.balanceAt
    return {
      balanceAfter: movement.reported,
      balanceSource: "reported",
      account: isNewest ? { balance: movement.reported, balanceAt: heldAt } : account,
    }
  }
  const sum = account.balance === null ? undefined : account.balance + movement.amount
  if (sum === undefined || !Number.isSafeInteger(sum)) {
    return { balanceAfter: null, balanceSource: null, account }
  }
  const balanceAt = Math.max(account.balanceAt ?? heldAt, heldAt)
  return { balanceAfter: toVnd(sum), balanceSource: "computed", account: { balance: sum, balanceAt } }
}

/** When a balance held: a movement known by its day only is placed at the day's end, but not in the future. */
export function balanceTime(bookedAt: Instant, precision: TimePrecision, now: Instant): Instant {
  if (precision !== "day") return bookedAt
  const dayEnd = instantAfter(dayBounds(vietnamDay(bookedAt)).endAt, -1)
  return (bookedAt > now ? bookedAt : Math.min(dayEnd, now)) as Instant
}
