import type { Instant } from "../../../clock.ts"
import { parseBookedAt } from "../../../vietnam-time.ts"
import type { AttemptClass } from "../../../webhooks/attempt-class.ts"
import { failedClasses, type LogWish } from "../../../webhooks/browse-log.ts"
import type { DeliveryKind } from "../../../webhooks/delivery.ts"

/** The filter of a log as it stands in the query of its page. */
export interface TypedWish {
  readonly outcome: string
  readonly kind: string
  readonly status: string
  readonly transaction: string
  readonly from: string
  readonly to: string
}

/** Outcomes that a log can be narrowed to, beside all failures. */
export const outcomes: readonly AttemptClass[] = [...failedClasses, "late", "cancelled"]
const kinds: readonly DeliveryKind[] = ["auto", "replay", "test"]

/** Reads a filter; what cannot be read is left out, and said so. Pure. */
export function readWish(typed: TypedWish): { readonly wish: LogWish; readonly isWhole: boolean } {
  const { outcome, status, transaction } = typed
  const classes =
    outcome === "failed"
      ? failedClasses
      : outcome === "delivered"
        ? (["ok"] as const)
        : outcomes.filter((one) => one === outcome)
  const kind = kinds.find((one) => one === typed.kind)
  const httpStatus = /^[1-9][0-9]{2}$/.test(status) ? Number(status) : undefined
  const transactionId = /^[1-9][0-9]{0,14}$/.test(transaction) ? Number(transaction) : undefined
  const from = parseLocalTime(typed.from)
  const before = parseLocalTime(typed.to)
  const wish = { classes: classes.length === 0 ? undefined : classes, kind, httpStatus, transactionId, from, before }
  const read = [wish.classes, kind, httpStatus, transactionId, from, before]
  const given = [outcome, typed.kind, status, transaction, typed.from, typed.to]
  return { wish, isWhole: given.every((text, index) => text === "" || read[index] !== undefined) }
}

/** Reads what a browser's field for date and time sends, as Vietnam time: `2026-07-04T10:00`. Pure. */
export function parseLocalTime(text: string): Instant | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?$/.exec(text)
  if (match === null) return parseBookedAt(text)?.precision === "day" ? parseBookedAt(text)?.at : undefined
  return parseBookedAt(`${match[1]} ${match[2]}${match[3] ?? ":00"}`)?.at
}
