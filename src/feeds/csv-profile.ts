import { z } from "zod"

/** The last column that a profile can mean. */
export const columnsMax = 500

/** A column by its header or by its place, counted from 1. */
const column = z.union([z.string().min(1).max(200), z.int().min(1).max(columnsMax)])

const PATTERN = /^(?:[^\\()[\]{}]|\\[sdSD.*+?^$|])*$/
const REPETITION = /[*+?]/g

/** Patterns come from customers, so they have no groups and few repetitions: their running time stays small. */
const rowPattern = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => PATTERN.test(text) && (text.match(REPETITION)?.length ?? 0) <= 3 && isRegExp(text), {
    error: "must be a simple pattern without groups and with at most three repetitions",
  })

/**
 * How the columns of a CSV export map to movements (contract/feeds.md §5.5).
 *
 * The amount is `debit` + `credit`, or a signed `amount`, or `amount` + `sign`. Beyond the contract's fields, all
 * optional: `description`, `account`, `currency`, `value_date`, `counterparty`, and `ignore`, a pattern like `stop_at` for
 * single rows such as an opening balance. `stop_at` and `ignore` are matched, without case and also without accents,
 * against the first cell of a row that is not empty.
 */
export const csvProfileSchema = z
  .strictObject({
    skip: z.int().min(0).max(1000).default(0),
    header: z.boolean().default(true),
    delimiter: z.enum([",", ";", "\t", "|"]).default(","),
    encoding: z.enum(["utf-8", "windows-1252", "windows-1258"]).default("utf-8"),
    date: z.strictObject({ col: column, format: z.string().min(1).max(40) }),
    time: z.strictObject({ col: column, format: z.string().min(1).max(40) }).optional(),
    value_date: z.strictObject({ col: column, format: z.string().min(1).max(40) }).optional(),
    debit: column.optional(),
    credit: column.optional(),
    amount: column.optional(),
    sign: z
      .strictObject({ col: column, in: z.array(z.string().min(1)).min(1), out: z.array(z.string().min(1)).min(1) })
      .optional(),
    balance: column.optional(),
    reference: column.optional(),
    memo: column.optional(),
    description: column.optional(),
    account: column.optional(),
    currency: column.optional(),
    counterparty: z
      .strictObject({ name: column.optional(), account: column.optional(), bank: column.optional() })
      .optional(),
    number: z.strictObject({
      thousand: z.enum(["", ",", ".", " ", "'"]),
      decimal: z.enum(["", ",", "."]),
    }),
    stop_at: rowPattern.optional(),
    ignore: rowPattern.optional(),
  })
  .superRefine((profile, context) => {
    const fail = (message: string) => context.addIssue({ code: "custom", message })
    const hasPair = profile.debit !== undefined && profile.credit !== undefined
    const hasHalf = (profile.debit !== undefined) !== (profile.credit !== undefined)
    if (hasHalf || hasPair === (profile.amount !== undefined)) fail("give either debit and credit, or amount")
    if (profile.sign !== undefined && profile.amount === undefined) fail("sign needs amount")
    const { thousand, decimal } = profile.number
    if (thousand !== "" && thousand === decimal) fail("thousand and decimal separator must differ")
    if (!profile.header && namedColumns(profile).length > 0) fail("without a header, columns are given by number")
  })

/** A checked CSV profile, as `csvProfileSchema.parse` makes it. */
export type CsvProfile = z.infer<typeof csvProfileSchema>

/** A column by its header or by its place, counted from 1. */
export type CsvColumn = z.infer<typeof column>

/**
 * Folds a header, a word or a row start for comparison: no accents, đ as d, lower-case, one space between words.
 */
export function foldWords(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().replace(/\s+/g, " ").trim()
}

function isRegExp(text: string): boolean {
  try {
    new RegExp(text, "iu")
    return true
  } catch {
    return false
  }
}

function namedColumns(profile: object): string[] {
  const { date, time, value_date, sign, counterparty, ...rest } = profile as CsvProfile
  const { debit, credit, amount, balance, reference, memo, description, account, currency } = rest
  const plain = [debit, credit, amount, balance, reference, memo, description, account, currency]
  const nested = [date.col, time?.col, value_date?.col, sign?.col]
  const other = [counterparty?.name, counterparty?.account, counterparty?.bank]
  return [...plain, ...nested, ...other].filter((col) => typeof col === "string")
}
