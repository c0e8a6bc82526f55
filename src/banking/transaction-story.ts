import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { Mode } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import { getTransaction, type Transaction } from "./transaction.ts"
import {
  type ObservationPlace,
  selectDetails,
  selectModeOf,
  selectPlaces,
  selectRevisions,
  type TransactionDetails,
} from "./transaction-story.store.ts"

export type { ObservationPlace } from "./transaction-story.store.ts"

/** A transaction with all that is known of it. */
export interface TransactionStory extends TransactionDetails {
  readonly transaction: Transaction
  readonly mode: Mode
  /** Withdrawn by its feed. */
  readonly removed: boolean
  /** Newest first. */
  readonly revisions: readonly Revision[]
  /** What it was read from, oldest first. */
  readonly places: readonly ObservationPlace[]
}

/** What one revision changed, field by field. */
export interface Revision {
  readonly revisedAt: Instant
  readonly changes: readonly {
    readonly field: RevisedField
    readonly before: string | number | null
    readonly after: string | number | null
  }[]
}

/** Fields whose former values mean something to a person, by the names of their columns. */
export const revisedFields = [
  ...(["booked_at", "precision", "balance_after", "memo", "description"] as const),
  ...(["reference", "code", "sub_account_number", "listed"] as const),
] as const
export type RevisedField = (typeof revisedFields)[number]

const mostShown = 50

/**
 * Everything about a transaction of a company, in whichever mode it is.
 *
 * @throws Refusal not_found
 */
export async function tellTransaction(
  db: Queries,
  { companyId }: { readonly companyId: number },
  id: number,
): Promise<TransactionStory> {
  const mode = (await selectModeOf(db, { companyId, id })) as Mode | undefined
  if (mode === undefined) throw new Refusal("not_found", "There is no such transaction")
  const { transaction, removed } = await getTransaction(db, { companyId, mode, bankAccountIds: undefined }, id)
  const details = await selectDetails(db, { companyId, mode, id })
  if (details === undefined) throw new Refusal("not_found", "There is no such transaction")
  const revisions = (await selectRevisions(db, transaction.id, mostShown)).map((row): Revision => {
    const before = JSON.parse(row.before) as Record<string, string | number | null>
    const after = JSON.parse(row.after) as Record<string, string | number | null>
    const changed = revisedFields.filter((field) => field in after)
    const changes = changed.map((field) => ({ field, before: before[field] ?? null, after: after[field] ?? null }))
    return { revisedAt: row.revisedAt, changes }
  })
  const places = await selectPlaces(db, transaction.id, mostShown)
  return { ...details, transaction, mode, removed, revisions, places }
}
