import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { BankAccountId, CompanyId, FeedId, Mode, WebhookId } from "../ids.ts"
import { toVnd } from "../money.ts"
import { type FileEvent, nobody, readAudience, silentVerdicts, tellOfEvents } from "../webhooks/enqueue-deliveries.ts"
import { PAYLOAD_START } from "../webhooks/payload.ts"
import { wakeWorkers } from "../webhooks/wake.ts"
import { takeChangeNumbers } from "./changes.store.ts"
import { directionOf } from "./observation.ts"
import { type AccountToRecord, lockAccount } from "./recording.store.ts"
import {
  type AudibleLine,
  computeBalances,
  countStagedLines,
  insertGapChanges,
  insertStagedChanges,
  insertStagedEvents,
  insertStagedObservations,
  insertStagedTransactions,
  type NotifyFrom,
  numberLines,
  numberLinesBeside,
  type StagedRange,
  selectAudibleLines,
  updateAccountTotals,
} from "./statement-recording.store.ts"

export type { NotifyFrom } from "./statement-recording.store.ts"

/**
 * Locks the accounts of a file, in id order, so that two imports never wait for each other (contract/feeds.md §2 step 1).
 */
export async function lockAccountsToRecord(
  tx: Queries,
  ids: readonly BankAccountId[],
): Promise<ReadonlyMap<BankAccountId, AccountToRecord>> {
  const accounts = new Map<BankAccountId, AccountToRecord>()
  for (const id of [...ids].sort((a, b) => a - b)) {
    const account = await lockAccount(tx, id)
    if (account !== undefined) accounts.set(id, account)
  }
  return accounts
}

/** The staged lines of one statement, with what is known of it once it was read to its end. */
export interface StatementToRecord {
  readonly range: StagedRange
  readonly statementId: number
  readonly rawItemId: number
  readonly feedId: FeedId
  readonly bankAccountId: BankAccountId
  /** Statements of the feed that share no movement with this one (contract/feeds.md §3.1). */
  readonly disjointIds: readonly number[]
  readonly notifyFrom: NotifyFrom
  /** The newest balance the bank gives, and when it held. */
  readonly bankBalance: { readonly balance: number; readonly heldAt: Instant } | undefined
}

/** What became of a statement's lines. */
export interface RecordedStatement {
  readonly inserted: number
  readonly duplicates: number
  readonly pending: number
}

/**
 * Records the lines of one statement as `recordTransaction` would one by one, but set by set. The accounts are locked.
 * The change rows come last, by `recordStatementChanges`.
 */
export async function recordStatement(
  tx: Queries,
  now: Instant,
  statement: StatementToRecord,
): Promise<RecordedStatement> {
  const { range, feedId, disjointIds, rawItemId, statementId, notifyFrom } = statement
  const account = await lockAccount(tx, statement.bankAccountId)
  if (account === undefined) throw new Error("A statement names an account that is not there.")
  const { companyId, mode } = account
  if (disjointIds.length === 0) await numberLines(tx, range)
  else await numberLinesBeside(tx, range, feedId, disjointIds)
  if (account.balance !== null) await computeBalances(tx, range, account.balance)
  await insertStagedTransactions(tx, range, { companyId, mode, now })
  await insertStagedObservations(tx, range, { rawItemId, statementId, now })
  await writeEvents(tx, now, account, { range, notifyFrom })
  const counts = await countStagedLines(tx, range)
  const { countIn, countOut, inserted, pending } = counts
  const balance = newBalance(account, counts, statement.bankBalance)
  await updateAccountTotals(tx, account.id, { countIn, countOut, ...balance })
  return { inserted, pending, duplicates: counts.lines - inserted - pending }
}

const linesAtOnce = 500

// Silent lines get their verdict with their event; each of the others is decided about by itself.
async function writeEvents(
  tx: Queries,
  now: Instant,
  { companyId, mode, hasWebhooks }: AccountToRecord,
  { range, notifyFrom }: Pick<StatementToRecord, "range" | "notifyFrom">,
): Promise<void> {
  const audience = hasWebhooks === 1 ? await readAudience(tx, { companyId, mode }) : nobody
  const verdicts = silentVerdicts(audience)
  await insertStagedEvents(tx, range, {
    ...{ companyId, mode, now, notifyFrom },
    payloadStart: PAYLOAD_START,
    silentVerdicts: verdicts,
  })
  if (audience.subscriptions.length === 0) return
  const told = new Set<WebhookId>()
  let after = Number.MIN_SAFE_INTEGER
  for (;;) {
    const lines = await selectAudibleLines(tx, range, { after, limit: linesAtOnce })
    const events = lines.map((line) => toFileEvent(line, { companyId, mode }))
    for (const id of await tellOfEvents(tx, now, audience, events)) told.add(id)
    const last = lines.at(-1)
    if (last === undefined || lines.length < linesAtOnce) break
    after = last.ordinal
  }
  await wakeWorkers(tx, [...told])
}

function toFileEvent(line: AudibleLine, owner: { readonly companyId: CompanyId; readonly mode: Mode }): FileEvent {
  const { eventId: id, transactionId, bankAccountId, subAccountId, amount, code } = line
  const facts = { bankAccountId, subAccountId, direction: directionOf(toVnd(amount)), code }
  return { id, ...owner, transactionId, facts }
}

function newBalance(
  account: AccountToRecord,
  counts: { readonly computedSum: number; readonly latestComputedAt: number | null },
  bankBalance: StatementToRecord["bankBalance"],
): { readonly balance: number | null; readonly balanceAt: number | null } {
  const { balance, balanceAt } = account
  const isNewest = bankBalance !== undefined && (balanceAt === null || bankBalance.heldAt >= balanceAt)
  if (isNewest) return { balance: bankBalance.balance, balanceAt: bankBalance.heldAt }
  if (balance === null || counts.latestComputedAt === null) return { balance, balanceAt }
  const sum = balance + counts.computedSum
  if (!Number.isSafeInteger(sum)) return { balance, balanceAt }
  return { balance: sum, balanceAt: Math.max(balanceAt ?? 0, counts.latestComputedAt) }
}

/** Writes the change rows of an import's new transactions and gaps; the last step before the commit (§2 step 6). */
export async function recordStatementChanges(
  tx: Queries,
  now: Instant,
  changes: {
    readonly companyId: CompanyId
    readonly importId: number
    readonly inserted: number
    readonly gapAccountIds: readonly BankAccountId[]
  },
): Promise<void> {
  const { companyId, importId, inserted, gapAccountIds } = changes
  const count = inserted + gapAccountIds.length
  if (count === 0) return
  const last = await takeChangeNumbers(tx, companyId, count)
  if (inserted > 0) await insertStagedChanges(tx, importId, { companyId, before: last - count, now })
  const before = last - gapAccountIds.length
  await insertGapChanges(tx, gapAccountIds, { kind: "gap_opened", companyId, before, now })
}

/** Notes in the company's change sequence that a gap of an account was closed. Call it last in the database transaction. */
export async function recordGapClosed(
  tx: Queries,
  now: Instant,
  { companyId, bankAccountId }: { readonly companyId: CompanyId; readonly bankAccountId: BankAccountId },
): Promise<void> {
  const before = (await takeChangeNumbers(tx, companyId, 1)) - 1
  await insertGapChanges(tx, [bankAccountId], { kind: "gap_closed", companyId, before, now })
}
