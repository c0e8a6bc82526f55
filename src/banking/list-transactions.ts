import type { Queries } from "../database/engine.ts"
import { dayBounds, type VietnamDay } from "../vietnam-time.ts"
import { findChangeNumber } from "./changes.store.ts"
import { type CoveredDay, type DayRange, selectCoveredDays, sumDayCounts } from "./day-counts.store.ts"
import type { Transaction, Viewer } from "./transaction.ts"
import {
  countTransactions,
  type Slice,
  type Span,
  selectAccountCounts,
  selectNewest,
  selectOneAccountCounts,
  selectSlice,
  sumAccountCounts,
  type TransactionNarrowing,
  type TransactionSource,
} from "./transactions.store.ts"

/** What a list is narrowed to; all given conditions hold (contract/api.md §7). */
export interface TransactionFilter {
  readonly bankAccountId?: number | undefined
  /** The number of the account itself, exactly. */
  readonly accountNumber?: string | undefined
  readonly reference?: string | undefined
  /** Vietnamese days, both included. */
  readonly fromDay?: VietnamDay | undefined
  readonly toDay?: VietnamDay | undefined
  /** Exact amounts in đồng; 0 is a value: the money went the other way. */
  readonly amountIn?: number | undefined
  readonly amountOut?: number | undefined
}

export interface TransactionPage {
  /** All that match, on every page together. */
  readonly total: number
  /** Newest first. */
  readonly transactions: readonly Transaction[]
}

/** A number that grows with every change of what the viewer's company could list. */
export function findListVersion(db: Queries, { companyId }: Viewer): Promise<number> {
  return findChangeNumber(db, companyId)
}

interface Selection {
  readonly source: TransactionSource
  /** Listed transactions of the source, all days. */
  readonly countIn: number
  readonly countOut: number
}

const nothing: TransactionPage = { total: 0, transactions: [] }
const allDays: DayRange = { firstDay: 0, lastDay: 99_999_999 }
const allTimes: Span = { fromAt: Number.MIN_SAFE_INTEGER, beforeAt: Number.MAX_SAFE_INTEGER }

// Up to here skipping rows costs less than adding up the counts of days.
const shallowRows = 500

/**
 * Lists transactions, newest first, by `page` (from 1) of `limit` rows.
 *
 * Totals come from counts that recording keeps, by account and by day, and a page is read from the nearer end of the
 * list or of the days that hold it: neither reads every row. An amount or a reference is counted in its index.
 */
export async function listTransactions(
  db: Queries,
  viewer: Viewer,
  filter: TransactionFilter,
  { page, limit }: { readonly page: number; readonly limit: number },
): Promise<TransactionPage> {
  const narrowing = toNarrowing(filter)
  const days = toDays(filter)
  if (narrowing === undefined || days.firstDay > days.lastDay) return nothing
  const offset = (page - 1) * limit
  if (isPlain(viewer, filter) && offset <= shallowRows) {
    const transactions = await selectNewest(db, {
      companyId: viewer.companyId,
      mode: viewer.mode,
      take: limit,
      skip: offset,
    })
    const [first] = transactions
    if (first !== undefined) return { total: first.total, transactions }
  }
  const selection = await selectAccounts(db, viewer, filter)
  if (selection === undefined) return nothing

  const list: List = { db, source: selection.source, narrowing, days, span: toSpan(filter) }
  const total = await countList(list, selection)
  const take = Math.min(limit, total - offset)
  if (take <= 0) return { total, transactions: [] }
  const behind = total - offset - take
  const slice: Slice =
    offset <= behind ? { from: "newest", skip: offset, take } : { from: "oldest", skip: behind, take }
  const transactions = await readSlice(list, slice)
  return { total, transactions: slice.from === "newest" ? transactions : transactions.reverse() }
}

function isPlain({ bankAccountIds }: Viewer, filter: TransactionFilter): boolean {
  return bankAccountIds === undefined && Object.values(filter).every((value) => value === undefined)
}

interface List {
  readonly db: Queries
  readonly source: TransactionSource
  readonly narrowing: TransactionNarrowing
  readonly days: DayRange
  readonly span: Span
}

/** The amount filters as one condition on the signed amount; undefined when no transaction can meet them. */
function toNarrowing({ amountIn, amountOut, reference }: TransactionFilter): TransactionNarrowing | undefined {
  if (reference?.includes("\0") === true) return undefined // No stored text holds it, and PostgreSQL refuses to compare.
  if (amountIn === undefined && amountOut === undefined) return { reference }
  if (amountIn === 0 && amountOut === 0) return undefined
  if ((amountIn ?? 0) > 0 && (amountOut ?? 0) > 0) return undefined
  if (amountIn !== undefined && amountIn > 0) return { reference, amount: amountIn }
  if (amountOut !== undefined && amountOut > 0) return { reference, amount: -amountOut }
  return { reference, direction: amountIn === 0 ? "out" : "in" }
}

function toDays({ fromDay, toDay }: TransactionFilter): DayRange {
  return { firstDay: fromDay ?? allDays.firstDay, lastDay: toDay ?? allDays.lastDay }
}

function toSpan({ fromDay, toDay }: TransactionFilter): Span {
  return {
    fromAt: fromDay === undefined ? allTimes.fromAt : dayBounds(fromDay).startAt,
    beforeAt: toDay === undefined ? allTimes.beforeAt : dayBounds(toDay).endAt,
  }
}

async function selectAccounts(
  db: Queries,
  { companyId, mode, bankAccountIds }: Viewer,
  { bankAccountId, accountNumber }: TransactionFilter,
): Promise<Selection | undefined> {
  if (bankAccountId === undefined && accountNumber === undefined && bankAccountIds === undefined) {
    const [counts] = await sumAccountCounts(db, { companyId, mode })
    return counts && { source: { companyId, mode, accountIds: undefined }, ...counts }
  }
  const known =
    bankAccountId === undefined
      ? await selectAccountCounts(db, { companyId, mode })
      : await selectOneAccountCounts(db, { id: bankAccountId, companyId, mode })
  const consented = bankAccountIds === undefined ? undefined : new Set(bankAccountIds)
  const accounts = known.filter(
    (account) =>
      consented?.has(account.id) !== false && (accountNumber === undefined || account.accountNumber === accountNumber),
  )
  if (accounts.length === 0) return undefined
  const everyAccount = bankAccountId === undefined && accounts.length === known.length
  return {
    source: { companyId, mode, accountIds: everyAccount ? undefined : accounts.map(({ id }) => id) },
    countIn: accounts.reduce((sum, { countIn }) => sum + countIn, 0),
    countOut: accounts.reduce((sum, { countOut }) => sum + countOut, 0),
  }
}

function isExact({ amount, reference }: TransactionNarrowing): boolean {
  return amount !== undefined || reference !== undefined
}

async function countList({ db, source, narrowing, days, span }: List, counts: Selection): Promise<number> {
  if (isExact(narrowing)) return countTransactions(db, source, narrowing, span)
  const { direction } = narrowing
  if (days.firstDay !== allDays.firstDay || days.lastDay !== allDays.lastDay) {
    return sumDayCounts(db, source, direction, days)
  }
  return (direction === "out" ? 0 : counts.countIn) + (direction === "in" ? 0 : counts.countOut)
}

/** Rows of a slice, in its own direction. */
async function readSlice(list: List, slice: Slice): Promise<Transaction[]> {
  const { db, source, narrowing, days, span } = list
  const severalAccounts = (source.accountIds?.length ?? 1) > 1
  const everyRowCounts = narrowing.direction === undefined && !severalAccounts
  if (isExact(narrowing) || (everyRowCounts && slice.skip <= shallowRows)) {
    return selectSlice(db, source, narrowing, span, slice)
  }
  const covered = await selectCoveredDays(db, source, narrowing.direction, days, slice)
  // Where other rows stand between, only the days that hold wanted ones are read; else the span may be one.
  const runs = everyRowCounts ? [covered] : splitRuns(covered)
  const rows: Transaction[] = []
  for (const run of runs) rows.push(...(await readRun(list, run, slice, rows.length)))
  return rows
}

/** Groups of days that follow one another on the calendar. */
function splitRuns(days: readonly CoveredDay[]): CoveredDay[][] {
  const runs: CoveredDay[][] = []
  let previous: CoveredDay | undefined
  for (const day of days) {
    if (previous !== undefined && areNeighbours(previous.day, day.day)) runs.at(-1)?.push(day)
    else runs.push([day])
    previous = day
  }
  return runs
}

function areNeighbours(one: number, other: number): boolean {
  const a = dayBounds(one as VietnamDay)
  const b = dayBounds(other as VietnamDay)
  return a.endAt === b.startAt || b.endAt === a.startAt
}

async function readRun(
  { db, source, narrowing }: List,
  run: readonly CoveredDay[],
  { from, skip, take }: Slice,
  alreadyRead: number,
): Promise<Transaction[]> {
  const [first] = run
  const last = run.at(-1)
  if (first === undefined || last === undefined) return []
  const one = dayBounds(first.day as VietnamDay)
  const other = dayBounds(last.day as VietnamDay)
  const span = { fromAt: Math.min(one.startAt, other.startAt), beforeAt: Math.max(one.endAt, other.endAt) }

  const count = run.reduce((sum, day) => sum + day.count, 0)
  const skipHere = Math.max(0, skip - first.before)
  const takeHere = Math.min(take - alreadyRead, count - skipHere)
  const behind = count - skipHere - takeHere
  if (skipHere <= behind) return selectSlice(db, source, narrowing, span, { from, skip: skipHere, take: takeHere })
  const opposite: Slice = { from: opposites[from], skip: behind, take: takeHere }
  return (await selectSlice(db, source, narrowing, span, opposite)).reverse()
}

const opposites: Readonly<Record<Slice["from"], Slice["from"]>> = { newest: "oldest", oldest: "newest" }
