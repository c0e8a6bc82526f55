import { hash } from "node:crypto"
import { accountKey } from "../banking/account-of-observation.ts"
import { directionOf, type Observation } from "../banking/observation.ts"
import { observationContent, observationFingerprint } from "../banking/observation-content.ts"
import { type Marker, markWith } from "../banking/transaction-marks.ts"
import type { Instant } from "../clock.ts"
import { newUuid } from "../ids.ts"
import { toVnd, type Vnd } from "../money.ts"
import { type BookedAt, formatVietnamTime, parseBookedAt, parseDay, vietnamDay } from "../vietnam-time.ts"
import { payloadAfterId } from "../webhooks/payload.ts"
import { wholeDong } from "./decimal.ts"
import type { ImportAccount } from "./imports.store.ts"
import type { StagedLine } from "./staging.store.ts"
import { type StatementEntry, type StatementError, strongReference } from "./statement.ts"

/** An entry of a statement as đồng and instants, or why it cannot be recorded. */
export type ReadEntry =
  | {
      readonly kind: "read"
      readonly entry: StatementEntry
      readonly amount: Vnd
      readonly reported: Vnd | undefined
      readonly booked: BookedAt
    }
  | { readonly kind: "refused"; readonly error: StatementError }

/** Takes an entry's amount, balance, currency and time in; parsers are currency-neutral, an account is not. */
export function readEntry(entry: StatementEntry): ReadEntry {
  const { line, columns } = entry
  if (entry.currency !== undefined && entry.currency !== "VND") {
    return refuse(line, "currency_mismatch", `The entry is in ${entry.currency}, the account in VND.`)
  }
  const amount = wholeDong(entry.amount)
  if (amount.kind === "refused") {
    return refuse(line, amount.reason, `The amount ${entry.amount} is not whole đồng.`, columns?.amount)
  }
  const reported = entry.reportedBalance === undefined ? undefined : wholeDong(entry.reportedBalance)
  if (reported?.kind === "refused") {
    const problem = `The balance ${entry.reportedBalance} is not whole đồng.`
    return refuse(line, reported.reason, problem, columns?.balance)
  }
  const booked = parseBookedAt(entry.time === undefined ? entry.day : `${entry.day} ${entry.time}`)
  if (booked === undefined) return refuse(line, "bad_date", `${entry.day} ${entry.time ?? ""} is no time.`)
  return {
    kind: "read",
    entry,
    amount: toVnd(amount.amountVnd),
    reported: reported === undefined ? undefined : toVnd(reported.amountVnd),
    booked,
  }
}

function refuse(line: number, reason: StatementError["reason"], message: string, column?: number): ReadEntry {
  return { kind: "refused", error: { line, ...(column !== undefined && { column }), reason, message } }
}

/** What surrounds a line in its file. */
export interface LinePlace {
  readonly importId: number
  readonly feedId: number
  readonly ordinal: number
  readonly statementIndex: number
  readonly account: ImportAccount
  readonly marker: Marker
  /** Balance by opening plus the lines so far, as long as the statement may turn out to add up. */
  readonly derived: Vnd | undefined
  readonly now: Instant
}

/** Makes the staged row of an entry: identity, marks and payload are worked out here, outside of any lock. */
export function stageEntry(read: Extract<ReadEntry, { kind: "read" }>, place: LinePlace): StagedLine {
  const { entry, amount, booked } = read
  const { account } = place
  const observation = toObservation(read, account)
  const marks = markWith(place.marker, observation)
  const reference = entry.references[0]?.value ?? null
  const { middle, end } = payloadAfterId({
    gateway: account.bank,
    transactionDate: formatVietnamTime(booked.at),
    accountNumber: account.accountNumber,
    subAccount: marks.virtualAccount?.accountNumber ?? "",
    code: marks.code,
    content: entry.memo,
    transferType: directionOf(amount),
    description: entry.description,
    transferAmount: toVnd(Math.abs(amount)),
    referenceCode: reference ?? "",
  })
  return {
    import_id: place.importId,
    ordinal: place.ordinal,
    line: entry.line,
    statement_index: place.statementIndex,
    bank_account_id: account.id,
    feed_id: place.feedId,
    identity: identityBase(read, account),
    fingerprint: observationFingerprint(observation, account.id),
    content: observationContent(observation, account.id),
    status: entry.status,
    kind: entry.kind,
    transaction_uuid: newUuid(place.now),
    event_uuid: newUuid(place.now),
    booked_at: booked.at,
    booked_day: vietnamDay(booked.at),
    precision: entry.precision,
    amount,
    balance_after: read.reported ?? place.derived ?? null,
    balance_source: read.reported !== undefined ? "reported" : place.derived === undefined ? null : "derived",
    memo: entry.memo,
    description: entry.description,
    reference,
    code: marks.code,
    sub_account_id: marks.virtualAccount?.id ?? null,
    sub_account_number: marks.virtualAccount?.accountNumber ?? null,
    payload_middle: middle,
    payload_end: end,
  }
}

function toObservation(read: Extract<ReadEntry, { kind: "read" }>, account: ImportAccount): Observation {
  const { entry, amount, booked, reported } = read
  return {
    kind: entry.kind,
    account: account.accountNumber,
    amount,
    currency: "VND",
    balanceAfter: reported,
    balanceKind: "ledger",
    bookedAt: booked.at,
    precision: entry.precision,
    valueDate: entry.valueDate === undefined ? undefined : parseDay(entry.valueDate),
    memo: entry.memo,
    description: entry.description,
    references: entry.references.map(({ kind, value }) => ({ kind, value })),
    counterparty: entry.counterparty,
    status: entry.status,
    confirmed: true,
  }
}

/** The key of contract/feeds.md §3.1 without its ordinal; derived balances are never part of it. */
function identityBase(read: Extract<ReadEntry, { kind: "read" }>, account: ImportAccount): string {
  const { entry, amount, reported, booked } = read
  const key = [
    account.id,
    vietnamDay(booked.at),
    amount,
    strongReference(entry) ?? "",
    reported ?? "",
    entry.memo,
    entry.counterparty?.account === undefined ? "" : accountKey(entry.counterparty.account),
  ]
  return hash("sha256", JSON.stringify(key), "base64url")
}
