import type { Correction, Counterparty, Observation } from "../banking/observation.ts"
import { type Instant, instantAfter } from "../clock.ts"
import { toVnd, type Vnd } from "../money.ts"
import { type BookedAt, parseBookedAt, parseDay, type VietnamDay } from "../vietnam-time.ts"
import type { RawItem } from "./raw-json.ts"

/** Why a pushed item cannot be read (contract/feeds.md §4, table of fields). */
export type PushItemReason =
  | "invalid_item"
  | "invalid_source_id"
  | "invalid_account_number"
  | "invalid_bank"
  | "invalid_transfer_type"
  | "invalid_amount"
  | "invalid_time"
  | "invalid_text"
  | "invalid_balance"
  | "invalid_va_number"
  | "invalid_counterparty"
  | "invalid_value_date"
  | "invalid_currency"
  | "invalid_status"
  | "invalid_kind"
  | "invalid_refers_to"

/** A pushed item as an observation, or what is wrong with it. */
export type PushItem =
  | { readonly kind: "read"; readonly sourceId: string; readonly observation: Observation }
  | {
      readonly kind: "refused"
      readonly sourceId: string | null
      readonly reason: PushItemReason
      readonly message: string
    }

// Thrown and caught in this file only: the first wrong field ends the reading.
class WrongField extends Error {
  readonly reason: PushItemReason
  constructor(reason: PushItemReason, message: string) {
    super(message)
    this.reason = reason
  }
}

/** Reads an item of `POST /feeds/v1/transactions` by the rules of contract/feeds.md §4. Unknown fields do no harm. */
export function readPushItem(item: RawItem, now: Instant): PushItem {
  let sourceId: string | null = null
  try {
    if (typeof item.value !== "object" || item.value === null || Array.isArray(item.value)) {
      throw new WrongField("invalid_item", "An item must be a JSON object.")
    }
    const fields = item.value as Fields
    sourceId = readSourceId(fields["source_id"], "source_id", "invalid_source_id")
    return { kind: "read", sourceId, observation: readObservation(fields, sourceId, { item, now }) }
  } catch (error) {
    if (!(error instanceof WrongField)) throw error
    return { kind: "refused", sourceId, reason: error.reason, message: error.message }
  }
}

type Fields = Readonly<Record<string, unknown>>

interface Reading {
  readonly item: RawItem
  readonly now: Instant
}

function readObservation(fields: Fields, sourceId: string, reading: Reading): Observation {
  const account = requireText(fields["account_number"], "account_number", "invalid_account_number", 64)
  const bank = optionalText(fields["bank"], "bank", "invalid_bank", 64)
  const amount = readAmount(fields, reading.item)
  const { at, precision } = readTime(fields["booked_at"], reading.now)
  const reference = optionalText(fields["reference"], "reference", "invalid_text", 128) ?? ""
  const balanceAfter = readBalance(fields["balance_after"], reading.item)
  return {
    ...readKind(fields),
    account,
    bank,
    amount,
    currency: optionalText(fields["currency"], "currency", "invalid_currency", 16) ?? "VND",
    balanceAfter,
    balanceKind: "ledger",
    bookedAt: at,
    precision,
    valueDate: readValueDate(fields["value_date"]),
    memo: optionalText(fields["content"], "content", "invalid_text", 1000) ?? "",
    description: optionalText(fields["description"], "description", "invalid_text", 2000) ?? "",
    references: reference === "" ? [] : [{ kind: "bank", value: reference }],
    counterparty: readCounterparty(fields["counterparty"]),
    vaNumber: optionalText(fields["va_number"], "va_number", "invalid_va_number", 64),
    status: readStatus(fields["status"]),
    confirmed: true,
    sourceId,
  }
}

const sourceIdPattern = /^[\x21-\x7e]{1,128}$/

function readSourceId(value: unknown, name: string, reason: PushItemReason): string {
  if (typeof value === "string" && sourceIdPattern.test(value)) return value
  throw new WrongField(reason, `${name} must be 1 to 128 visible ASCII characters.`)
}

function requireText(value: unknown, name: string, reason: PushItemReason, lengthMax: number): string {
  const text = optionalText(value, name, reason, lengthMax)
  if (text !== undefined && text.trim() !== "") return text
  throw new WrongField(reason, `${name} is required, as a string.`)
}

function optionalText(value: unknown, name: string, reason: PushItemReason, lengthMax: number): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== "string") throw new WrongField(reason, `${name} must be a string.`)
  if (!value.isWellFormed() || value.includes("\0")) {
    throw new WrongField(reason, `${name} must be valid Unicode without U+0000.`)
  }
  // Characters, not UTF-16 units: an emoji is one.
  if (value.length > lengthMax && [...value].length > lengthMax) {
    throw new WrongField(reason, `${name} may have at most ${lengthMax} characters.`)
  }
  return value
}

function readAmount(fields: Fields, item: RawItem): Vnd {
  const direction = fields["transfer_type"]
  if (direction !== "in" && direction !== "out") {
    throw new WrongField("invalid_transfer_type", "transfer_type must be in or out.")
  }
  const amount = fields["amount"]
  const isWhole = typeof amount === "number" && Number.isSafeInteger(amount) && !item.unwholeNumbers.has("amount")
  if (!isWhole || amount < 0) {
    throw new WrongField("invalid_amount", "amount must be a JSON integer above 0, at most 2^53-1.")
  }
  return toVnd(direction === "in" ? amount : -amount)
}

const dayMs = 86_400_000

function readTime(value: unknown, now: Instant): BookedAt {
  const time = typeof value === "string" ? parseBookedAt(value) : undefined
  if (time === undefined) {
    const forms = "RFC 3339, YYYY-MM-DD HH:mm:ss or YYYY-MM-DD"
    throw new WrongField("invalid_time", `booked_at is required: ${forms}.`)
  }
  if (time.at > instantAfter(now, dayMs)) {
    throw new WrongField("invalid_time", "booked_at lies more than 24 hours ahead.")
  }
  return time
}

function readBalance(value: unknown, item: RawItem): Vnd | undefined {
  if (value === undefined || value === null) return undefined
  const isWhole = typeof value === "number" && Number.isSafeInteger(value) && !item.unwholeNumbers.has("balance_after")
  if (isWhole) return toVnd(value)
  throw new WrongField("invalid_balance", "balance_after must be a JSON integer or null.")
}

function readValueDate(value: unknown): VietnamDay | undefined {
  if (value === undefined || value === null) return undefined
  const day = typeof value === "string" ? parseDay(value) : undefined
  if (day !== undefined) return day
  throw new WrongField("invalid_value_date", "value_date must be a day: YYYY-MM-DD.")
}

function readCounterparty(value: unknown): Counterparty | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new WrongField("invalid_counterparty", "counterparty must be an object with name, account and bank.")
  }
  const fields = value as Fields
  const read = (name: string) => {
    const text = optionalText(fields[name], `counterparty.${name}`, "invalid_counterparty", 255)
    return text === undefined || text === "" ? {} : { [name]: text }
  }
  const counterparty: Counterparty = { ...read("name"), ...read("account"), ...read("bank") }
  return Object.keys(counterparty).length === 0 ? undefined : counterparty
}

function readStatus(value: unknown): "booked" | "pending" {
  if (value === undefined || value === null) return "booked"
  if (value === "booked" || value === "pending") return value
  throw new WrongField("invalid_status", "status must be booked or pending.")
}

function readKind(fields: Fields): Correction {
  const kind = fields["kind"] ?? "normal"
  const refersTo = fields["refers_to"] ?? undefined
  if (kind === "normal") return { kind }
  if (kind === "reversal" && refersTo === undefined) return { kind }
  if (kind === "reversal" || kind === "correction" || kind === "removal") {
    return { kind, refersTo: readSourceId(refersTo, "refers_to", "invalid_refers_to") }
  }
  throw new WrongField("invalid_kind", "kind must be normal, reversal, correction or removal.")
}
