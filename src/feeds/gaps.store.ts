import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"

/** A hole or surplus that balances prove (contract/feeds.md §10). */
export interface Gap {
  readonly id: number
  readonly companyId: number
  readonly bankAccountId: number
  readonly kind: string
  readonly fromBalance: number
  readonly toBalance: number
  readonly missingAmount: number
  readonly fromAt: Instant | null
  readonly toAt: Instant | null
  readonly openedAt: Instant
  readonly closedAt: Instant | null
  readonly closedBy: string | null
  readonly note: string | null
}

const gapColumns = [
  "id",
  "company_id as companyId",
  "bank_account_id as bankAccountId",
  "kind",
  "from_balance as fromBalance",
  "to_balance as toBalance",
  "missing_amount as missingAmount",
  "from_at as fromAt",
  "to_at as toAt",
  "opened_at as openedAt",
  "closed_at as closedAt",
  "closed_by as closedBy",
  "note",
] as const

/** The newest gaps of an account. */
export async function selectGaps(db: Queries, bankAccountId: number, most: number): Promise<readonly Gap[]> {
  return await db
    .selectFrom("gaps")
    .select(gapColumns)
    .where("bank_account_id", "=", bankAccountId)
    .orderBy("id", "desc")
    .limit(most)
    .$castTo<Gap>()
    .execute()
}

/** Finds a gap of any company. */
export async function selectGap(db: Queries, id: number): Promise<Gap | undefined> {
  return await db.selectFrom("gaps").select(gapColumns).where("id", "=", id).$castTo<Gap>().executeTakeFirst()
}

/** Locks a gap of any company. */
export async function lockGap(tx: Queries, id: number): Promise<Gap | undefined> {
  const query = tx.selectFrom("gaps").select(gapColumns).where("id", "=", id).forUpdate()
  return await query.$castTo<Gap>().executeTakeFirst()
}

/** Closes a gap by a person's word. */
export async function markGapClosed(
  tx: Queries,
  id: number,
  { now, note }: { readonly now: Instant; readonly note: string },
): Promise<void> {
  await tx.updateTable("gaps").set({ closed_at: now, closed_by: "person", note }).where("id", "=", id).execute()
}
