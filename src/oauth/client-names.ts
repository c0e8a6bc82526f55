import type { Queries } from "../database/engine.ts"
import { selectClientNames, selectCompanyClients } from "./client-names.store.ts"

/** The names of apps by their row ids, as the audit log and webhooks keep them; deleted ones too. */
export function findClientNames(db: Queries, rowIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
  return selectClientNames(db, [...new Set(rowIds)])
}

/** The apps that a company has registered, newest first. For operators. */
export function listCompanyClients(
  db: Queries,
  companyId: number,
): Promise<readonly { readonly clientId: string; readonly name: string; readonly state: string }[]> {
  return selectCompanyClients(db, companyId)
}
