import type { Queries } from "../database/engine.ts"

/** A recorded transaction with all that is kept of it, by the names of its columns. */
export type TransactionRecord = Readonly<Record<string, string | number | null>> & {
  readonly id: number
  readonly booked_at: number
}

/** Transactions of an account, withdrawn ones too, newest first, after a position, at most `limit`. */
export async function selectTransactionRecords(
  db: Queries,
  accountId: number,
  after: { readonly at: number; readonly id: number } | undefined,
  limit: number,
): Promise<readonly TransactionRecord[]> {
  let query = db
    .selectFrom("transactions")
    .select([
      "id",
      "uuid",
      "mode",
      "bank_account_id",
      "booked_at",
      "precision",
      "amount",
      "balance_after",
      "memo",
      "description",
      "reference",
      "code",
      "sub_account_number",
      "kind",
      "reverses_id",
      "listed",
      "recorded_at",
    ])
    .where("bank_account_id", "=", accountId)
  if (after !== undefined) {
    // The first bound says nothing new, but the index can be entered by it.
    query = query
      .where("booked_at", "<=", after.at)
      .where((where) => where.or([where("booked_at", "<", after.at), where("id", "<", after.id)]))
  }
  return query.orderBy("booked_at", "desc").orderBy("id", "desc").limit(limit).execute()
}

/** Accounts of each company, live and test; companies without any are left out. */
export async function countAccountsOf(
  db: Queries,
  companyIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  if (companyIds.length === 0) return new Map()
  const rows = await db
    .selectFrom("bank_accounts")
    .select(["company_id", ({ fn }) => fn.countAll<number>().as("count")])
    .where("company_id", "in", companyIds)
    .groupBy("company_id")
    .execute()
  return new Map(rows.map((row) => [row.company_id, row.count]))
}
