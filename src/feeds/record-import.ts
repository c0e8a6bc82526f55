import { balanceTime } from "../banking/balance-after.ts"
import { type NotifyFrom, recordStatement, recordStatementChanges } from "../banking/record-statement.ts"
import { type Instant, instantAfter } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { BankAccountId, CompanyId } from "../ids.ts"
import { dayBounds, type VietnamDay, vietnamDay } from "../vietnam-time.ts"
import { findDisjoint } from "./disjoint-statements.ts"
import type { BegunImport } from "./imports.store.ts"
import { rangeInstants, type StagedStatement } from "./stage-statement.ts"
import { insertStatement, openStatementGap, selectStatementsBetween } from "./statements.store.ts"

/** Which new transactions of a file webhooks hear of (contract/feeds.md §5.4). */
export type NotifyMode = "recent" | "all" | "none"

/** A hole that a statement proves: its balances differ by more than its lines (contract/feeds.md §10). */
export interface StatementGap {
  readonly accountId: BankAccountId
  readonly statementNumber: string | null
  /** First line of the statement in the file. */
  readonly line: number
  readonly opening: number
  readonly closing: number
  /** Closing balance less what opening and lines add up to. */
  readonly missingAmount: number
}

/** What a file brought. */
export interface RecordedFile {
  readonly inserted: number
  readonly duplicates: number
  readonly pending: number
  readonly gaps: readonly StatementGap[]
}

/** A staged file to record. */
export interface FileToRecord {
  readonly begun: BegunImport
  readonly companyId: CompanyId
  readonly statements: readonly StagedStatement[]
  readonly notify: NotifyMode
  readonly saidDisjoint: boolean
}

/** Records all staged lines of a file, statement by statement, in the caller's one database transaction (§5.1). The
 * accounts are locked. */
export async function recordFile(tx: Queries, now: Instant, file: FileToRecord): Promise<RecordedFile> {
  const { begun, companyId, statements } = file
  const totals = { inserted: 0, duplicates: 0, pending: 0 }
  const gaps: StatementGap[] = []
  const newGapAccounts: BankAccountId[] = []
  for (const statement of statements) {
    const recorded = await recordOne(tx, now, file, statement)
    totals.inserted += recorded.inserted
    totals.duplicates += recorded.duplicates
    totals.pending += recorded.pending
    if (recorded.gap === undefined) continue
    gaps.push(recorded.gap)
    if (recorded.isNewGap) newGapAccounts.push(statement.account.id)
  }
  const { importId } = begun
  await recordStatementChanges(tx, now, {
    companyId,
    importId,
    inserted: totals.inserted,
    gapAccountIds: newGapAccounts,
  })
  return { ...totals, gaps }
}

async function recordOne(tx: Queries, now: Instant, file: FileToRecord, statement: StagedStatement) {
  const { begun } = file
  const { account, feedId, fromOrdinal, toOrdinal, number, fromDay, toDay, opening, closing } = statement
  const row = { number, fromDay, toDay, ...rangeInstants(statement.range), opening, closing }
  const isDated = fromDay !== null && toDay !== null
  const others = isDated ? await selectStatementsBetween(tx, feedId, { fromDay, toDay }) : []
  const { importId } = begun
  const statementId = await insertStatement(tx, { ...row, importId, feedId, bankAccountId: account.id })
  const recorded = await recordStatement(tx, now, {
    range: { importId, from: fromOrdinal, to: toOrdinal },
    statementId,
    rawItemId: begun.rawItemId,
    feedId,
    bankAccountId: account.id,
    disjointIds: findDisjoint({ id: statementId, importId, ...row }, others, file.saidDisjoint),
    notifyFrom: notifyFrom(file.notify, now),
    bankBalance: bankBalance(statement, now),
  })
  const gap = gapOf(statement)
  if (gap === undefined) return { ...recorded, gap, isNewGap: false }
  const gapId = await openStatementGap(tx, {
    companyId: file.companyId,
    bankAccountId: account.id,
    statementId,
    fromBalance: gap.closing - gap.missingAmount,
    toBalance: gap.closing,
    missingAmount: gap.missingAmount,
    fromAt: fromDay === null ? null : dayBounds(fromDay as VietnamDay).startAt,
    toAt: toDay === null ? null : dayBounds(toDay as VietnamDay).endAt,
    now,
  })
  return { ...recorded, gap, isNewGap: gapId !== undefined }
}

function gapOf(statement: StagedStatement): StatementGap | undefined {
  const { opening, closing, sum, account, number, line } = statement
  if (opening === null || closing === null || sum === undefined || sum === closing) return undefined
  return {
    accountId: account.id,
    statementNumber: number,
    line,
    opening,
    closing,
    missingAmount: closing - sum,
  }
}

/** The newest balance the bank states: the closing one, else that of the newest line. */
function bankBalance(statement: StagedStatement, now: Instant) {
  const { closing, toDay, newestReported } = statement
  if (closing !== null && toDay !== null) {
    const { startAt } = dayBounds(toDay as VietnamDay)
    return { balance: closing, heldAt: balanceTime(startAt, "day", now) }
  }
  if (newestReported === undefined) return undefined
  const { balance, bookedAt, precision } = newestReported
  return { balance, heldAt: balanceTime(bookedAt as Instant, precision, now) }
}

const recentMs = 3 * 86_400_000

function notifyFrom(mode: NotifyMode, now: Instant): NotifyFrom {
  if (mode === "all") return { at: Number.MIN_SAFE_INTEGER, day: 0 }
  if (mode === "none") return { at: Number.MAX_SAFE_INTEGER, day: 99_999_999 }
  const at = instantAfter(now, -recentMs)
  return { at, day: vietnamDay(at) }
}
