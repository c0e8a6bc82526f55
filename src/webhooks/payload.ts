import type { Vnd } from "../money.ts"

/** The twelve values of a webhook body, in the order they are sent (contract/webhooks.md §1). */
export interface PayloadFields {
  /** Transaction id; 0 only in a test send. */
  readonly id: number
  readonly gateway: string
  /** `YYYY-MM-DD HH:mm:ss` in Vietnam time. */
  readonly transactionDate: string
  readonly accountNumber: string
  readonly subAccount: string
  readonly code: string | null
  readonly content: string
  readonly transferType: "in" | "out"
  readonly description: string
  /** Always above 0: the direction is `transferType`. */
  readonly transferAmount: Vnd
  /** Balance after the transaction, 0 when unknown. */
  readonly accumulated: Vnd
  readonly referenceCode: string
}

/** A payload without the two values that a set-based import only knows inside the database. */
export interface PayloadPieces {
  /** Between the id and `accumulated`. */
  readonly middle: string
  /** After `accumulated`. */
  readonly end: string
}

/** What stands before the id in every payload. */
export const PAYLOAD_START = '{"id":'

/**
 * Renders the JSON body of a webhook, byte for byte as SePay does (contract/webhooks.md §1).
 *
 * The text is pure ASCII, so its length is its size in bytes. Render once, store, and send what was stored.
 */
export function renderPayload(fields: PayloadFields): string {
  const { middle, end } = payloadAfterId(fields)
  return `${PAYLOAD_START}${fields.id}${middle}${fields.accumulated}${end}`
}

/** Renders what surrounds id and balance: `PAYLOAD_START + id + middle + accumulated + end` is the payload. */
export function payloadAfterId(fields: Omit<PayloadFields, "id" | "accumulated">): PayloadPieces {
  return {
    middle:
      `,"gateway":${asciiJson(fields.gateway)}` +
      `,"transactionDate":${asciiJson(fields.transactionDate)}` +
      `,"accountNumber":${asciiJson(fields.accountNumber)}` +
      `,"subAccount":${asciiJson(fields.subAccount)}` +
      `,"code":${fields.code === null ? "null" : asciiJson(fields.code)}` +
      `,"content":${asciiJson(fields.content)}` +
      `,"transferType":"${fields.transferType}"` +
      `,"description":${asciiJson(fields.description)}` +
      `,"transferAmount":${fields.transferAmount}` +
      `,"accumulated":`,
    end: `,"referenceCode":${asciiJson(fields.referenceCode)}}`,
  }
}

const PLAIN = /^[ !#-.0-[\]-\x7f]*$/
const ESCAPED_BY_SEPAY = /[/\u0080-\uffff]/g

/** JSON text as PHP's json_encode writes it, which SePay's receivers may have signed or compared as bytes. */
function asciiJson(text: string): string {
  if (PLAIN.test(text)) return `"${text}"` // Most values need no escape: it halves the whole cost.
  return JSON.stringify(text).replace(ESCAPED_BY_SEPAY, (unit) =>
    unit === "/" ? "\\/" : `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )
}
