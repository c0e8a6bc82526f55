import { sql } from "kysely"
import type { Instant } from "../clock.ts"
import { prepared, type Queries } from "../database/engine.ts"
import type { BankAccountId, CompanyId, TransactionId } from "../ids.ts"

const takeSequence = prepared<{ companyId: number; count: number }, { last: number }>((db, parameter) =>
  db
    .insertInto("change_heads")
    .values({ company_id: parameter("companyId"), last: parameter("count") })
    .onConflict((conflict) =>
      conflict.column("company_id").doUpdateSet({ last: sql<number>`change_heads.last + excluded.last` }),
    )
    .returning("last"),
)

/**
 * Takes `count` numbers of a company's change sequence and answers the last. Its lock is held until the commit, so that
 * commit order is sequence order: take it as the last step (contract/feeds.md §2 step 6).
 */
export async function takeChangeNumbers(tx: Queries, companyId: CompanyId, count: number): Promise<number> {
  const [head] = await takeSequence(tx, { companyId, count })
  if (head === undefined) throw new Error("change_heads answered no number.")
  return head.last
}

const insertChangeRow = prepared<
  { companyId: number; sequence: number; kind: string; transactionId: number; bankAccountId: number; now: number },
  never
>(
  (db, parameter) =>
    db.insertInto("changes").values({
      company_id: parameter("companyId"),
      sequence: parameter("sequence"),
      kind: parameter("kind"),
      transaction_id: parameter("transactionId"),
      bank_account_id: parameter("bankAccountId"),
      changed_at: parameter("now"),
    }) as never,
)

/** Notes what became of a transaction, with the next number of its company. Call it last in the database transaction. */
export async function recordChange(
  tx: Queries,
  change: {
    readonly companyId: CompanyId
    readonly kind: "created" | "updated" | "removed"
    readonly transactionId: TransactionId
    readonly bankAccountId: BankAccountId
    readonly now: Instant
  },
): Promise<void> {
  const sequence = await takeChangeNumbers(tx, change.companyId, 1)
  await insertChangeRow(tx, { ...change, sequence })
}

const selectHead = prepared<{ companyId: number }, { last: number }>((db, parameter) =>
  db.selectFrom("change_heads").select("last").where("company_id", "=", parameter("companyId")),
)

/** The number of the company's newest change; 0 before the first. Whatever a list shows, its change is among them. */
export async function findChangeNumber(db: Queries, companyId: number): Promise<number> {
  const [head] = await selectHead(db, { companyId })
  return head?.last ?? 0
}
