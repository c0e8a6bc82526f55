import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { TransactionId } from "../ids.ts"

/** What a transaction's row says beyond its line in a list. */
export interface TransactionDetails {
  readonly uuid: string
  readonly precision: string
  readonly balanceSource: string | null
  readonly description: string
  readonly kind: string
  readonly reversesId: number | null
  readonly recordedAt: Instant
  readonly accountLabel: string | null
}

/** The details of a company's transaction. */
export async function selectDetails(
  db: Queries,
  of: { readonly companyId: number; readonly mode: string; readonly id: number },
): Promise<TransactionDetails | undefined> {
  const row = await db
    .selectFrom("transactions as t")
    .innerJoin("bank_accounts as a", "a.id", "t.bank_account_id")
    .select([
      "t.uuid",
      "t.precision",
      "t.balance_source as balanceSource",
      "t.description",
      "t.kind",
      "t.reverses_id as reversesId",
      "t.recorded_at as recordedAt",
      "a.label as accountLabel",
    ])
    .where("t.id", "=", of.id)
    .where("t.company_id", "=", of.companyId)
    .where("t.mode", "=", of.mode)
    .executeTakeFirst()
  return row as TransactionDetails | undefined
}

/** The mode that a company's transaction is in. */
export async function selectModeOf(
  db: Queries,
  of: { readonly companyId: number; readonly id: number },
): Promise<string | undefined> {
  const row = await db
    .selectFrom("transactions")
    .select("mode")
    .where("id", "=", of.id)
    .where("company_id", "=", of.companyId)
    .executeTakeFirst()
  return row?.mode
}

/** A revision, with the values before and after by the names of columns. */
export interface RevisionRow {
  readonly before: string
  readonly after: string
  readonly revisedAt: Instant
}

/** The revisions of a transaction, newest first. */
export async function selectRevisions(db: Queries, id: TransactionId, limit: number): Promise<RevisionRow[]> {
  const rows = await db
    .selectFrom("transaction_revisions")
    .select(["before_values as before", "after_values as after", "revised_at as revisedAt"])
    .where("transaction_id", "=", id)
    .orderBy("id", "desc")
    .limit(limit)
    .execute()
  return rows as RevisionRow[]
}

/** Where a transaction was read from. */
export interface ObservationPlace {
  readonly feedId: number
  readonly rawItemId: number
  /** Line of a file, or index within a batch. */
  readonly line: number
  readonly observedAt: Instant
}

/** What a transaction was read from, oldest first. */
export async function selectPlaces(db: Queries, id: TransactionId, limit: number): Promise<ObservationPlace[]> {
  const rows = await db
    .selectFrom("observations")
    .select(["feed_id as feedId", "raw_item_id as rawItemId", "line", "observed_at as observedAt"])
    .where("transaction_id", "=", id)
    .orderBy("id")
    .limit(limit)
    .execute()
  return rows as ObservationPlace[]
}
