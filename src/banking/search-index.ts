import { type Database, type Queries, transaction } from "../database/engine.ts"
import { exactly, wordsOf } from "../database/search-words.ts"
import { addToSearch, dropFromSearch, searchKey } from "../database/transaction-search.ts"
import {
  type FollowedChange,
  lockSearchHead,
  moveSearchHead,
  type SearchableTransaction,
  selectChangesAfter,
  selectCompaniesBehind,
  selectFormerDays,
  selectSearchable,
} from "./search-index.store.ts"

const companiesAtOnce = 20
const changesAtOnce = 500

/**
 * Takes what changed into the search index, a batch for each of some companies. It follows the changes, which every
 * writer records, so that recording a transaction costs nothing for it; a search looks through what is not yet here
 * itself (filter-transactions.ts).
 *
 * @returns how many changes it took in; 0 when there is nothing left to do
 */
export async function indexChanges(db: Database, batch = changesAtOnce): Promise<number> {
  let taken = 0
  for (const companyId of await selectCompaniesBehind(db, companiesAtOnce)) {
    taken += await transaction(db, (tx) => indexCompany(tx, companyId, batch))
  }
  return taken
}

async function indexCompany(tx: Queries, companyId: number, batch: number): Promise<number> {
  const after = await lockSearchHead(tx, companyId)
  const changes = await selectChangesAfter(tx, companyId, { after, limit: batch })
  const last = changes.at(-1)
  if (last === undefined) return 0
  const transactions = await selectSearchable(tx, idsOf(changes))
  await dropFromSearch(tx, await formerKeys(tx, changes, transactions))
  await addToSearch(
    tx,
    transactions
      .filter(({ listed }) => listed === 1)
      .map((one) => ({ ...one, day: one.bookedDay, words: tokensOf(one) })),
  )
  await moveSearchHead(tx, companyId, last.sequence)
  return changes.length
}

/** The transactions of some changes, each once. */
export function idsOf(changes: readonly FollowedChange[]): number[] {
  return [...new Set(changes.flatMap(({ transactionId }) => (transactionId === null ? [] : [transactionId])))]
}

/** What a transaction is found by. */
export function tokensOf(one: SearchableTransaction): readonly string[] {
  return [
    ...wordsOf(one.memo, one.description, one.reference, one.code),
    ...(one.code === null ? [] : [exactly("code", one.code)]),
    ...(one.subAccountNumber === null ? [] : [exactly("account", one.subAccountNumber)]),
  ]
}

// A transaction is created once, and its change is the first that names it: only others can be in the index already.
async function formerKeys(
  tx: Queries,
  changes: readonly FollowedChange[],
  transactions: readonly SearchableTransaction[],
): Promise<number[]> {
  const known = new Set(idsOf(changes.filter(({ kind }) => kind !== "created")))
  const days = await selectFormerDays(tx, [...known])
  const present = transactions.filter(({ id }) => known.has(id)).map(({ id, bookedDay: day }) => ({ id, day }))
  return [...days, ...present].map(({ id, day }) => searchKey(day, id))
}
