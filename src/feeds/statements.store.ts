import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { BankAccountId, CompanyId, FeedId } from "../ids.ts"

/** A statement as it is compared with others of its feed (contract/feeds.md §3.1). */
export interface StatementRow {
  readonly number: string | null
  /** Period in Vietnamese days, yyyymmdd, wide enough for all its lines. */
  readonly fromDay: number | null
  readonly toDay: number | null
  /** Time range the file states itself. */
  readonly fromAt: number | null
  readonly toAt: number | null
  readonly opening: number | null
  readonly closing: number | null
}

/** Inserts a statement and answers its id. */
export async function insertStatement(
  tx: Queries,
  statement: StatementRow & {
    readonly importId: number
    readonly feedId: FeedId
    readonly bankAccountId: BankAccountId
  },
): Promise<number> {
  const row = await tx
    .insertInto("statements")
    .values({
      import_id: statement.importId,
      feed_id: statement.feedId,
      bank_account_id: statement.bankAccountId,
      number: statement.number,
      from_day: statement.fromDay,
      to_day: statement.toDay,
      from_at: statement.fromAt,
      to_at: statement.toAt,
      opening: statement.opening,
      closing: statement.closing,
    })
    .returning("id")
    .executeTakeFirstOrThrow()
  return row.id
}

/** Statements of a feed that share a day with a period: only their lines can be the same. */
export async function selectStatementsBetween(
  tx: Queries,
  feedId: FeedId,
  period: { readonly fromDay: number; readonly toDay: number },
): Promise<readonly (StatementRow & { readonly id: number; readonly importId: number })[]> {
  return await tx
    .selectFrom("statements")
    .select([
      "id",
      "import_id as importId",
      "number",
      "from_day as fromDay",
      "to_day as toDay",
      "from_at as fromAt",
      "to_at as toAt",
      "opening",
      "closing",
    ])
    .where("feed_id", "=", feedId)
    .where("to_day", ">=", period.fromDay)
    .where("from_day", "<=", period.toDay)
    .orderBy("id")
    .execute()
}

/** A statement whose lines do not add up (contract/feeds.md §10, `statement_sum`). */
export interface NewGap {
  readonly companyId: CompanyId
  readonly bankAccountId: BankAccountId
  readonly statementId: number
  readonly fromBalance: number
  readonly toBalance: number
  readonly missingAmount: number
  readonly fromAt: number | null
  readonly toAt: number | null
  readonly now: Instant
}

/** Opens a gap unless the same one is open already; answers its id if it is new. */
export async function openStatementGap(tx: Queries, gap: NewGap): Promise<number | undefined> {
  const known = await tx
    .selectFrom("gaps")
    .select("id")
    .where("bank_account_id", "=", gap.bankAccountId)
    .where("kind", "=", "statement_sum")
    .where("from_balance", "=", gap.fromBalance)
    .where("to_balance", "=", gap.toBalance)
    .where("from_at", "is not distinct from", gap.fromAt)
    .where("to_at", "is not distinct from", gap.toAt)
    .where("closed_at", "is", null)
    .executeTakeFirst()
  if (known !== undefined) return undefined
  const row = await tx
    .insertInto("gaps")
    .values({
      company_id: gap.companyId,
      bank_account_id: gap.bankAccountId,
      kind: "statement_sum",
      statement_id: gap.statementId,
      from_balance: gap.fromBalance,
      to_balance: gap.toBalance,
      missing_amount: gap.missingAmount,
      from_at: gap.fromAt,
      to_at: gap.toAt,
      opened_at: gap.now,
    })
    .returning("id")
    .executeTakeFirstOrThrow()
  return row.id
}
