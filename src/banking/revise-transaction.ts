import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { TransactionId } from "../ids.ts"
import { vietnamDay } from "../vietnam-time.ts"
import { balanceAfter } from "./balance-after.ts"
import { recordChange } from "./changes.store.ts"
import { addToDay } from "./day-counts.store.ts"
import type { Observation } from "./observation.ts"
import { type AccountToRecord, countInAccount, setBalance } from "./recording.store.ts"
import {
  findTransactionToRevise,
  hasLaterBankBalance,
  insertRevision,
  type RevisableFields,
  type TransactionToRevise,
} from "./revisions.store.ts"
import { findMarks } from "./transaction-marks.ts"

/** What changes a transaction that is already there. The account is locked. */
export interface RevisionInput {
  readonly account: AccountToRecord
  readonly transactionId: TransactionId
  readonly observationId: number
  readonly observation: Observation
}

/**
 * Takes what a correction, or a fuller repeat, says into a transaction: a revision and a change row, never a webhook
 * (contract/feeds.md §3.3). What the input leaves empty stays; `code` and VA are searched again only if they were empty.
 */
export async function reviseTransaction(tx: Queries, now: Instant, input: RevisionInput): Promise<void> {
  const { account, observation } = input
  const current = await getTransaction(tx, input.transactionId)
  const wanted: Partial<RevisableFields> = { ...newTexts(current, observation), ...newTime(current, observation) }
  const marks = await newMarks(tx, { account, observation, current, wanted })
  const reported = observation.balanceKind === "ledger" ? observation.balanceAfter : undefined
  const balance =
    reported === undefined ? {} : ({ balanceAfter: reported, balanceSource: "reported" } satisfies typeof wanted)
  const after = onlyChanges(current, { ...wanted, ...marks, ...balance })
  if (reported !== undefined && "balanceAfter" in after && current.listed === 1) {
    const { account: known } = balanceAfter(account, { ...observation, reported }, now)
    await setBalance(tx, { id: account.id, balance: known.balance, balanceAt: known.balanceAt })
  }
  if (after.bookedDay !== undefined && current.listed === 1) {
    await addToDay(tx, account.id, { amount: current.amount, day: current.bookedDay, by: -1 })
    await addToDay(tx, account.id, { amount: current.amount, day: after.bookedDay, by: 1 })
  }
  await writeRevision(tx, now, { input, current, after, kind: "updated" })
}

/**
 * Withdraws a transaction: it leaves lists, counts and sums and stays readable by id (contract/feeds.md §3.3).
 *
 * Where its balance was our own addition, the account's balance loses it too, unless the bank has given one since.
 */
export async function withdrawTransaction(tx: Queries, now: Instant, input: RevisionInput): Promise<void> {
  const { account } = input
  const current = await getTransaction(tx, input.transactionId)
  if (current.listed === 0) return
  const isAddition =
    current.balanceSource === "computed" &&
    account.balance !== null &&
    !(await hasLaterBankBalance(tx, account.id, current.id))
  const balance = isAddition && account.balance !== null ? account.balance - current.amount : account.balance
  const counted = { amount: current.amount, day: current.bookedDay, by: -1 } as const
  await addToDay(tx, account.id, counted)
  await countInAccount(tx, account.id, counted, { balance, balanceAt: account.balanceAt })
  await writeRevision(tx, now, { input, current, after: { listed: 0 }, kind: "removed" })
}

async function getTransaction(tx: Queries, id: TransactionId): Promise<TransactionToRevise> {
  const current = await findTransactionToRevise(tx, id)
  if (current === undefined) throw new Error("An observation names a transaction that is not there.")
  return current
}

function newTexts(current: TransactionToRevise, observation: Observation): Partial<RevisableFields> {
  return {
    memo: observation.memo === "" ? current.memo : observation.memo,
    description: observation.description === "" ? current.description : observation.description,
    reference: observation.references[0]?.value ?? current.reference,
  }
}

function newTime(current: TransactionToRevise, observation: Observation): Partial<RevisableFields> {
  const day = vietnamDay(observation.bookedAt)
  // A day alone says nothing against a time within it.
  if (observation.precision === "day" && day === current.bookedDay) return {}
  return { bookedAt: observation.bookedAt, bookedDay: day, precision: observation.precision }
}

interface Marking {
  readonly account: AccountToRecord
  readonly observation: Observation
  readonly current: TransactionToRevise
  readonly wanted: Partial<RevisableFields>
}

async function newMarks(tx: Queries, marking: Marking): Promise<Partial<RevisableFields>> {
  const { account, observation, current, wanted } = marking
  if (current.code !== null && current.subAccountNumber !== null) return {}
  const memo = wanted.memo ?? current.memo
  const description = wanted.description ?? current.description
  const { account: number, vaNumber } = observation
  const { code, virtualAccount } = await findMarks(tx, account, { account: number, vaNumber, memo, description })
  return {
    ...(current.code === null && { code }),
    ...(current.subAccountNumber === null && {
      subAccountId: virtualAccount?.id ?? null,
      subAccountNumber: virtualAccount?.accountNumber ?? null,
    }),
  }
}

function onlyChanges(current: TransactionToRevise, wanted: Partial<RevisableFields>): Partial<RevisableFields> {
  const names = Object.keys(wanted) as (keyof RevisableFields)[]
  return Object.fromEntries(
    names.filter((name) => wanted[name] !== current[name]).map((name) => [name, wanted[name]]),
  ) as Partial<RevisableFields>
}

interface Writing {
  readonly input: RevisionInput
  readonly current: TransactionToRevise
  readonly after: Partial<RevisableFields>
  readonly kind: "updated" | "removed"
}

async function writeRevision(tx: Queries, now: Instant, writing: Writing): Promise<void> {
  const { input, current, after, kind } = writing
  const names = Object.keys(after) as (keyof RevisableFields)[]
  if (names.length === 0) return
  const before = Object.fromEntries(names.map((name) => [name, current[name]])) as Partial<RevisableFields>
  const { transactionId, observationId, account } = input
  await insertRevision(tx, { transactionId, observationId, before, after, now })
  await recordChange(tx, { companyId: account.companyId, kind, transactionId, bankAccountId: account.id, now })
}
