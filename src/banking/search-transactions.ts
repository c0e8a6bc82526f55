import type { Queries } from "../database/engine.ts"
import { exactly, wordsOfQuery } from "../database/search-words.ts"
import { findInSearch, idOfKey, keysOfDays, searchKey } from "../database/transaction-search.ts"
import { type DayRange, selectMonths } from "./day-counts.store.ts"
import {
  findSearchHead,
  type SearchableTransaction,
  selectChangesAfter,
  selectSearchable,
} from "./search-index.store.ts"
import { idsOf, tokensOf } from "./search-index.ts"
import { selectAmongIds, type TransactionConditions } from "./stretches.store.ts"
import type { Transaction, TransactionSource } from "./transactions.store.ts"

/** What is searched for. */
export interface TransactionSearch {
  readonly source: TransactionSource
  readonly conditions: TransactionConditions
  readonly days: DayRange
  /** Words, in any order; each is the beginning of one. */
  readonly text: string | undefined
  readonly code: string | undefined
  readonly subAccount: string | undefined
}

/** Results with the key to go on below; undefined at the end. */
export interface FoundTransactions {
  readonly transactions: readonly Transaction[]
  readonly beforeKey: number | undefined
  /** True while more has been recorded at once than a search looks through beside its index. */
  readonly isBehind: boolean
}

// What is looked through for one page when conditions leave few results over.
const mostExamined = 3000
const keysUnderConditions = 250
const mostTail = 2000

const nothing: FoundTransactions = { transactions: [], beforeKey: undefined, isBehind: false }

/**
 * Searches a company's transactions, by day and then by when they were recorded, newest first.
 *
 * What the index has not taken in yet is looked through itself, so that a transaction is found from its commit on.
 */
export async function searchTransactions(
  db: Queries,
  search: TransactionSearch,
  { beforeKey, limit }: { readonly beforeKey: number | undefined; readonly limit: number },
): Promise<FoundTransactions> {
  const wanted = toWanted(search)
  if (wanted === undefined) return nothing
  const tail = await readTail(db, search, wanted)
  const [fromKey, endKey] = keysOfDays(search.days.firstDay, search.days.lastDay)
  const months = await selectMonths(db, { ...search.source, accountIds: undefined }, search.days)
  const keys = { next: Math.min(beforeKey ?? endKey, endKey) }
  const keysAtOnce = isNarrowed(search) ? keysUnderConditions : limit + 1
  const found: (readonly [key: number, transaction: Transaction])[] = []
  for (let examined = 0; examined < mostExamined && found.length <= limit; ) {
    const { companyId, mode } = search.source
    const indexed = await findInSearch(db, {
      ...{ companyId, mode, months, ...wanted, fromKey },
      beforeKey: keys.next,
      limit: keysAtOnce,
    })
    const isLast = indexed.length < keysAtOnce
    const lowest = isLast ? fromKey : (indexed.at(-1) ?? fromKey)
    const ofTail = tail.keys.filter((key) => key >= lowest && key < keys.next)
    const all = [...indexed.filter((key) => !tail.ids.has(idOfKey(key))), ...ofTail].sort((a, b) => b - a)
    found.push(...(await readKeys(db, search, all)))
    if (isLast) return toPage(found, limit, undefined, tail.isBehind)
    keys.next = lowest
    examined += indexed.length
  }
  return toPage(found, limit, keys.next, tail.isBehind)
}

function isNarrowed({ source, conditions }: TransactionSearch): boolean {
  return source.accountIds !== undefined || Object.values(conditions).some((value) => value !== undefined)
}

function toPage(
  found: readonly (readonly [key: number, transaction: Transaction])[],
  limit: number,
  examinedTo: number | undefined,
  isBehind: boolean,
): FoundTransactions {
  const shown = found.slice(0, limit)
  const beforeKey = found.length > limit ? shown.at(-1)?.[0] : examinedTo
  return { transactions: shown.map(([, transaction]) => transaction), beforeKey, isBehind }
}

interface Wanted {
  readonly beginnings: readonly string[]
  readonly exact: readonly string[]
}

function toWanted({ text, code, subAccount }: TransactionSearch): Wanted | undefined {
  const beginnings = wordsOfQuery(text ?? "")
  const exact = [
    ...(code === undefined ? [] : [exactly("code", code)]),
    ...(subAccount === undefined ? [] : [exactly("account", subAccount)]),
  ]
  // A text without letters and digits finds nothing, rather than everything.
  if (text !== undefined && beginnings.length === 0) return undefined
  return beginnings.length + exact.length === 0 ? undefined : { beginnings, exact }
}

interface Tail {
  /** All that changed since the index was written: what it says of them does not count. */
  readonly ids: ReadonlySet<number>
  /** Those that match. */
  readonly keys: readonly number[]
  readonly isBehind: boolean
}

async function readTail(db: Queries, { source }: TransactionSearch, wanted: Wanted): Promise<Tail> {
  const after = await findSearchHead(db, source.companyId)
  const changes = await selectChangesAfter(db, source.companyId, { after, limit: mostTail, first: "newest" })
  const ids = idsOf(changes)
  const isOurs = (one: SearchableTransaction) => one.mode === source.mode && one.listed === 1 && isFound(one, wanted)
  const matching = (await selectSearchable(db, ids)).filter(isOurs)
  return {
    ids: new Set(ids),
    keys: matching.map(({ bookedDay, id }) => searchKey(bookedDay, id)),
    isBehind: changes.length === mostTail,
  }
}

function isFound(one: SearchableTransaction, { beginnings, exact }: Wanted): boolean {
  const tokens = tokensOf(one)
  const isThere = (beginning: string) => tokens.some((token) => token.startsWith(beginning))
  return beginnings.every(isThere) && exact.every((token) => tokens.includes(token))
}

async function readKeys(
  db: Queries,
  { source, conditions }: TransactionSearch,
  keys: readonly number[],
): Promise<(readonly [key: number, transaction: Transaction])[]> {
  const rows = await selectAmongIds(db, source, conditions, keys.map(idOfKey))
  const byId = new Map(rows.map((row) => [row.id as number, row]))
  return keys.flatMap((key) => {
    const row = byId.get(idOfKey(key))
    return row === undefined ? [] : [[key, row] as const]
  })
}
