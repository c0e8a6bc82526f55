import { type CarriedForm, type FieldValue, typedFields } from "./carried-form.ts"

/** A carried form as a page shows it. */
export interface ResendForm {
  readonly path: string
  readonly page: string
  /** What is sent, in order. */
  readonly fields: readonly FieldValue[]
  /** What is shown of it: each name once, with its values. */
  readonly typed: readonly (readonly [name: string, values: readonly string[]])[]
  readonly isPartial: boolean
}

/** Puts the values of a name together, for the reader. */
export function toResend({ path, page, fields, isPartial }: CarriedForm): ResendForm {
  const typed = new Map<string, string[]>()
  for (const [name, value] of typedFields(fields)) typed.set(name, [...(typed.get(name) ?? []), value])
  return { path, page, fields, isPartial, typed: [...typed] }
}
