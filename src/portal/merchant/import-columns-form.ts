import type { CsvColumns } from "../../feeds/csv-columns.ts"
import { type CsvColumn, type CsvProfile, csvProfileSchema, foldWords } from "../../feeds/csv-profile.ts"

/** The names of the fields that choose a column; empty stands for none, else the column's place from 1. */
export const columnFields = [
  "date",
  "time",
  "value_date",
  "debit",
  "credit",
  "amount",
  "sign",
  "balance",
  "reference",
  "memo",
  "description",
  "account",
  "currency",
  "party_name",
  "party_account",
] as const
export type ColumnField = (typeof columnFields)[number]

/** What the form of the columns holds, as texts by field name. */
export type ColumnsForm = Readonly<Record<string, string>>

/** How the separators of numbers are called in the form. */
export const numberStyles = {
  "comma-dot": { thousand: ",", decimal: "." },
  "dot-comma": { thousand: ".", decimal: "," },
  "space-comma": { thousand: " ", decimal: "," },
  "none-dot": { thousand: "", decimal: "." },
  "none-comma": { thousand: "", decimal: "," },
} as const satisfies Readonly<Record<string, CsvProfile["number"]>>

/** How delimiters are called in the form. */
export const delimiters = { comma: ",", semicolon: ";", tab: "\t", bar: "|" } as const

function keyOf<Value>(table: Readonly<Record<string, Value>>, isIt: (value: Value) => boolean): string {
  return Object.keys(table).find((key) => isIt(table[key] as Value)) ?? Object.keys(table)[0] ?? ""
}

const emptyForm: ColumnsForm = {
  delimiter: "comma",
  encoding: "utf-8",
  skip: "0",
  header: "1",
  date_format: "dd/MM/yyyy",
  time_format: "HH:mm:ss",
  value_date_format: "dd/MM/yyyy",
  amount_kind: "pair",
  sign_in: "",
  sign_out: "",
  number: "comma-dot",
  stop_at: "",
  ignore: "",
  save_as: "",
}

/** The form of a profile whose columns were found at those places; without a profile a form to be filled in. */
export function formOfProfile(profile: CsvProfile | undefined, columns: CsvColumns | undefined): ColumnsForm {
  if (profile === undefined) return emptyForm
  return {
    ...emptyForm,
    ...placesOf(columns),
    delimiter: keyOf(delimiters, (value) => value === profile.delimiter),
    encoding: profile.encoding,
    skip: String(profile.skip),
    header: profile.header ? "1" : "",
    date_format: profile.date.format,
    time_format: profile.time?.format ?? "HH:mm:ss",
    value_date_format: profile.value_date?.format ?? profile.date.format,
    amount_kind: profile.debit !== undefined ? "pair" : profile.sign === undefined ? "signed" : "sign",
    sign_in: profile.sign?.in.join(", ") ?? "",
    sign_out: profile.sign?.out.join(", ") ?? "",
    number: keyOf<CsvProfile["number"]>(
      numberStyles,
      (value) => value.thousand === profile.number.thousand && value.decimal === profile.number.decimal,
    ),
    stop_at: profile.stop_at ?? "",
    ignore: profile.ignore ?? "",
  }
}

function placesOf(columns: CsvColumns | undefined): ColumnsForm {
  if (columns === undefined) return {}
  const { date, time, valueDate, debit, credit, amount, sign, balance, reference, memo, description } = columns
  const { account, currency, partyName, partyAccount } = columns
  const places = { date, time, value_date: valueDate, debit, credit, amount, sign, balance, reference, memo }
  const more = { description, account, currency, party_name: partyName, party_account: partyAccount }
  return Object.fromEntries(
    Object.entries({ ...places, ...more }).map(([name, index]) => [name, index === undefined ? "" : String(index + 1)]),
  )
}

/** What a form says, as a profile, or which of its fields are wrong. */
export type ReadForm =
  | { readonly kind: "read"; readonly profile: CsvProfile }
  | { readonly kind: "wrong"; readonly fields: ReadonlySet<string> }

/**
 * Makes a profile of a form. A column goes by its name where the header has it once, so that the profile also fits files
 * whose columns stand elsewhere.
 *
 * @param rows the first rows of the file
 */
export function profileOfForm(form: ColumnsForm, rows: readonly (readonly string[])[]): ReadForm {
  const skip = /^[0-9]{1,4}$/.test(form["skip"] ?? "") ? Number(form["skip"]) : -1
  const hasHeader = form["header"] === "1"
  const names = hasHeader
    ? (rows.slice(Math.max(0, skip)).find((row) => row.some((cell) => cell.trim() !== "")) ?? [])
    : []
  const column = (field: ColumnField) => columnOf(form[field] ?? "", names)
  const kind = form["amount_kind"]
  const draft = {
    skip,
    header: hasHeader,
    delimiter: delimiters[form["delimiter"] as keyof typeof delimiters] ?? ",",
    encoding: form["encoding"],
    date: { col: column("date"), format: form["date_format"] },
    time: withFormat(column("time"), form["time_format"]),
    value_date: withFormat(column("value_date"), form["value_date_format"]),
    ...(kind === "pair" ? { debit: column("debit"), credit: column("credit") } : { amount: column("amount") }),
    sign:
      kind === "sign" ? { col: column("sign"), in: words(form["sign_in"]), out: words(form["sign_out"]) } : undefined,
    balance: column("balance"),
    reference: column("reference"),
    memo: column("memo"),
    description: column("description"),
    account: column("account"),
    currency: column("currency"),
    counterparty: partyOf(column("party_name"), column("party_account")),
    number: numberStyles[form["number"] as keyof typeof numberStyles] ?? numberStyles["comma-dot"],
    stop_at: form["stop_at"]?.trim() || undefined,
    ignore: form["ignore"]?.trim() || undefined,
  }
  const parsed = csvProfileSchema.safeParse(draft)
  if (parsed.success) return { kind: "read", profile: parsed.data }
  return { kind: "wrong", fields: new Set(parsed.error.issues.map(({ path }) => fieldOfPath(path))) }
}

function columnOf(place: string, names: readonly string[]): CsvColumn | undefined {
  const index = /^[1-9][0-9]{0,2}$/.test(place) ? Number(place) : 0
  if (index === 0) return undefined
  const name = names[index - 1]?.trim() ?? ""
  const isOnce = names.filter((other) => foldWords(other) === foldWords(name)).length === 1
  return name !== "" && name.length <= 200 && isOnce ? name : index
}

function withFormat(col: CsvColumn | undefined, format: string | undefined) {
  return col === undefined ? undefined : { col, format }
}

function words(text = ""): readonly string[] {
  return text.split(",").flatMap((word) => (word.trim() === "" ? [] : [word.trim()]))
}

function partyOf(name: CsvColumn | undefined, account: CsvColumn | undefined) {
  if (name === undefined && account === undefined) return undefined
  return { ...(name !== undefined && { name }), ...(account !== undefined && { account }) }
}

// A fault of the whole is about the amount: which of its columns there are.
function fieldOfPath(path: readonly PropertyKey[]): string {
  const [first] = path
  return first === undefined ? "amount" : String(first)
}
