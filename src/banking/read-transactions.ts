import type { Queries } from "../database/engine.ts"
import { dayBounds, type VietnamDay } from "../vietnam-time.ts"
import { searchTransactions } from "./search-transactions.ts"
import {
  findStretchEnd,
  type Position,
  selectAmongIds,
  selectByAmount,
  selectStretch,
  type TransactionConditions,
} from "./stretches.store.ts"
import type { Viewer } from "./transaction.ts"
import {
  type Direction,
  type Span,
  selectOneAccountCounts,
  type Transaction,
  type TransactionSource,
} from "./transactions.store.ts"

/** What a reading is narrowed to; all given conditions hold. */
export interface TransactionWish {
  readonly bankAccountId?: number | undefined
  readonly direction?: Direction | undefined
  /** Vietnamese days, both included. */
  readonly fromDay?: VietnamDay | undefined
  readonly toDay?: VietnamDay | undefined
  /** Bounds of the amount without its sign, both included, đồng. */
  readonly amountFrom?: number | undefined
  readonly amountTo?: number | undefined
  /** Exactly. */
  readonly reference?: string | undefined
  /** Whole code or number, whatever its case and separators. */
  readonly code?: string | undefined
  readonly subAccount?: string | undefined
  /** Words of memo, description, reference and code: accents and case do not count, each may be the beginning of one. */
  readonly text?: string | undefined
}

/** Where a reading goes on: below a row of the list, or below a key of the search. */
export interface Cursor {
  readonly at: number
  readonly id: number
}

/** A sheet of transactions, newest first. It may be short, even empty, and still have a `next`. */
export interface Sheet {
  readonly transactions: readonly Transaction[]
  /** Undefined: this is the last one. */
  readonly next: Cursor | undefined
  /** True while much that was recorded at once is not found by its words yet. */
  readonly isBehind: boolean
}

// What is looked through for one sheet when the conditions leave few rows over.
const mostExamined = 4000
const mostOfAmount = 2000

const allTimes: Span = { fromAt: Number.MIN_SAFE_INTEGER, beforeAt: Number.MAX_SAFE_INTEGER }
const nothing: Sheet = { transactions: [], next: undefined, isBehind: false }

/**
 * Reads a company's transactions by any wish, a sheet at a time. A sheet costs about the same wherever it stands and however
 * few meet the wish: it ends when it is full or when enough was looked through.
 */
export async function readTransactions(
  db: Queries,
  { companyId, mode }: Pick<Viewer, "companyId" | "mode">,
  wish: TransactionWish,
  { after, limit }: { readonly after: Cursor | undefined; readonly limit: number },
): Promise<Sheet> {
  if (cannotBe(wish)) return nothing
  const { bankAccountId: id } = wish
  if (id !== undefined && (await selectOneAccountCounts(db, { id, companyId, mode })).length === 0) return nothing
  const accountIds = wish.bankAccountId === undefined ? undefined : [wish.bankAccountId]
  const source: TransactionSource = { companyId, mode, accountIds }
  const { direction, amountFrom, amountTo, reference, text, code, subAccount } = wish
  const conditions = { direction, amountFrom, amountTo, reference }
  if (text === undefined && code === undefined && subAccount === undefined) {
    return readList(db, { source, conditions, span: spanOf(wish) }, { after, limit })
  }
  const days = { firstDay: wish.fromDay ?? 101, lastDay: wish.toDay ?? 99_991_231 }
  const search = { source, conditions, days, text, code, subAccount }
  const found = await searchTransactions(db, search, { beforeKey: after?.at, limit })
  const next = found.beforeKey === undefined ? undefined : { at: found.beforeKey, id: 0 }
  return { transactions: found.transactions, next, isBehind: found.isBehind }
}

function cannotBe({ fromDay, toDay, amountFrom, amountTo, reference }: TransactionWish): boolean {
  if (reference?.includes("\0") === true) return true // No stored text holds it, and PostgreSQL refuses to compare.
  if (fromDay !== undefined && toDay !== undefined && fromDay > toDay) return true
  return amountFrom !== undefined && amountTo !== undefined && amountFrom > amountTo
}

function spanOf({ fromDay, toDay }: TransactionWish): Span {
  return {
    fromAt: fromDay === undefined ? allTimes.fromAt : dayBounds(fromDay).startAt,
    beforeAt: toDay === undefined ? allTimes.beforeAt : dayBounds(toDay).endAt,
  }
}

interface Listing {
  readonly source: TransactionSource
  readonly conditions: TransactionConditions
  readonly span: Span
}

interface Piece {
  readonly after: Cursor | undefined
  readonly limit: number
}

async function readList(db: Queries, listing: Listing, piece: Piece): Promise<Sheet> {
  const { amountFrom, amountTo, direction } = listing.conditions
  if (amountFrom !== undefined || amountTo !== undefined) {
    const { conditions, span, source } = listing
    const positions = await selectByAmount(db, source, conditions, { span, limit: mostOfAmount })
    if (positions.length < mostOfAmount) return readPositions(db, listing, positions, piece)
  } else if (direction === undefined) return readStretch(db, listing, piece, piece.limit + 1)
  return readStretch(db, listing, piece, mostExamined)
}

async function readStretch(
  db: Queries,
  { source, conditions, span }: Listing,
  { after, limit }: Piece,
  examine: number,
): Promise<Sheet> {
  const before = after && { bookedAt: after.at, id: after.id }
  const stretch = { span, before, examine }
  const rows = await selectStretch(db, source, conditions, { ...stretch, take: limit + 1 })
  const transactions = rows.slice(0, limit)
  const end = rows.length > limit ? transactions.at(-1) : await findStretchEnd(db, source, conditions, stretch)
  return { transactions, next: end && { at: end.bookedAt, id: end.id }, isBehind: false }
}

/** Few enough have such an amount to sort them all. */
async function readPositions(
  db: Queries,
  { source, conditions }: Listing,
  positions: readonly (Position & { readonly bankAccountId: number })[],
  { after, limit }: Piece,
): Promise<Sheet> {
  const isBelow = ({ bookedAt, id }: Position) =>
    after === undefined || bookedAt < after.at || (bookedAt === after.at && id < after.id)
  const [accountId] = source.accountIds ?? []
  const left = positions
    .filter((one) => isBelow(one) && (accountId === undefined || one.bankAccountId === accountId))
    .sort((a, b) => b.bookedAt - a.bookedAt || b.id - a.id)
  const rows = await selectAmongIds(
    db,
    source,
    conditions,
    (conditions.reference === undefined ? left.slice(0, limit + 1) : left).map(({ id }) => id),
  )
  const sorted = rows.sort((a, b) => b.bookedAt - a.bookedAt || b.id - a.id)
  const transactions = sorted.slice(0, limit)
  const last = sorted.length > limit ? transactions.at(-1) : undefined
  return { transactions, next: last && { at: last.bookedAt, id: last.id }, isBehind: false }
}
