import { type CsvMoment, isScientific, momentReader, numberReader } from "./csv-cell.ts"
import type { CsvColumns } from "./csv-columns.ts"
import { type CsvProfile, foldWords } from "./csv-profile.ts"
import { isZeroDecimal, negateDecimal } from "./decimal.ts"
import { type Damage, listReferences, type StatementEntry, toCounterparty } from "./statement.ts"

/** A row as an entry, with the account it names for itself. */
export interface CsvRow {
  readonly entry: StatementEntry
  readonly account: string | undefined
}

type MomentReader = (cell: string) => CsvMoment | undefined

/** Readers made once from a profile. */
export interface CsvReaders {
  readonly profile: CsvProfile
  readonly date: MomentReader
  readonly time: MomentReader | undefined
  readonly valueDate: MomentReader | undefined
  readonly number: ReturnType<typeof numberReader>
  readonly signIn: readonly string[]
  readonly signOut: readonly string[]
}

/** Makes the readers of a profile; the damage says which date or time format is none. */
export function makeCsvReaders(profile: CsvProfile): CsvReaders | Damage {
  const formats = [profile.date, profile.time, profile.value_date]
  const [date, time, valueDate] = formats.map((part) => part && momentReader(part.format))
  const wrong = formats.find((part, index) => part !== undefined && [date, time, valueDate][index] === undefined)
  if (wrong !== undefined || date === undefined) {
    return { reason: "bad_date", message: `The profile's format "${wrong?.format}" is not understood.` }
  }
  const { sign } = profile
  return {
    profile,
    date,
    time,
    valueDate,
    number: numberReader(profile.number),
    signIn: sign?.in.map(foldWords) ?? [],
    signOut: sign?.out.map(foldWords) ?? [],
  }
}

/** Reads one row of movements (contract/feeds.md §5.5 amount, damage, balance column). */
export function readCsvRow(
  readers: CsvReaders,
  columns: CsvColumns,
  cells: readonly string[],
  line: number,
): CsvRow | Damage {
  const cell = (index: number | undefined): string => (index === undefined ? "" : (cells[index] ?? ""))
  for (const index of [columns.account, columns.reference, columns.partyAccount]) {
    if (isScientific(cell(index))) return damageAt(index, "bad_cell", `"${cell(index)}" has lost its digits.`)
  }
  const moment = readMoment(readers, columns, cell)
  if ("reason" in moment) return moment
  const amount = readAmount(readers, columns, cell)
  if (typeof amount !== "string") return amount
  const balance = readers.number(cell(columns.balance))
  if (balance === "bad") return badAmount("balance", columns.balance, cell)

  const memo = cell(columns.memo)
  const valueDate = cell(columns.valueDate).trim()
  const valueDay = valueDate === "" ? undefined : readers.valueDate?.(valueDate)?.day
  if (valueDate !== "" && valueDay === undefined) return badDate(columns.valueDate, cell)
  const entry: StatementEntry = {
    line,
    amount,
    currency: cell(columns.currency).trim() || undefined,
    ...moment,
    valueDate: valueDay,
    memo,
    description: columns.description === undefined ? memo : cell(columns.description),
    references: listReferences([{ kind: "reference", value: cell(columns.reference), strong: true }]),
    counterparty: toCounterparty(cell(columns.partyName), cell(columns.partyAccount), cell(columns.partyBank)),
    status: "booked",
    kind: "normal",
    reportedBalance: balance?.decimal,
    columns: { amount: amountColumn(columns, amount), balance: placeOf(columns.balance) },
  }
  return { entry, account: cell(columns.account).trim() || undefined }
}

type CellReader = (index: number | undefined) => string

function readMoment(
  readers: CsvReaders,
  columns: CsvColumns,
  cell: CellReader,
): Pick<StatementEntry, "day" | "time" | "precision"> | Damage {
  const date = readers.date(cell(columns.date))
  if (date?.day === undefined) return badDate(columns.date, cell)
  const timeText = cell(columns.time).trim()
  if (timeText === "") return { day: date.day, time: date.time, precision: date.precision }
  const time = readers.time?.(timeText)
  if (time?.time === undefined) return badDate(columns.time, cell)
  return { day: date.day, time: time.time, precision: time.precision }
}

function placeOf(index: number | undefined): number | undefined {
  return index === undefined ? undefined : index + 1
}

function amountColumn({ amount, debit, credit }: CsvColumns, decimal: string): number | undefined {
  return placeOf(amount ?? (decimal.startsWith("-") ? debit : credit))
}

function readAmount(readers: CsvReaders, columns: CsvColumns, cell: CellReader): string | Damage {
  if (columns.amount !== undefined) return readSignedAmount(readers, columns, cell)
  const debit = readers.number(cell(columns.debit))
  if (debit === "bad") return badAmount("debit", columns.debit, cell)
  const credit = readers.number(cell(columns.credit))
  if (credit === "bad" || credit?.isNegative) return badAmount("credit", columns.credit, cell)
  if (debit === undefined && credit === undefined) {
    return damageAt(columns.credit, "bad_amount", "The row has neither a debit nor a credit amount.")
  }
  const hasDebit = debit !== undefined && !isZeroDecimal(debit.decimal)
  const hasCredit = credit !== undefined && !isZeroDecimal(credit.decimal)
  if (hasDebit && hasCredit)
    return damageAt(columns.credit, "bad_amount", "The row has both a debit and a credit amount.")
  // Banks print the debit column with or without a minus: the column says it already.
  if (hasDebit) return debit.isNegative ? debit.decimal : negateDecimal(debit.decimal)
  return hasCredit ? credit.decimal : "0"
}

function readSignedAmount(readers: CsvReaders, columns: CsvColumns, cell: CellReader): string | Damage {
  const amount = readers.number(cell(columns.amount))
  if (amount === undefined || amount === "bad") return badAmount("amount", columns.amount, cell)
  if (columns.sign === undefined) return amount.decimal
  const sign = foldWords(cell(columns.sign))
  if (readers.signOut.includes(sign)) return amount.isNegative ? amount.decimal : negateDecimal(amount.decimal)
  if (!readers.signIn.includes(sign)) {
    return damageAt(columns.sign, "bad_cell", `The sign "${cell(columns.sign)}" is neither in nor out.`)
  }
  return amount.isNegative ? badAmount("amount", columns.amount, cell) : amount.decimal
}

function badAmount(what: string, index: number | undefined, cell: CellReader): Damage {
  return damageAt(index, "bad_amount", `The ${what} "${cell(index).slice(0, 40)}" is not readable by the profile.`)
}

function badDate(index: number | undefined, cell: CellReader): Damage {
  const text = cell(index).trim().slice(0, 40)
  return damageAt(index, "bad_date", `The date or time "${text}" does not fit the profile.`)
}

function damageAt(index: number | undefined, reason: Damage["reason"], message: string): Damage {
  return { ...(index !== undefined && { column: index + 1 }), reason, message }
}
