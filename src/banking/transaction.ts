import type { Queries } from "../database/engine.ts"
import type { Access } from "../oauth/access.ts"
import { Refusal } from "../refusal.ts"
import { selectTransaction, type Transaction } from "./transactions.store.ts"

export type { Transaction } from "./transactions.store.ts"

/** Whose rows a caller may see: a company, a mode, and the accounts a consent names (contract/api.md §2, rows). */
export type Viewer = Pick<Access, "companyId" | "mode" | "bankAccountIds">

/**
 * Finds one transaction, also one that its feed has withdrawn.
 *
 * @throws Refusal not_found when the viewer may not see it
 */
export async function getTransaction(
  db: Queries,
  viewer: Viewer,
  id: number,
): Promise<{ readonly transaction: Transaction; readonly removed: boolean }> {
  const found = await selectTransaction(db, viewer, id)
  if (found === undefined || viewer.bankAccountIds?.includes(found.transaction.bankAccountId) === false) {
    throw new Refusal("not_found", "There is no such transaction")
  }
  return found
}
