import type { z } from "zod"
import { ApiError } from "./api-error.ts"

/**
 * Reads the query names that `schema` knows: the last of repeated ones counts, an empty one counts as absent
 * (contract/api.md §1).
 *
 * @throws ApiError invalid_request naming each bad parameter
 */
export function readQuery<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  query: unknown,
): z.output<z.ZodObject<Shape>> {
  const given = query as Readonly<Record<string, string | string[] | undefined>>
  const known: Record<string, string> = {}
  for (const name in schema.shape) {
    const value = given[name]
    const last = Array.isArray(value) ? value.at(-1) : value
    if (last !== undefined && last !== "") known[name] = last
  }
  return checkInput(schema, known)
}

/**
 * Reads a JSON body; an absent one is `{}`. Unknown fields are dropped.
 *
 * @throws ApiError invalid_request naming each bad field (`payment_code_formats.0.prefix`)
 */
export function readBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  return checkInput(schema, body ?? {})
}

function checkInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const errors: Record<string, string[]> = {}
  for (const { path, message } of result.error.issues) {
    const name = path.length === 0 ? "body" : path.join(".")
    errors[name] = [...(errors[name] ?? []), `${name} ${message}`]
  }
  const first = Object.values(errors)[0]?.[0] ?? "The request is malformed"
  throw new ApiError("invalid_request", first, { errors })
}

/**
 * The id of a path.
 *
 * @throws ApiError not_found: the pattern of paths lets 16 digits pass, and beyond 2^53−1 nothing has an id
 */
export function pathId(params: unknown): number {
  const id = Number((params as { id?: string }).id)
  if (Number.isSafeInteger(id)) return id
  throw new ApiError("not_found", "There is no such object")
}
