import type { TransactionWish } from "../../banking/read-transactions.ts"
import { wordsOfQuery } from "../../database/search-words.ts"
import type { Mode } from "../../ids.ts"
import { parseTypedVnd } from "../../money.ts"
import { parseDay } from "../../vietnam-time.ts"

/** The fields of the filter form, as they were sent. */
export const filterFields = [
  ...(["q", "account", "direction", "from", "to"] as const),
  ...(["amount_from", "amount_to", "reference", "code", "sub_account"] as const),
] as const
export type FilterField = (typeof filterFields)[number]

/** Fields of a form with what was typed; those left empty are absent. */
export type FilterText = Readonly<Partial<Record<FilterField, string>>>

/** What is wrong with a field. */
export type FilterProblem = "badDay" | "daysReversed" | "badAmount" | "amountsReversed" | "badText" | "unsearchable"

/** A query read: what is wished, or what is wrong, and what was typed either way. */
export interface FilterReading {
  readonly mode: Mode
  readonly text: FilterText
  readonly wish: TransactionWish
  readonly problems: Readonly<Partial<Record<FilterField, FilterProblem>>>
  /** Names no account that there is. */
  readonly hasUnknownAccount: boolean
}

const longestText = 200
const idPattern = /^[1-9][0-9]{0,15}$/

function isReversed(from: number | undefined, to: number | undefined): boolean {
  return from !== undefined && to !== undefined && to < from
}

/** Reads the query of the list. Amounts may be typed with their separators: `1.250.000`, `350,000 ₫`. Pure. */
export function readFilter(query: Readonly<Record<string, unknown>>): FilterReading {
  const text: Partial<Record<FilterField, string>> = {}
  for (const name of filterFields) {
    const given = query[name]
    const value = (Array.isArray(given) ? given.at(-1) : given) as unknown
    if (typeof value === "string" && value.trim() !== "") text[name] = value.trim()
  }
  const problems: Partial<Record<FilterField, FilterProblem>> = {}
  for (const name of filterFields) if ((text[name]?.length ?? 0) > longestText) problems[name] = "badText"
  const day = (name: "from" | "to") => readOr(parseDay, text[name], () => (problems[name] ??= "badDay"))
  const amount = (name: "amount_from" | "amount_to") =>
    readOr(parseTypedVnd, text[name], () => (problems[name] ??= "badAmount"))
  if (text.q !== undefined && wordsOfQuery(text.q).length === 0) problems.q ??= "unsearchable"
  const { account, direction } = text
  const wish: TransactionWish = {
    bankAccountId: account !== undefined && idPattern.test(account) ? Number(account) : undefined,
    direction: direction === "in" || direction === "out" ? direction : undefined,
    fromDay: day("from"),
    toDay: day("to"),
    amountFrom: amount("amount_from"),
    amountTo: amount("amount_to"),
    reference: text.reference,
    code: text.code,
    subAccount: text.sub_account,
    text: text.q,
  }
  if (isReversed(wish.fromDay, wish.toDay)) problems.to = "daysReversed"
  if (isReversed(wish.amountFrom, wish.amountTo)) problems.amount_to = "amountsReversed"
  const mode = query["mode"] === "test" ? "test" : "live"
  return { mode, text, wish, problems, hasUnknownAccount: account !== undefined && !idPattern.test(account) }
}

function readOr<T>(
  read: (text: string) => T | undefined,
  text: string | undefined,
  refuse: () => unknown,
): T | undefined {
  if (text === undefined) return undefined
  const value = read(text)
  if (value === undefined) refuse()
  return value
}

/** Whether totals and pages of the wish come from kept counts; else it is read on by cursor. Pure. */
export function isCounted({ text, code, subAccount, amountFrom, amountTo }: TransactionWish): boolean {
  return [text, code, subAccount, amountFrom, amountTo].every((value) => value === undefined)
}

/** The address of the list, or of what goes by the same filter. Pure. */
export function filterPath(
  path: string,
  { mode, text }: Pick<FilterReading, "mode" | "text">,
  more: Readonly<Record<string, string | undefined>> = {},
): string {
  const query = new URLSearchParams()
  if (mode === "test") query.set("mode", mode)
  for (const name of filterFields) {
    const value = text[name]
    if (value !== undefined) query.set(name, value)
  }
  for (const [name, value] of Object.entries(more)) if (value !== undefined) query.set(name, value)
  const search = query.toString()
  return search === "" ? path : `${path}?${search}`
}
