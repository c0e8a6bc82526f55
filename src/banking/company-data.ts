import type { Queries } from "../database/engine.ts"
import { listCompanyAccounts } from "./bank-account.ts"
import { countAccountsOf, selectTransactionRecords, type TransactionRecord } from "./company-data.store.ts"

export type { TransactionRecord } from "./company-data.store.ts"

const inABatch = 1000

/** Every transaction of a company, account by account, newest first, read in batches while it is used. */
export async function* readCompanyTransactions(
  db: Queries,
  companyId: number,
): AsyncGenerator<readonly TransactionRecord[]> {
  for (const account of await listCompanyAccounts(db, companyId)) {
    let batch: readonly TransactionRecord[] = []
    do {
      const last = batch.at(-1)
      const after = last === undefined ? undefined : { at: last.booked_at, id: last.id }
      batch = await selectTransactionRecords(db, account.id, after, inABatch)
      if (batch.length > 0) yield batch
    } while (batch.length === inABatch)
  }
}

/** How many accounts companies have, live and test; those without any are left out. */
export function countCompanyAccounts(db: Queries, companyIds: readonly number[]): Promise<ReadonlyMap<number, number>> {
  return countAccountsOf(db, companyIds)
}
