import { Refusal } from "../refusal.ts"
import { bareAccountNumber } from "./virtual-account.ts"

const longestText = 200
const number = /^[0-9A-Za-z]{3,40}$/

/**
 * The key an account number is compared by: without spaces, dots and dashes, upper-case (contract/feeds.md §1).
 *
 * @throws Refusal invalid unless that leaves 3 to 40 letters and digits
 */
export function accountKeyOf(text: string): string {
  const bare = bareAccountNumber(text)
  if (number.test(bare)) return bare.toUpperCase()
  throw invalid("number", "The account number must be 3 to 40 letters and digits.")
}

/**
 * A name of one line.
 *
 * @throws Refusal invalid naming `field`
 */
export function checkLine(field: string, text: string): string {
  const line = text.normalize("NFC").trim()
  if (line !== "" && line.length <= longestText && !/\p{Cc}/u.test(line)) return line
  throw invalid(field, `The ${field} must be 1 to ${longestText} characters on one line.`)
}

/** Like `checkLine`; nothing or nothing but spaces is null. */
export function checkOptionalLine(field: string, text: string | undefined): string | null {
  return text === undefined || text.trim() === "" ? null : checkLine(field, text)
}

/** A refusal of one field. */
export function invalid(field: string, problem: string): Refusal {
  return new Refusal("invalid", problem, { errors: { [field]: [problem] } })
}

/** Collects the refusals of several fields, so that all are told together. */
export interface FieldChecks {
  /** What the check returns; undefined when it refuses, which is kept for `done`. */
  <Value>(check: () => Value): Value | undefined
  /** @throws Refusal invalid with the errors of every field, if there were any */
  done(): void
}

/** Begins to check the fields of a draft. */
export function fieldChecks(): FieldChecks {
  let first: Refusal | undefined
  let errors: Record<string, readonly string[]> = {}
  const run = <Value>(check: () => Value): Value | undefined => {
    try {
      return check()
    } catch (error) {
      if (!(error instanceof Refusal) || error.reason !== "invalid") throw error
      first ??= error
      errors = { ...error.details.errors, ...errors }
      return undefined
    }
  }
  const done = () => {
    if (first !== undefined) throw new Refusal("invalid", first.message, { errors })
  }
  return Object.assign(run, { done })
}
