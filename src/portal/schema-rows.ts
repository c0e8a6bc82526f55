import type { ApiDocument, ApiSchema } from "./api-document.ts"

/** A field of a JSON body as a line of a table. */
export interface SchemaRow {
  /** Names from the outside in: `["data[]", "id"]`. */
  readonly path: readonly string[]
  readonly type: string
  readonly required: boolean
  readonly description: string | undefined
  readonly limits: SchemaLimits
}

/** What a value is held to, as far as the schema says. */
export interface SchemaLimits {
  /** The only values, as JSON. */
  readonly values: readonly string[]
  readonly minimum: number | undefined
  readonly maximum: number | undefined
  readonly pattern: string | undefined
  /** As JSON. */
  readonly byDefault: string | undefined
}

const deepest = 8
const noLimits: SchemaLimits = {
  values: [],
  minimum: undefined,
  maximum: undefined,
  pattern: undefined,
  byDefault: undefined,
}

/** Lays a schema out flat, a field a line, those inside others after them. Pure. */
export function toSchemaRows(schema: ApiSchema, document: ApiDocument): readonly SchemaRow[] {
  return rowsBelow(resolve(schema, document), { path: [], document })
}

/** Type and limits of a value without fields, such as a parameter. Pure. */
export function describeValue(schema: ApiSchema, document: ApiDocument): Pick<SchemaRow, "type" | "limits"> {
  const { plain, nullable } = withoutNull(resolve(schema, document))
  return { type: typeText(plain, nullable, document), limits: limitsOf(plain) }
}

interface Place {
  readonly path: readonly string[]
  readonly document: ApiDocument
}

function rowsBelow(schema: ApiSchema, place: Place): readonly SchemaRow[] {
  const { path, document } = place
  // A schema may hold itself.
  if (path.length > deepest) return []
  const { plain } = withoutNull(schema)
  if (plain.items !== undefined) return rowsBelow(resolve(plain.items, document), { document, path: intoList(path) })
  const alternatives = [...(plain.anyOf ?? []), ...(plain.oneOf ?? []), ...(plain.allOf ?? [])]
  const inner = alternatives.flatMap((one) => rowsBelow(resolve(one, document), place))
  const open = plain.additionalProperties
  const others = typeof open === "object" ? rowsOfField("*", open, false, place) : []
  const named = Object.entries(plain.properties ?? {}).flatMap(([name, field]) =>
    rowsOfField(name, field, plain.required?.includes(name) ?? false, place),
  )
  return [...named, ...others, ...inner]
}

function intoList(path: readonly string[]): readonly string[] {
  return [...path.slice(0, -1), `${path.at(-1) ?? ""}[]`]
}

function rowsOfField(name: string, field: ApiSchema, required: boolean, place: Place): readonly SchemaRow[] {
  const schema = resolve(field, place.document)
  const path = [...place.path, name]
  const description = field.description ?? schema.description
  const row = { path, required, description, ...describeValue(schema, place.document) }
  return [row, ...rowsBelow(schema, { document: place.document, path })]
}

function resolve(schema: ApiSchema, { components }: ApiDocument): ApiSchema {
  if (schema.$ref === undefined) return schema
  const name = schema.$ref.replace("#/components/schemas/", "")
  return components?.schemas?.[name] ?? schema
}

/** Nullable in either of its spellings: `type: [string, null]`, or one of several with `type: null`. */
function withoutNull(schema: ApiSchema): { readonly plain: ApiSchema; readonly nullable: boolean } {
  const several = schema.anyOf ?? schema.oneOf
  if (several?.some(({ type }) => type === "null") === true) {
    const [only, ...more] = several.filter(({ type }) => type !== "null")
    if (only !== undefined && more.length === 0)
      return { plain: { ...schema, anyOf: [], oneOf: [], ...only }, nullable: true }
  }
  const types = schema.type
  if (typeof types === "string" || types === undefined) return { plain: schema, nullable: false }
  return { plain: { ...schema, type: types.filter((type) => type !== "null") }, nullable: types.includes("null") }
}

function typeText(plain: ApiSchema, nullable: boolean, document: ApiDocument): string {
  const text = plainTypeText(plain, document)
  return nullable ? `${text} | null` : text
}

function plainTypeText(plain: ApiSchema, document: ApiDocument): string {
  if (plain.items !== undefined) return `${describeValue(plain.items, document).type}[]`
  const several = [...(plain.anyOf ?? []), ...(plain.oneOf ?? [])]
  if (several.length > 0) return unique(several.map((one) => describeValue(one, document).type)).join(" | ")
  const types = plain.type === undefined ? valuesOf(plain).map((value) => typeof value) : [plain.type].flat()
  const text = unique(types).join(" | ") || "any"
  return plain.format === undefined ? text : `${text} (${plain.format})`
}

function limitsOf(schema: ApiSchema): SchemaLimits {
  return {
    ...noLimits,
    values: valuesOf(schema).map((value) => JSON.stringify(value)),
    minimum: isTelling(schema.minimum) ? schema.minimum : undefined,
    maximum: isTelling(schema.maximum) ? schema.maximum : undefined,
    pattern: schema.pattern,
    byDefault: schema.default === undefined ? undefined : JSON.stringify(schema.default),
  }
}

function valuesOf(schema: ApiSchema): readonly unknown[] {
  return schema.enum ?? (schema.const === undefined ? [] : [schema.const])
}

// The ends of what a JavaScript number can hold are no limit that anybody asked about.
function isTelling(limit: number | undefined): limit is number {
  return limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)]
}
