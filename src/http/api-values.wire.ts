import { z } from "zod"
import { parseVnd } from "../money.ts"
import { parseDay } from "../vietnam-time.ts"

const wholeNumberText = /^-?[0-9]+$/

/** Integer of a query, within limits; above `clampTo` it counts as that. */
function integerParameter(least: number, most: number, options: { clampTo?: number } = {}) {
  const wanted =
    options.clampTo === undefined ? `an integer from ${least} to ${most}` : `an integer of ${least} or more`
  return z
    .string()
    .transform((text, context) => {
      const value = wholeNumberText.test(text) ? Number(text) : Number.NaN
      if (value >= least && value <= most) return Math.min(value, options.clampTo ?? value)
      context.addIssue({ code: "custom", message: `must be ${wanted}` })
      return z.NEVER
    })
    .meta({ type: "integer", minimum: least, ...(options.clampTo === undefined && { maximum: most }) })
}

/** `page` and `limit` of every list (contract/api.md §3). */
export const pageQuery = z.object({
  page: integerParameter(1, 1_000_000_000)
    .prefault("1")
    .meta({ type: "integer", minimum: 1, maximum: 1_000_000_000, default: 1, description: "Page, from 1." }),
  limit: integerParameter(1, Number.POSITIVE_INFINITY, { clampTo: 100 })
    .prefault("20")
    .meta({ type: "integer", minimum: 1, default: 20, description: "Rows a page; above 100 counts as 100." }),
})

/** An id in a query, 1…2^53−1. */
export const idParameter = integerParameter(1, Number.MAX_SAFE_INTEGER)

/** A flag of a query: 0, 1, true or false (contract/api.md §1). */
export const flagParameter = z
  .enum(["0", "1", "true", "false"], { error: "must be 0, 1, true or false" })
  .transform((text) => text === "1" || text === "true")

/** A real calendar day, `YYYY-MM-DD`. */
export const dayParameter = z
  .string()
  .transform((text, context) => {
    const day = parseDay(text)
    if (day !== undefined) return day
    context.addIssue({ code: "custom", message: "must be a day as YYYY-MM-DD" })
    return z.NEVER
  })
  .meta({ type: "string", format: "date" })

/** An amount in whole dong, 0…2^53−1; text may end in `.0` or `.00`. */
export const amountParameter = z
  .string()
  .transform((text, context) => {
    const amount = parseVnd(text)
    if (amount !== undefined) return amount
    context.addIssue({ code: "custom", message: "must be a whole number of dong, 0 or more" })
    return z.NEVER
  })
  .meta({ type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** An integer of a body, also as text of digits (contract/api.md §1). */
export function integerField(least: number, most: number) {
  return z
    .unknown()
    .transform((value, context) => {
      const number = typeof value === "string" && wholeNumberText.test(value) ? Number(value) : value
      if (typeof number === "number" && Number.isInteger(number) && number >= least && number <= most) return number
      context.addIssue({ code: "custom", message: `must be an integer from ${least} to ${most}` })
      return z.NEVER
    })
    .meta({ type: "integer", minimum: least, maximum: most })
}

const flags = new Map<unknown, boolean>([
  [0, false],
  [1, true],
  ["0", false],
  ["1", true],
  [true, true],
  [false, false],
])

/** A flag of a body: 0, 1, "0", "1", true or false (contract/api.md §1). */
export const flagField = z
  .unknown()
  .transform((value, context) => {
    const flag = flags.get(value)
    if (flag !== undefined) return flag
    context.addIssue({ code: "custom", message: "must be 0, 1, true or false" })
    return z.NEVER
  })
  .meta({ enum: [0, 1, "0", "1", true, false] })

/** Value shapes of answers (contract/api.md §1). */
export const idValue = z.int().min(1)
/** Path parameter of one object, for the reference; the path's own pattern checks it. */
export const idParams = z.object({ id: idValue })
export const amountValue = z.int().min(0)
export const timeValue = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/)
  .meta({ description: "Time in Asia/Ho_Chi_Minh (UTC+7), without zone.", examples: ["2026-07-04 10:22:31"] })
export const dayValue = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

export const paginationValue = z.strictObject({
  total: z.int().min(0),
  per_page: z.int().min(1).max(100),
  current_page: z.int().min(1),
  last_page: z.int().min(1),
})

/** The answer with one object. */
export function oneAnswer<Data extends z.ZodType>(data: Data) {
  return z.strictObject({ status: z.literal("success"), data })
}

/** The answer with a list. */
export function listAnswer<Data extends z.ZodType>(data: Data) {
  return z.strictObject({
    status: z.literal("success"),
    data: z.array(data),
    meta: z.strictObject({ pagination: paginationValue }),
  })
}

/** The body of every error (contract/api.md §4). */
export const errorAnswer = z.strictObject({
  status: z.literal("error"),
  error: z.string(),
  error_description: z.string(),
  message: z.string(),
  messages: z.strictObject({ error: z.string() }),
  errors: z.record(z.string(), z.array(z.string())).optional(),
  hint: z.string().optional(),
})
