import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import { newUuid, type TransactionId } from "../ids.ts"
import { toVnd, type Vnd } from "../money.ts"
import { formatVietnamTime, vietnamDay } from "../vietnam-time.ts"
import { decide, enqueueDeliveries, nobody, readAudience } from "../webhooks/enqueue-deliveries.ts"
import { renderPayload } from "../webhooks/payload.ts"
import { lockAccountOf, type RecordingFeed } from "./account-of-observation.ts"
import { balanceAfter } from "./balance-after.ts"
import { recordChange } from "./changes.store.ts"
import { addToDay } from "./day-counts.store.ts"
import { directionOf, type Observation, type RecordResult } from "./observation.ts"
import { compareContents, observationContent, observationFingerprint } from "./observation-content.ts"
import {
  type AccountToRecord,
  countInAccount,
  insertEvent,
  insertObservation,
  insertTransaction,
  type KnownObservation,
  type ObservationUpdate,
  selectObservation,
  updateObservation,
} from "./recording.store.ts"
import { reviseTransaction, withdrawTransaction } from "./revise-transaction.ts"
import { findMarks, type TransactionMarks } from "./transaction-marks.ts"

/** One observation on its way in, with what only its feed knows. */
export interface Recording {
  readonly feed: RecordingFeed
  readonly observation: Observation
  /** Identity within the feed (contract/feeds.md §3.1). */
  readonly identity: string
  /** Line or index of it within its raw item. */
  readonly line: number
  /** No webhook hears of it (contract/feeds.md §5.4). */
  readonly silent: boolean
  /** Balance of an account of which none is known yet: the simulator starts at 0. */
  readonly assumedBalance?: Vnd
  /** Keeps the bytes the observation was read from; called at most once, in this database transaction. */
  keepRawItem(tx: Queries, outcome: KeptOutcome, reason?: string): Promise<number>
}

/** Outcomes that keep a raw item; a duplicate is the same bytes' news again and keeps none. */
export type KeptOutcome = "created" | "pending" | "updated" | "conflict" | "refused" | "ignored"

/** Another item with this identity, of another account, was recorded meanwhile: roll back and record again. */
export class IdentityTaken extends Error {
  override readonly name = "IdentityTaken"
}

/**
 * Records one observation in the caller's database transaction: insert once, mark, balance, event, change row. The one
 * way in for every feed but whole files (contract/feeds.md §2).
 *
 * Any number of repeats, in parallel or after a crash, gives the same rows and the same answer.
 * @throws IdentityTaken
 */
export async function recordTransaction(tx: Queries, now: Instant, recording: Recording): Promise<RecordResult> {
  const { feed, observation } = recording
  const finding = await lockAccountOf(tx, feed, observation)
  if (finding.kind === "refused") return keepRefused(tx, recording, finding)
  if (observation.currency !== "VND") {
    const message = `The item is in ${observation.currency}, the account in VND.`
    return keepRefused(tx, recording, { kind: "refused", reason: "currency_mismatch", message })
  }
  if (observation.amount === 0) {
    await recording.keepRawItem(tx, "ignored", "zero_amount")
    return { kind: "ignored", reason: "zero_amount" }
  }
  const [known] = await selectObservation(tx, { feedId: feed.id, identity: recording.identity })
  if (known !== undefined) return repeatObservation(tx, now, { recording, account: finding.account, known })
  if (observation.kind === "correction" || observation.kind === "removal") {
    return correctTransaction(tx, now, recording, finding.account)
  }
  if (observation.status === "pending") {
    await keepObservation(tx, now, { recording, account: finding.account, outcome: "pending", transactionId: null })
    return { kind: "pending" }
  }
  return createTransaction(tx, now, { recording, account: finding.account, pending: undefined })
}

type Refused = Extract<RecordResult, { kind: "refused" }>

async function keepRefused(tx: Queries, recording: Recording, refused: Refused): Promise<Refused> {
  await recording.keepRawItem(tx, "refused", refused.reason)
  return refused
}

interface Repeat {
  readonly recording: Recording
  readonly account: AccountToRecord
  readonly known: KnownObservation
}

async function repeatObservation(tx: Queries, now: Instant, repeat: Repeat): Promise<RecordResult> {
  const { recording, account, known } = repeat
  const { observation } = recording
  const content = observationContent(observation, account.id)
  const comparison = compareContents(known.content, content)
  if (known.transactionId === null || known.transactionUuid === null) {
    if (observation.status === "booked") return createTransaction(tx, now, { recording, account, pending: known })
    if (comparison.kind !== "same") {
      const rawItemId = await recording.keepRawItem(tx, "pending")
      await replaceObservation(tx, known, { ...observationRow(recording, account), rawItemId, transactionId: null })
    }
    return { kind: "pending" }
  }
  const { transactionId, transactionUuid } = known
  if (comparison.kind === "same") return { kind: "duplicate", transactionId, transactionUuid }
  if (comparison.kind === "differs") {
    const { fields } = comparison
    await recording.keepRawItem(tx, "conflict", fields.join(" "))
    return { kind: "conflict", fields, transactionId, transactionUuid }
  }
  const rawItemId = await recording.keepRawItem(tx, "updated")
  await replaceObservation(tx, known, { ...observationRow(recording, account), rawItemId, transactionId })
  await reviseTransaction(tx, now, { account, transactionId, observationId: known.id, observation })
  return { kind: "updated", transactionId, transactionUuid }
}

/** Without it two accounts that book one pending item at once would both make a transaction of it. */
async function replaceObservation(tx: Queries, known: KnownObservation, update: ObservationUpdate): Promise<void> {
  const { id, transactionId: of } = known
  if (await updateObservation(tx, { id, of }, update)) return
  throw new IdentityTaken("The pending item was booked for another account.")
}

function observationRow(recording: Recording, account: AccountToRecord) {
  const { observation } = recording
  return {
    bankAccountId: account.id,
    fingerprint: observationFingerprint(observation, account.id),
    content: observationContent(observation, account.id),
    status: observation.status,
  }
}

interface ToKeep {
  readonly recording: Recording
  readonly account: AccountToRecord
  readonly outcome: KeptOutcome
  readonly transactionId: TransactionId | null
}

async function keepObservation(tx: Queries, now: Instant, kept: ToKeep): Promise<number> {
  const { recording, account, outcome, transactionId } = kept
  const rawItemId = await recording.keepRawItem(tx, outcome)
  const id = await insertObservation(tx, {
    feedId: recording.feed.id,
    identity: recording.identity,
    line: recording.line,
    ...observationRow(recording, account),
    rawItemId,
    transactionId,
    now,
  })
  // Items of one account wait for each other; only one of another account can have come between.
  if (id === undefined) throw new IdentityTaken("The identity was taken by an item of another account.")
  return id
}

async function correctTransaction(
  tx: Queries,
  now: Instant,
  recording: Recording,
  account: AccountToRecord,
): Promise<RecordResult> {
  const { observation, feed } = recording
  const original = await findOriginal(tx, recording)
  if (original === undefined) {
    const message = `The feed has no booked item ${refersTo(observation)}.`
    return keepRefused(tx, recording, { kind: "refused", reason: "unknown_original", message })
  }
  const { transactionId, transactionUuid } = original
  const sameAmount = (JSON.parse(original.content) as { amount: number }).amount === observation.amount
  if (observation.kind === "correction" && (!sameAmount || original.bankAccountId !== account.id)) {
    const message = "Account, amount and direction cannot be corrected: send a removal, then a new item."
    return keepRefused(tx, recording, { kind: "refused", reason: "use_removal", message })
  }
  if (original.bankAccountId !== account.id) {
    const message = `The item ${refersTo(observation)} of feed ${feed.id} is of another account.`
    return keepRefused(tx, recording, { kind: "refused", reason: "unknown_original", message })
  }
  const observationId = await keepObservation(tx, now, { recording, account, outcome: "updated", transactionId })
  const revision = { account, transactionId, observationId, observation }
  if (observation.kind === "removal") await withdrawTransaction(tx, now, revision)
  else await reviseTransaction(tx, now, revision)
  return { kind: "updated", transactionId, transactionUuid }
}

function refersTo(observation: Observation): string | undefined {
  return observation.kind === "normal" ? undefined : observation.refersTo
}

interface Original {
  readonly bankAccountId: number
  readonly content: string
  readonly transactionId: TransactionId
  readonly transactionUuid: string
}

async function findOriginal(tx: Queries, recording: Recording): Promise<Original | undefined> {
  const identity = refersTo(recording.observation)
  if (identity === undefined) return undefined
  const [known] = await selectObservation(tx, { feedId: recording.feed.id, identity })
  if (known === undefined || known.transactionId === null || known.transactionUuid === null) return undefined
  return { ...known, transactionId: known.transactionId, transactionUuid: known.transactionUuid }
}

interface ToCreate {
  readonly recording: Recording
  readonly account: AccountToRecord
  /** The observation that announced it. */
  readonly pending: KnownObservation | undefined
}

async function createTransaction(tx: Queries, now: Instant, create: ToCreate): Promise<RecordResult> {
  const { recording, account, pending } = create
  const { observation } = recording
  const marks = await findMarks(tx, account, observation)
  const known = { balance: account.balance ?? recording.assumedBalance ?? null, balanceAt: account.balanceAt }
  const reported = observation.balanceKind === "ledger" ? observation.balanceAfter : undefined
  const balance = balanceAfter(known, { ...observation, reported }, now)
  const day = vietnamDay(observation.bookedAt)
  const uuid = newUuid(now)
  const transactionId = await insertTransaction(tx, {
    uuid,
    companyId: account.companyId,
    mode: account.mode,
    bankAccountId: account.id,
    bookedAt: observation.bookedAt,
    bookedDay: day,
    precision: observation.precision,
    amount: observation.amount,
    balanceAfter: balance.balanceAfter,
    balanceSource: balance.balanceSource,
    memo: observation.memo,
    description: observation.description,
    reference: observation.references[0]?.value ?? null,
    code: marks.code,
    subAccountId: marks.virtualAccount?.id ?? null,
    subAccountNumber: marks.virtualAccount?.accountNumber ?? null,
    kind: observation.kind,
    reversesId: observation.kind === "reversal" ? ((await findOriginal(tx, recording))?.transactionId ?? null) : null,
    now,
  })
  if (pending === undefined) {
    await keepObservation(tx, now, { recording, account, outcome: "created", transactionId })
  } else {
    const rawItemId = await recording.keepRawItem(tx, "created")
    await replaceObservation(tx, pending, { ...observationRow(recording, account), rawItemId, transactionId })
  }
  const counted = { amount: observation.amount, day, by: 1 } as const
  await addToDay(tx, account.id, counted)
  await countInAccount(tx, account.id, counted, balance.account)
  const payload = payloadOf({ transactionId, account, observation, marks, accumulated: balance.balanceAfter })
  const { companyId } = account
  await tellWebhooks(tx, now, { account, transactionId, observation, marks, payload, silent: recording.silent })
  await recordChange(tx, { companyId, kind: "created", transactionId, bankAccountId: account.id, now })
  return { kind: "created", transactionId, transactionUuid: uuid }
}

interface ToTell {
  readonly account: AccountToRecord
  readonly transactionId: TransactionId
  readonly observation: Observation
  readonly marks: TransactionMarks
  readonly payload: string
  readonly silent: boolean
}

// The event, what was decided about it and its deliveries: all of it with the transaction, or nothing (contract/webhooks.md §7).
async function tellWebhooks(tx: Queries, now: Instant, told: ToTell): Promise<void> {
  const { account, transactionId, observation, marks, payload, silent } = told
  const { companyId, mode } = account
  const audience = account.hasWebhooks === 1 ? await readAudience(tx, { companyId, mode }) : nobody
  const facts = {
    bankAccountId: account.id,
    subAccountId: marks.virtualAccount?.id ?? null,
    direction: directionOf(observation.amount),
    code: marks.code,
  }
  const { verdicts, webhookIds } = decide(audience, facts, silent)
  const event = { companyId, mode, transactionId, uuid: newUuid(now) }
  const id = await insertEvent(tx, { ...event, payload, silent: silent ? 1 : 0, verdicts, now })
  if (webhookIds.length > 0) await enqueueDeliveries(tx, now, { id, ...event }, webhookIds)
}

interface ToRender {
  readonly transactionId: TransactionId
  readonly account: AccountToRecord
  readonly observation: Observation
  readonly marks: TransactionMarks
  readonly accumulated: Vnd | null
}

function payloadOf({ transactionId, account, observation, marks, accumulated }: ToRender): string {
  return renderPayload({
    id: transactionId,
    gateway: account.bank,
    transactionDate: formatVietnamTime(observation.bookedAt),
    accountNumber: account.accountNumber,
    subAccount: marks.virtualAccount?.accountNumber ?? "",
    code: marks.code,
    content: observation.memo,
    transferType: directionOf(observation.amount),
    description: observation.description,
    transferAmount: toVnd(Math.abs(observation.amount)),
    accumulated: accumulated ?? toVnd(0),
    referenceCode: observation.references[0]?.value ?? "",
  })
}
