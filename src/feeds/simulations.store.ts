import { sql } from "kysely"
import type { Queries } from "../database/engine.ts"
import type { BankAccountId, CompanyId, Mode } from "../ids.ts"

/** An account as the simulator sees it. */
export interface SimulatedAccount {
  readonly id: BankAccountId
  readonly companyId: CompanyId
  readonly mode: Mode
  readonly accountNumber: string
  readonly bank: string
  readonly balance: number | null
}

/** Finds an account of any company and mode. */
export async function findSimulatedAccount(db: Queries, id: number): Promise<SimulatedAccount | undefined> {
  return await db
    .selectFrom("bank_accounts")
    .select(["id", "company_id as companyId", "mode", "account_number as accountNumber", "bank", "balance"])
    .where("id", "=", id)
    .$castTo<SimulatedAccount>()
    .executeTakeFirst()
}

/** Counts simulations of a day in one statement, and answers whether they were within the limit. */
export async function countSimulations(
  tx: Queries,
  counted: { readonly companyId: CompanyId; readonly day: number; readonly count: number; readonly limit: number },
): Promise<boolean> {
  const { companyId, day, count, limit } = counted
  if (count > limit) return false
  const rows = await tx
    .insertInto("simulation_counts")
    .values({ company_id: companyId, day, count })
    .onConflict((conflict) =>
      conflict
        .columns(["company_id", "day"])
        .doUpdateSet({ count: sql<number>`simulation_counts.count + excluded.count` })
        .where(sql<boolean>`simulation_counts.count + excluded.count <= ${limit}`),
    )
    .returning("count")
    .execute()
  return rows.length > 0
}
