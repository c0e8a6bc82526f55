import { recordGapClosed } from "../banking/record-statement.ts"
import type { Instant } from "../clock.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { type AuditActor, recordAudit } from "../identity/audit-log.ts"
import type { BankAccountId, CompanyId } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import { type Gap, lockGap, markGapClosed, selectGap, selectGaps } from "./gaps.store.ts"

export type { Gap } from "./gaps.store.ts"

/** The newest gaps of an account that the caller has found to be the company's, newest first. */
export function listGaps(db: Queries, bankAccountId: number, most: number): Promise<readonly Gap[]> {
  return selectGaps(db, bankAccountId, most)
}

/** Which gap, of whose account. */
export interface GapPlace {
  readonly companyId: number
  readonly bankAccountId: number
  readonly id: number
}

/**
 * Finds a gap of an account of a company.
 *
 * @throws Refusal not_found
 */
export async function getGap(db: Queries, place: GapPlace): Promise<Gap> {
  return checkOwn(place, await selectGap(db, place.id))
}

const longestNote = 500

/**
 * Closes a gap by a person's word, with a note that says why (contract/feeds.md §10). Nothing else changes: deliveries were
 * never held back by it.
 *
 * @throws Refusal not_found, invalid (`note`), conflict (closed already)
 */
export async function closeGap(
  db: Database,
  now: Instant,
  { actor, ...close }: GapPlace & { readonly note: string; readonly actor: AuditActor },
): Promise<void> {
  const note = close.note.normalize("NFC").trim()
  if (note === "" || note.length > longestNote || !note.isWellFormed() || note.includes("\0")) {
    const problem = `A note of 1 to ${longestNote} characters is needed.`
    throw new Refusal("invalid", problem, { errors: { note: [problem] } })
  }
  await transaction(db, async (tx) => {
    const gap = checkOwn(close, await lockGap(tx, close.id))
    if (gap.closedAt !== null) throw new Refusal("conflict", "The gap is closed already.")
    await markGapClosed(tx, gap.id, { now, note })
    const { companyId, bankAccountId } = close
    const details = { bank_account_id: bankAccountId, note }
    await recordAudit(tx, now, { companyId, actor, action: "gap.close", subjectId: gap.id, details })
    const change = { companyId: companyId as CompanyId, bankAccountId: bankAccountId as BankAccountId }
    await recordGapClosed(tx, now, change)
  })
}

function checkOwn({ companyId, bankAccountId }: GapPlace, gap: Gap | undefined): Gap {
  if (gap?.companyId === companyId && gap.bankAccountId === bankAccountId) return gap
  throw new Refusal("not_found", "There is no such gap.")
}
