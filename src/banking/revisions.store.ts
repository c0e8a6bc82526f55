import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { BankAccountId, TransactionId } from "../ids.ts"

/** What a revision can change of a transaction, as its row has it. */
export interface RevisableFields {
  readonly bookedAt: number
  readonly bookedDay: number
  readonly precision: string
  readonly balanceAfter: number | null
  readonly balanceSource: string | null
  readonly memo: string
  readonly description: string
  readonly reference: string | null
  readonly code: string | null
  readonly subAccountId: number | null
  readonly subAccountNumber: string | null
  readonly listed: number
}

/** A transaction under revision. */
export interface TransactionToRevise extends RevisableFields {
  readonly id: TransactionId
  readonly uuid: string
  readonly bankAccountId: BankAccountId
  readonly amount: number
}

/** Reads a transaction whose account is locked, which locks it too. */
export function findTransactionToRevise(tx: Queries, id: TransactionId): Promise<TransactionToRevise | undefined> {
  return tx
    .selectFrom("transactions")
    .select([
      "id",
      "uuid",
      "bank_account_id as bankAccountId",
      "amount",
      "booked_at as bookedAt",
      "booked_day as bookedDay",
      "precision",
      "balance_after as balanceAfter",
      "balance_source as balanceSource",
      "memo",
      "description",
      "reference",
      "code",
      "sub_account_id as subAccountId",
      "sub_account_number as subAccountNumber",
      "listed",
    ])
    .where("id", "=", id)
    .$castTo<TransactionToRevise>()
    .executeTakeFirst()
}

const columnOf = {
  bookedAt: "booked_at",
  bookedDay: "booked_day",
  precision: "precision",
  balanceAfter: "balance_after",
  balanceSource: "balance_source",
  memo: "memo",
  description: "description",
  reference: "reference",
  code: "code",
  subAccountId: "sub_account_id",
  subAccountNumber: "sub_account_number",
  listed: "listed",
} as const satisfies Record<keyof RevisableFields, string>

/** A revision to write: only the fields that change, by the names of their columns in both JSON texts. */
export interface NewRevision {
  readonly transactionId: TransactionId
  readonly observationId: number
  readonly before: Partial<RevisableFields>
  readonly after: Partial<RevisableFields>
  readonly now: Instant
}

/** Changes what a transaction shows and keeps the values it had (contract/feeds.md §1, revision). */
export async function insertRevision(tx: Queries, revision: NewRevision): Promise<void> {
  await tx.updateTable("transactions").set(toColumns(revision.after)).where("id", "=", revision.transactionId).execute()
  await tx
    .insertInto("transaction_revisions")
    .values({
      transaction_id: revision.transactionId,
      observation_id: revision.observationId,
      before_values: JSON.stringify(toColumns(revision.before)),
      after_values: JSON.stringify(toColumns(revision.after)),
      revised_at: revision.now,
    })
    .execute()
}

function toColumns(fields: Partial<RevisableFields>): Record<string, string | number | null> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [columnOf[name as keyof RevisableFields], value ?? null]),
  )
}

/** Whether a bank's own figure has set the account's balance since this transaction was recorded. */
export async function hasLaterBankBalance(
  tx: Queries,
  bankAccountId: BankAccountId,
  id: TransactionId,
): Promise<boolean> {
  const row = await tx
    .selectFrom("transactions")
    .select("id")
    .where("bank_account_id", "=", bankAccountId)
    .where("id", ">", id)
    .where("balance_source", "in", ["reported", "derived"])
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
