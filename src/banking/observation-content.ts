import type { BankAccountId } from "../ids.ts"
import { vietnamDay } from "../vietnam-time.ts"
import type { Observation } from "./observation.ts"

/** What of an observation is compared with a later one of the same identity; the account is the one it led to. */
type Content = Omit<Observation, "account" | "bank" | "currency" | "status" | "confirmed" | "sourceId"> & {
  readonly account: BankAccountId
}

/** How an observation stands to the known one of the same identity (contract/feeds.md §2, table of results). */
export type Comparison =
  | { readonly kind: "same" }
  /** It only adds what was empty before. */
  | { readonly kind: "adds" }
  | { readonly kind: "differs"; readonly fields: readonly (keyof Observation)[] }

const details = new Set<string>([
  "balanceAfter",
  "balanceKind",
  "valueDate",
  "memo",
  "description",
  "references",
  "counterparty",
  "vaNumber",
])

/** The text under which an observation is kept: JSON with its names in one order, so that equal content is equal text. */
export function observationContent(observation: Observation, account: BankAccountId): string {
  const { kind, amount, bookedAt, precision, balanceAfter, balanceKind, valueDate, memo, description } = observation
  const { references, counterparty, vaNumber } = observation
  const refersTo = observation.kind === "normal" ? undefined : observation.refersTo
  const content = {
    account,
    kind,
    refersTo,
    amount,
    bookedAt,
    precision,
    balanceAfter,
    balanceKind: balanceAfter === undefined ? undefined : balanceKind,
    valueDate,
    memo,
    description,
    references,
    counterparty,
    vaNumber,
  } satisfies { readonly [Name in keyof Content]: unknown } & { refersTo: unknown }
  return JSON.stringify(content)
}

/** What the movement is, for a person who looks at the row: account, day, signed amount, kind. */
export function observationFingerprint(observation: Observation, account: BankAccountId): string {
  return `${account} ${vietnamDay(observation.bookedAt)} ${observation.amount} ${observation.kind}`
}

/** Compares two texts of `observationContent`. */
export function compareContents(known: string, given: string): Comparison {
  if (known === given) return { kind: "same" }
  const before: Record<string, unknown> = JSON.parse(known)
  const after: Record<string, unknown> = JSON.parse(given)
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  const changed = [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
  const differing = changed.filter((name) => !(details.has(name) && isEmpty(before[name])))
  if (differing.length > 0) return { kind: "differs", fields: differing as (keyof Observation)[] }
  return { kind: "adds" }
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0)
}
