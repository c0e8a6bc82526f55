import type { Queries } from "../database/engine.ts"
import { findChangeNumber } from "./changes.store.ts"
import { selectChangesAfter } from "./search-index.store.ts"
import { idsOf } from "./search-index.ts"
import { selectAmongIds } from "./stretches.store.ts"
import type { Viewer } from "./transaction.ts"
import type { Transaction } from "./transactions.store.ts"

/** A transaction that was recorded, revised or withdrawn, with the number of the change. */
export type FollowedTransaction = { readonly sequence: number; readonly id: number } & (
  | { readonly kind: "created" | "updated"; readonly transaction: Transaction }
  | { readonly kind: "removed" }
)

/** What happened after a number, and the number to go on from. */
export interface FollowedPiece {
  readonly happened: readonly FollowedTransaction[]
  readonly upto: number
  /** So much happened that it is better read anew than told: nothing of it is told. */
  readonly missed: boolean
}

const mostAtOnce = 500

/**
 * What happened to the transactions of a viewer's mode after the change `after`, in the order of the commits of whichever
 * process: reading on from `upto` loses none and tells none twice.
 */
export async function followTransactions(
  db: Queries,
  { companyId, mode }: Pick<Viewer, "companyId" | "mode">,
  after: number,
): Promise<FollowedPiece> {
  const head = await findChangeNumber(db, companyId)
  if (head <= after) return { happened: [], upto: after, missed: false }
  if (head - after > mostAtOnce) return { happened: [], upto: head, missed: true }
  const changes = await selectChangesAfter(db, companyId, { after, limit: mostAtOnce })
  const rows = await selectAmongIds(db, { companyId, mode, accountIds: undefined }, {}, idsOf(changes))
  const byId = new Map(rows.map((row) => [row.id as number, row]))
  const happened = changes.flatMap(({ sequence, kind, transactionId: id }): FollowedTransaction[] => {
    if (id === null) return []
    if (kind === "removed") return [{ sequence, id, kind }]
    const transaction = byId.get(id)
    // Withdrawn since, or of the other mode.
    return transaction === undefined
      ? []
      : [{ sequence, id, kind: kind === "created" ? "created" : "updated", transaction }]
  })
  return { happened, upto: changes.at(-1)?.sequence ?? after, missed: false }
}
