/** Formats the statement parsers read (contract/feeds.md §5); the importer decides which of them it accepts. */
export type StatementFormat = "mt940" | "camt.052" | "camt.053" | "camt.054" | "csv"

/** Encodings a person may name; UTF-8 and UTF-16 with a byte order mark need no name (contract/feeds.md §5.1). */
export type StatementEncoding = "utf-8" | "windows-1252" | "windows-1258"

/** One reference of an entry. Strong ones take part in identity (contract/feeds.md §3.1). */
export interface StatementReference {
  readonly kind:
    | "bank_reference"
    | "customer_reference"
    | "account_servicer"
    | "uetr"
    | "transaction_id"
    | "entry_reference"
    | "end_to_end_id"
    | "instruction_id"
    | "reference"
  readonly value: string
  readonly strong: boolean
}

/** The other side of a movement, as far as the file names it. */
export interface Counterparty {
  readonly name?: string
  readonly account?: string
  readonly bank?: string
}

/** One line of a statement: an observation without its account id (contract/feeds.md §2.1, §5.1). */
export interface StatementEntry {
  /** First line of the entry in the file, from 1. */
  readonly line: number
  /** Signed exact decimal, money in positive: `-12.50`. */
  readonly amount: string
  /** The entry's own currency where the file states one. */
  readonly currency: string | undefined
  /** Booked day in Vietnam, `YYYY-MM-DD`. */
  readonly day: string
  /** `HH:mm:ss` in Vietnam (UTC+7); undefined with precision `day`. */
  readonly time: string | undefined
  readonly precision: "second" | "minute" | "day"
  readonly valueDate: string | undefined
  readonly memo: string
  readonly description: string
  /** Strongest first. */
  readonly references: readonly StatementReference[]
  readonly counterparty: Counterparty | undefined
  readonly status: "booked" | "pending"
  readonly kind: "normal" | "reversal"
  /** Balance the bank printed on the line (CSV), signed exact decimal. */
  readonly reportedBalance: string | undefined
  /** Tables: which columns amount and balance stand in, from 1, for findings that only the importer makes. */
  readonly columns?: { readonly amount: number | undefined; readonly balance: number | undefined }
}

/** A balance of a statement: signed exact decimal, day `YYYY-MM-DD`, and what kind it is. */
export interface StatementBalance {
  readonly amount: string
  readonly day: string
  /** `intermediate` marks a page of a longer statement (`:60M:`, `INTM`). Other balances keep the file's own word. */
  readonly kind: string
}

/** What a file says of a statement before its first entry. */
export interface StatementHeader {
  readonly line: number
  readonly format: StatementFormat
  /** Message version where the format has one, such as `001.02`. */
  readonly version: string | undefined
  /** As printed, less bank and currency; compare it with `isSameAccount`. Undefined for CSV without an account column. */
  readonly account: string | undefined
  /** BIC or bank code printed with the account. */
  readonly bank: string | undefined
  readonly currency: string | undefined
  readonly number: string | undefined
  readonly opening: StatementBalance | undefined
  /** Time range the file states itself, `YYYY-MM-DD HH:mm:ss` in Vietnam (contract/feeds.md §3.1, disjoint statements). */
  readonly range: { readonly from: string; readonly to: string } | undefined
}

/** What is known once the last entry of a statement was read. */
export interface StatementEnd {
  readonly line: number
  readonly opening: StatementBalance | undefined
  readonly closing: StatementBalance | undefined
  readonly otherBalances: readonly StatementBalance[]
  /** Entries emitted, pending ones included. */
  readonly entryCount: number
  /** Period to show: the stated range, else the days of the balances, else the days of the entries. */
  readonly from: string | undefined
  readonly to: string | undefined
}

/** Why a file is refused (contract/feeds.md §5.1, §5.3, §5.5). */
export type StatementErrorReason =
  | "truncated"
  | "bad_encoding"
  | "bad_amount"
  | "fractional_amount"
  | "bad_date"
  | "bad_cell"
  | "unreadable_line"
  | "account_mismatch"
  | "currency_mismatch"
  | "unknown_format"
  | "too_large"
  | "doctype_refused"

/** One finding against a file; line and column count from 1. */
export interface StatementError {
  readonly line: number
  readonly column?: number
  readonly reason: StatementErrorReason
  readonly message: string
}

/**
 * What a parser tells, in file order: `statement`, its `entry`s, `statementEnd`, and so on.
 *
 * After a fatal error the parser stops; after another error it reads on to report more, but the file must be refused.
 * `skipped` stands for an unreadable line the caller asked to skip. `progress` comes once per chunk of input: it is the
 * only event that depends on how the file was cut into chunks.
 */
export type StatementEvent =
  | { readonly kind: "statement"; readonly header: StatementHeader }
  | { readonly kind: "entry"; readonly entry: StatementEntry }
  | { readonly kind: "statementEnd"; readonly end: StatementEnd }
  | { readonly kind: "error"; readonly error: StatementError; readonly fatal: boolean }
  | { readonly kind: "skipped"; readonly error: StatementError }
  | { readonly kind: "warning"; readonly warning: { readonly line: number; readonly message: string } }
  | { readonly kind: "progress"; readonly bytes: number; readonly lines: number }

/** Options of every statement parser. */
export interface StatementOptions {
  readonly encoding?: StatementEncoding
  /** Report bare or unreadable MT940 lines as `skipped` instead of as errors (`--skip-unreadable`). */
  readonly skipUnreadable?: boolean
}

/** Why a piece of a file can't be read; the reader adds the line. */
export interface Damage {
  /** Tables: the column it stands in, from 1. */
  readonly column?: number
  readonly reason: StatementErrorReason
  readonly message: string
}

const NOT_A_REFERENCE = /^(?:NONREF|NOTPROVIDED|0*)$/i

/**
 * Builds a reference list, strongest first, without empty ones, repeated ones and the words banks print for "none":
 * `NONREF`, `NOTPROVIDED`, all zeros (contract/feeds.md §3.1).
 */
export function listReferences(
  candidates: readonly {
    readonly kind: StatementReference["kind"]
    readonly value: string
    readonly strong: boolean
  }[],
): StatementReference[] {
  const references: StatementReference[] = []
  for (const candidate of candidates) {
    const value = candidate.value.trim()
    if (NOT_A_REFERENCE.test(value) || references.some((known) => known.value === value && known.strong)) continue
    references.push({ ...candidate, value })
  }
  return references.sort((a, b) => Number(b.strong) - Number(a.strong))
}

/** The strong reference that takes part in an entry's identity, or undefined (contract/feeds.md §3.1). */
export function strongReference(entry: StatementEntry): string | undefined {
  return entry.references.find((reference) => reference.strong)?.value
}

/** Builds a counterparty of what is not empty; undefined when nothing is. */
export function toCounterparty(
  name: string | undefined,
  account: string | undefined,
  bank: string | undefined,
): Counterparty | undefined {
  const counterparty: Counterparty = {
    ...(isGiven(name) ? { name: name.trim() } : {}),
    ...(isGiven(account) ? { account: account.trim() } : {}),
    ...(isGiven(bank) ? { bank: bank.trim() } : {}),
  }
  return Object.keys(counterparty).length === 0 ? undefined : counterparty
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== ""
}
