import type { Instant } from "../clock.ts"
import type { TransactionId } from "../ids.ts"
import type { Vnd } from "../money.ts"
import type { VietnamDay } from "../vietnam-time.ts"

/** How exactly a source said when a movement was booked; `received` is when we got to know (contract/feeds.md §1). */
export type TimePrecision = "second" | "minute" | "day" | "received"

/** A bank's own name for a movement. A strong one identifies it, a weak one may repeat (contract/feeds.md §3.1). */
export interface Reference {
  /** Where it stood in the source, such as `bank`, `customer` or `AcctSvcrRef`. */
  readonly kind: string
  readonly value: string
}

/** The other side of a transfer, as far as the source names it. */
export interface Counterparty {
  readonly name?: string | undefined
  readonly account?: string | undefined
  readonly bank?: string | undefined
}

/** What a movement is to an earlier one; `refersTo` is a source id of the same feed (contract/feeds.md §3.3, §4). */
export type Correction =
  | { readonly kind: "normal" }
  | { readonly kind: "reversal"; readonly refersTo?: string | undefined }
  | { readonly kind: "correction" | "removal"; readonly refersTo: string }

/** One reading of one movement in one raw item: what every feed hands to `recordTransaction` (contract/feeds.md §2.1). */
export type Observation = Correction & {
  /** Number the feed names: the account, or an official VA of it. Leading zeros kept. */
  readonly account: string
  /** Short name, code or BIN, where the feed gives it to tell equal numbers apart. */
  readonly bank?: string | undefined
  /** Signed, so that amount and direction cannot disagree: in is positive. Zero is possible and gets ignored. */
  readonly amount: Vnd
  /** ISO 4217 code. */
  readonly currency: string
  /** Balance after the movement, as the source reports it; may be negative. */
  readonly balanceAfter?: Vnd | undefined
  /** Of the books, or what the holder could spend, which fits no balance chain (§10). Says nothing without a balance. */
  readonly balanceKind: "ledger" | "available"
  readonly bookedAt: Instant
  readonly precision: TimePrecision
  readonly valueDate?: VietnamDay | undefined
  /** As given: neither trimmed nor normalised; empty if the source has none. */
  readonly memo: string
  readonly description: string
  /** The first is shown as the transaction's reference. */
  readonly references: readonly Reference[]
  readonly counterparty?: Counterparty | undefined
  /** VA paid into, where the feed names it apart from the account. */
  readonly vaNumber?: string | undefined
  readonly status: "booked" | "pending"
  /** Whether the source can be believed as it is; a message from a phone can't. */
  readonly confirmed: boolean
  /** The feed's own id of the item, its identity within the feed. Statements have none (§3.1). */
  readonly sourceId?: string | undefined
}

/** Whether money came in or went out; a zero amount has no direction and never gets this far. */
export function directionOf(amount: Vnd): "in" | "out" {
  return amount > 0 ? "in" : "out"
}

/** Why an observation was understood but left no transaction. */
export type IgnoredReason = "zero_amount"

/** Why an observation could not be recorded; the raw item is kept and can be read again (contract/feeds.md §2). */
export type RefusedReason =
  | "unknown_account"
  | "ambiguous_account"
  | "account_inactive"
  | "account_not_allowed"
  | "currency_mismatch"
  | "unknown_original"
  | "use_removal"

/** A transaction that a result speaks of. */
export interface RecordedTransaction {
  readonly transactionId: TransactionId
  readonly transactionUuid: string
}

/** What became of an observation (contract/feeds.md §2, table of results); repeating it gives the same answer. */
export type RecordResult =
  /** A new transaction, with its event and deliveries. */
  | ({ readonly kind: "created"; readonly possibleDuplicateOf?: TransactionId | undefined } & RecordedTransaction)
  /** Same identity and content as before, or a movement another feed had already brought: nothing is sent. */
  | ({ readonly kind: "duplicate" | "joined" } & RecordedTransaction)
  /** A correction, a removal, or details that were empty before: a revision, never a webhook. */
  | ({ readonly kind: "updated" } & RecordedTransaction)
  /** Same identity but another content: kept for a person, nothing changed. */
  | ({ readonly kind: "conflict"; readonly fields: readonly (keyof Observation)[] } & RecordedTransaction)
  /** Not booked yet: the same identity with `booked` becomes `created`. */
  | { readonly kind: "pending" }
  /** A message not confirmed yet: seen in the portal only (§6.3). */
  | ({ readonly kind: "held" } & RecordedTransaction)
  | { readonly kind: "ignored"; readonly reason: IgnoredReason }
  | { readonly kind: "refused"; readonly reason: RefusedReason; readonly message: string }
