import { type RawBuilder, sql } from "kysely"
import { dayBounds, type VietnamDay } from "../vietnam-time.ts"
import { type Queries, runsDirectly } from "./engine.ts"

/** Whose transactions are searched: words of one company and mode never meet those of another. */
export interface SearchScope {
  readonly companyId: number
  readonly mode: string
}

/** A transaction as it is found: by its words, or by what is compared exactly (search-words.ts). */
export interface SearchDocument extends SearchScope {
  readonly id: number
  /** yyyymmdd. */
  readonly day: number
  readonly words: readonly string[]
}

// 17 bits of days since 2000 above 36 bits of ids; what is older or younger stands at the end.
const idsOfDay = 2 ** 36
const dayMs = 86_400_000
const zeroDayAt = dayBounds(20_000_101 as VietnamDay).startAt
const lastDay = 2 ** 17 - 1
const firstMonth = 200_001
const lastMonth = 235_811

/** Where a transaction stands in results: by day, then by when it was recorded. Grows with both. */
export function searchKey(day: number, id: number): number {
  const index = Math.round((dayBounds(day as VietnamDay).startAt - zeroDayAt) / dayMs)
  return Math.min(Math.max(index, 0), lastDay) * idsOfDay + id
}

/** The keys of some days, both included: from the first number up to, without it, the second. */
export function keysOfDays(first: number, last: number): readonly [fromKey: number, beforeKey: number] {
  return [searchKey(first, 0), searchKey(last, 0) + idsOfDay]
}

/** The transaction that stands there. */
export function idOfKey(key: number): number {
  return key % idsOfDay
}

/** Adds transactions that are not in the index. */
export async function addToSearch(tx: Queries, documents: readonly SearchDocument[]): Promise<void> {
  if (documents.length === 0) return
  const rows = documents.map((document) => ({
    key: searchKey(document.day, document.id),
    words: document.words.map((word) => tokenOf(document, monthOf(document.day), word)).join(" "),
  }))
  if (runsDirectly(tx)) {
    for (const { key, words } of rows) {
      await sql`insert into transaction_search (rowid, words) values (${key}, ${words})`.execute(tx)
    }
    return
  }
  await sql`insert into transaction_search (key, words)
    select key, array_to_tsvector(array_remove(string_to_array(words, ' '), ''))
    from unnest(cast(${rows.map(({ key }) => key)} as bigint[]), cast(${rows.map(({ words }) => words)} as text[]))
      as added (key, words)`.execute(tx)
}

/** Takes what stands at these keys out of the index; keys that are not in it do no harm. */
export async function dropFromSearch(tx: Queries, keys: readonly number[]): Promise<void> {
  if (keys.length === 0) return
  await sql`delete from transaction_search where ${keyColumn(tx)} in (${sql.join(keys)})`.execute(tx)
}

export interface SearchQuery extends SearchScope {
  /** The months (yyyymm) that may hold results, newest first. */
  readonly months: readonly number[]
  /** A result has a word that begins with each of them. */
  readonly beginnings: readonly string[]
  /** And has each of these. */
  readonly exact: readonly string[]
  readonly fromKey: number
  readonly beforeKey: number
  readonly limit: number
}

/**
 * Finds the newest results before a key, as keys, newest first.
 *
 * A word is kept with its month, and a few months are asked at a time: one that very many transactions have costs no more
 * than its months' share of them, however long the company has been there.
 */
export async function findInSearch(db: Queries, query: SearchQuery): Promise<number[]> {
  const months = [...new Set(query.months.map(withinMonths))]
  const keys = await findAmongNewest(db, query, months.slice(0, 1))
  if (keys.length >= query.limit) return keys
  keys.length = 0
  let several = 1
  for (let first = 0; first < months.length && keys.length < query.limit; ) {
    const some = months.slice(first, first + several)
    keys.push(...(await findInMonths(db, query, some, query.limit - keys.length)))
    first += several
    several = Math.min(several * 2, mostMonthsAtOnce)
  }
  return keys
}

const mostMonthsAtOnce = 8
const newestRead = 2000

// PostgreSQL knows no order in the index of words: it finds all that have a word and sorts them. What very many have is
// found sooner among the newest, whichever words these have.
async function findAmongNewest(db: Queries, query: SearchQuery, months: readonly number[]): Promise<number[]> {
  if (runsDirectly(db) || months.length === 0) return []
  const { rows } = await sql<{ key: number }>`select key from (
      select key, words from transaction_search where key >= ${query.fromKey} and key < ${query.beforeKey}
      order by key desc limit ${newestRead}) newest
    where ${isMatch(db, query, months)} order by key desc limit ${query.limit}`.execute(db)
  return rows.map((row) => row.key)
}

async function findInMonths(
  db: Queries,
  query: SearchQuery,
  months: readonly number[],
  limit: number,
): Promise<number[]> {
  const key = keyColumn(db)
  // An order that PostgreSQL has no index for: it takes beginnings of words for frequent, and would read every row in
  // the order of keys to find none.
  const order = runsDirectly(db) ? key : sql`key + 0`
  const { rows } = await sql<{ key: number }>`select ${key} as key from transaction_search
    where ${isMatch(db, query, months)} and ${key} >= ${query.fromKey} and ${key} < ${query.beforeKey}
    order by ${order} desc limit ${limit}`.execute(db)
  return rows.map((row) => row.key)
}

function isMatch(db: Queries, query: SearchQuery, months: readonly number[]): RawBuilder<boolean> {
  const onSqlite = runsDirectly(db)
  const [quote, and, or, anyEnd] = onSqlite ? ['"', " AND ", " OR ", " *"] : ["'", " & ", " | ", ":*"]
  const ofMonth = (month: number) => {
    const begun = query.beginnings.map((word) => `${quote}${tokenOf(query, month, word)}${quote}${anyEnd}`)
    const whole = query.exact.map((word) => `${quote}${tokenOf(query, month, word)}${quote}`)
    return `(${[...begun, ...whole].join(and)})`
  }
  const text = months.map(ofMonth).join(or)
  return onSqlite ? sql`transaction_search match ${text}` : sql`words @@ cast(${text} as tsquery)`
}

function keyColumn(db: Queries): RawBuilder<number> {
  return sql.ref(runsDirectly(db) ? "rowid" : "key")
}

// Digits, a letter, six digits, the word: no two of them meet by accident.
function tokenOf({ companyId, mode }: SearchScope, month: number, word: string): string {
  return `${companyId}${mode === "live" ? "l" : "t"}${month}${word}`
}

function monthOf(day: number): number {
  return withinMonths(Math.floor(day / 100))
}

function withinMonths(month: number): number {
  return Math.min(Math.max(month, firstMonth), lastMonth)
}
