import { sql } from "kysely"
import { prepared, type Queries } from "../database/engine.ts"

/** What of a transaction is searched. */
export interface SearchableTransaction {
  readonly id: number
  readonly companyId: number
  readonly mode: string
  readonly bookedDay: number
  readonly memo: string
  readonly description: string
  readonly reference: string | null
  readonly code: string | null
  readonly subAccountNumber: string | null
  readonly listed: number
}

/** A change of a company, as far as the index follows it. */
export interface FollowedChange {
  readonly sequence: number
  readonly kind: string
  readonly transactionId: number | null
}

/** Companies whose changes are not all in the index, at most `limit`. */
export async function selectCompaniesBehind(db: Queries, limit: number): Promise<number[]> {
  const rows = await db
    .selectFrom("change_heads as c")
    .leftJoin("search_heads as s", "s.company_id", "c.company_id")
    .select("c.company_id as companyId")
    .where((eb) => eb(eb.fn.coalesce("s.upto", eb.lit(0)), "<", eb.ref("c.last")))
    .orderBy("c.company_id")
    .limit(limit)
    .execute()
  return rows.map(({ companyId }) => companyId)
}

/** Locks how far the index has read a company's changes, and answers it. */
export async function lockSearchHead(tx: Queries, companyId: number): Promise<number> {
  await tx
    .insertInto("search_heads")
    .values({ company_id: companyId, upto: 0 })
    .onConflict((conflict) => conflict.column("company_id").doNothing())
    .execute()
  const row = await tx
    .selectFrom("search_heads")
    .select("upto")
    .where("company_id", "=", companyId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return row.upto
}

export async function moveSearchHead(tx: Queries, companyId: number, upto: number): Promise<void> {
  await tx.updateTable("search_heads").set({ upto }).where("company_id", "=", companyId).execute()
}

const searchHead = prepared<{ companyId: number }, { upto: number }>((db, parameter) =>
  db.selectFrom("search_heads").select("upto").where("company_id", "=", parameter("companyId")),
)

/** How far the index has read a company's changes. */
export async function findSearchHead(db: Queries, companyId: number): Promise<number> {
  const [row] = await searchHead(db, { companyId })
  return row?.upto ?? 0
}

/** Changes of a company after a number, the oldest or the newest of them first. */
export function selectChangesAfter(
  db: Queries,
  companyId: number,
  {
    after,
    limit,
    first = "oldest",
  }: { readonly after: number; readonly limit: number; readonly first?: "oldest" | "newest" },
): Promise<FollowedChange[]> {
  return db
    .selectFrom("changes")
    .select(["sequence", "kind", "transaction_id as transactionId"])
    .where("company_id", "=", companyId)
    .where("sequence", ">", after)
    .orderBy("sequence", first === "oldest" ? "asc" : "desc")
    .limit(limit)
    .execute()
}

/** The transactions of these ids. */
export async function selectSearchable(db: Queries, ids: readonly number[]): Promise<SearchableTransaction[]> {
  if (ids.length === 0) return []
  return await db
    .selectFrom("transactions")
    .select([
      "id",
      "company_id as companyId",
      "mode",
      "booked_day as bookedDay",
      "memo",
      "description",
      "reference",
      "code",
      "sub_account_number as subAccountNumber",
      "listed",
    ])
    .where("id", "in", ids)
    .execute()
}

/** The days that revised transactions had before, a row for each. */
export async function selectFormerDays(
  db: Queries,
  ids: readonly number[],
): Promise<{ readonly id: number; readonly day: number }[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom("transaction_revisions")
    .select(["transaction_id as id", "before_values as before"])
    .where("transaction_id", "in", ids)
    .where("before_values", "like", sql<string>`'%"booked_day":%'`)
    .execute()
  return rows.map(({ id, before }) => ({ id, day: (JSON.parse(before) as { booked_day: number }).booked_day }))
}
