import {
  type ApiContent,
  type ApiDocument,
  type ApiParameter,
  groupOperations,
  type ListedOperation,
} from "./api-document.ts"
import { curlSample } from "./curl-sample.ts"
import { describeValue, type SchemaRow, toSchemaRows } from "./schema-rows.ts"

/** A body as the reference shows it: its fields, and a sample as JSON text. */
export interface ReferenceBody {
  readonly rows: readonly SchemaRow[]
  readonly example: string | undefined
}

/** A parameter as the reference shows it. */
export interface ReferenceParameter extends SchemaRow {
  readonly place: ApiParameter["in"]
}

/** An operation as the reference shows it. */
export interface ReferenceOperation {
  readonly method: string
  readonly path: string
  readonly anchor: string
  readonly summary: string
  readonly description: string | undefined
  readonly deprecated: boolean
  /** Undefined: open to everyone. */
  readonly scope: string | undefined
  readonly permission: string | undefined
  readonly roles: readonly string[]
  readonly parameters: readonly ReferenceParameter[]
  readonly sent: ReferenceBody | undefined
  readonly curl: string
  readonly answer: { readonly status: string; readonly body: ReferenceBody | undefined } | undefined
  readonly otherAnswers: readonly { readonly status: string; readonly description: string }[]
}

/** Operations that belong together. */
export interface ReferenceGroup {
  readonly name: string
  readonly anchor: string
  readonly description: string | undefined
  readonly operations: readonly ReferenceOperation[]
}

/** All that the reference shows. */
export interface ApiReference {
  readonly title: string
  readonly version: string
  readonly description: string | undefined
  readonly baseUrl: string
  readonly groups: readonly ReferenceGroup[]
  readonly errorRows: readonly SchemaRow[]
}

/** What the reference shows of an OpenAPI 3.1 document. Pure. */
export function toApiReference(document: ApiDocument): ApiReference {
  const { title, version, description } = document.info
  const baseUrl = document.servers?.[0]?.url ?? ""
  const groups = groupOperations(document).map((group) => {
    return { ...group, operations: group.operations.map((one) => toReferenceOperation(one, document, baseUrl)) }
  })
  const error = document.components?.schemas?.["Error"]
  const errorRows = error === undefined ? [] : toSchemaRows(error, document)
  return { title, version, description, baseUrl, groups, errorRows }
}

function toReferenceOperation(listed: ListedOperation, document: ApiDocument, baseUrl: string): ReferenceOperation {
  const { method, path, anchor, operation } = listed
  const [first, ...others] = Object.entries(operation.responses)
  return {
    method,
    path,
    anchor,
    summary: operation.summary ?? path,
    description: operation.description,
    deprecated: operation.deprecated === true,
    scope: operation["x-scope"] ?? undefined,
    permission: operation["x-permission"] ?? undefined,
    roles: operation["x-role"] ?? [],
    parameters: (operation.parameters ?? []).map((parameter) => toReferenceParameter(parameter, document)),
    sent: toReferenceBody(operation.requestBody?.content, document),
    curl: curlSample(listed, baseUrl),
    answer: first && { status: first[0], body: toReferenceBody(first[1].content, document) },
    otherAnswers: others.map(([status, { description }]) => ({ status, description })),
  }
}

function toReferenceParameter(parameter: ApiParameter, document: ApiDocument): ReferenceParameter {
  const { name, required = false, description, schema = {} } = parameter
  return { path: [name], required, description, place: parameter.in, ...describeValue(schema, document) }
}

function toReferenceBody(content: ApiContent | undefined, document: ApiDocument): ReferenceBody | undefined {
  const [first] = Object.values(content ?? {})
  if (first === undefined) return undefined
  const { schema, example } = first
  return {
    rows: schema === undefined ? [] : toSchemaRows(schema, document),
    example: example === undefined ? undefined : JSON.stringify(example, undefined, 2),
  }
}
