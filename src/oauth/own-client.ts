import type { Queries } from "../database/engine.ts"
import { Refusal } from "../refusal.ts"
import { type Client, findClient, findClientByRow } from "./clients.store.ts"

/**
 * An app of the company.
 *
 * @throws Refusal not_found, also for another company's
 */
export async function getOwnClient(db: Queries, companyId: number, clientId: string): Promise<Client> {
  const client = await findClient(db, clientId)
  if (client === undefined || client.companyId !== companyId) throw new Refusal("not_found", "There is no such app.")
  return client
}

/**
 * The same by its row's id.
 *
 * @throws Refusal not_found
 */
export async function getOwnClientOfRow(db: Queries, companyId: number, rowId: number): Promise<Client> {
  const client = await findClientByRow(db, rowId)
  if (client === undefined || client.companyId !== companyId) throw new Refusal("not_found", "There is no such app.")
  return client
}
