import { parseDay } from "../vietnam-time.ts"
import { negateDecimal, toDecimal } from "./decimal.ts"
import type { Damage, StatementBalance, StatementEntry, StatementReference } from "./statement.ts"
import { listReferences } from "./statement.ts"

/** What a `:61:` field says by itself, before its `:86:`. */
export interface StatementLine
  extends Pick<StatementEntry, "amount" | "day" | "valueDate" | "references" | "status" | "kind"> {
  readonly supplementary: string
}

const LINE = /^([0-9]{6})([0-9]{4}| *)(R[CD]|E[CD]|[CD])([A-Z])?([0-9.,]+)([A-Z][A-Z0-9]{3})(.*)$/
const LINE_BEGUN = /^[0-9]{6}(?:[0-9]{4}| *)(?:R[CD]|E[CD]|[CD])[A-Z]?[0-9.,]*(?:[A-Z][A-Z0-9]{0,2})?$/
const COMMA_AMOUNT = /^([0-9]+)(?:,([0-9]*))?$/
const BALANCE = /^([CD])([0-9]{6})([A-Z]{3})([0-9.,]+)$/

/**
 * Reads the lines of a `:61:` field: value date, entry date, mark, amount, type and references (contract/feeds.md §5.2).
 *
 * Lines are joined for as long as the first one ends inside the amount or the type; what follows is supplementary.
 */
export function readStatementLine(lines: readonly string[]): StatementLine | Damage {
  let used = 1
  let first = (lines[0] ?? "").trimEnd()
  while (!LINE.test(first) && LINE_BEGUN.test(first) && used < lines.length) first += (lines[used++] ?? "").trimEnd()

  const match = LINE.exec(first)
  if (match === null) {
    const message = first === "" ? "The :61: line is empty." : "The :61: line is not in the form of MT940."
    return { reason: "unreadable_line", message }
  }
  const [, valueText = "", entryText = "", mark = "", , amountText = "", , rest = ""] = match
  const valueDate = readShortDate(valueText)
  if (valueDate === undefined) return { reason: "bad_date", message: `The value date ${valueText} does not exist.` }
  const amount = readCommaAmount(amountText)
  if (amount === undefined) return { reason: "bad_amount", message: `The amount ${amountText} is not readable.` }

  const reversal = mark.startsWith("R")
  return {
    amount: mark.endsWith("C") !== reversal ? amount : negateDecimal(amount),
    day: nearestDay(entryText, valueDate) ?? valueDate,
    valueDate,
    references: readReferences(rest),
    status: mark.startsWith("E") ? "pending" : "booked",
    kind: reversal ? "reversal" : "normal",
    supplementary: lines.slice(used).join(" ").trim(),
  }
}

/** Reads a balance field (`:60F:`, `:62F:`, `:64:`, …) and its currency (contract/feeds.md §5.2). */
export function readBalance(
  text: string,
  kind: string,
): { readonly balance: StatementBalance; readonly currency: string } | Damage {
  const match = BALANCE.exec(text.trim())
  if (match === null) return { reason: "unreadable_line", message: "The balance is not in the form of MT940." }
  const [, mark = "", dayText = "", currency = "", amountText = ""] = match
  const day = readShortDate(dayText)
  if (day === undefined) return { reason: "bad_date", message: `The balance date ${dayText} does not exist.` }
  const amount = readCommaAmount(amountText)
  if (amount === undefined) return { reason: "bad_amount", message: `The amount ${amountText} is not readable.` }
  return { balance: { amount: mark === "D" ? negateDecimal(amount) : amount, day, kind }, currency }
}

function readCommaAmount(text: string): string | undefined {
  const match = COMMA_AMOUNT.exec(text)
  return match === null ? undefined : toDecimal(false, match[1] ?? "", match[2] ?? "")
}

/** `YYMMDD`; SWIFT reads years above 79 as 19YY. */
function readShortDate(text: string): string | undefined {
  const century = Number(text.slice(0, 2)) > 79 ? "19" : "20"
  return realDay(`${century}${text.slice(0, 2)}-${text.slice(2, 4)}-${text.slice(4, 6)}`)
}

/** The `MMDD` in the year that brings it nearest to the value date; undefined when it is no day of that year. */
function nearestDay(text: string, valueDate: string): string | undefined {
  if (text.trim() === "") return undefined
  const [month, day] = [Number(text.slice(0, 2)), Number(text.slice(2, 4))]
  const valueMs = Date.parse(valueDate)
  const valueYear = Number(valueDate.slice(0, 4))
  const distanceMs = (year: number) => Math.abs(Date.UTC(year, month - 1, day) - valueMs)
  const year = [valueYear - 1, valueYear + 1].reduce(
    (nearest, candidate) => (distanceMs(candidate) < distanceMs(nearest) ? candidate : nearest),
    valueYear,
  )
  return realDay(`${year}-${text.slice(0, 2)}-${text.slice(2, 4)}`)
}

function realDay(text: string): string | undefined {
  return parseDay(text) === undefined ? undefined : text
}

function readReferences(rest: string): StatementReference[] {
  const slashes = rest.indexOf("//")
  const customer = slashes === -1 ? rest : rest.slice(0, slashes)
  const bank = slashes === -1 ? "" : rest.slice(slashes + 2)
  return listReferences([
    { kind: "bank_reference", value: bank, strong: true },
    { kind: "customer_reference", value: customer, strong: false },
  ])
}
