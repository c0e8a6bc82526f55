import type { Queries } from "../database/engine.ts"
import { selectClientNames } from "./client-names.store.ts"

/** The names of apps by their row ids, for what keeps those ids (the audit log); apps that are not there are left out. */
export function findClientNames(db: Queries, rowIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
  return selectClientNames(db, [...new Set(rowIds)])
}
