import type { Queries } from "../database/engine.ts"

export async function selectClientNames(db: Queries, rowIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (rowIds.length === 0) return new Map()
  const rows = await db.selectFrom("clients").select(["id", "name"]).where("id", "in", rowIds).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

export async function selectCompanyClients(
  db: Queries,
  companyId: number,
): Promise<readonly { readonly clientId: string; readonly name: string; readonly state: string }[]> {
  return db
    .selectFrom("clients")
    .select(["client_id as clientId", "name", "state"])
    .where("company_id", "=", companyId)
    .where("deleted_at", "is", null)
    .orderBy("id", "desc")
    .execute()
}
