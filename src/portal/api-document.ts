/** The members of an OpenAPI 3.1 document that the reference shows. */
export interface ApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string }
  readonly servers?: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<HttpMethod, ApiOperation>>>>>
  readonly components?: {
    readonly schemas?: Readonly<Record<string, ApiSchema>>
    readonly securitySchemes?: Readonly<Record<string, SecurityScheme>>
  }
}

export interface ApiOperation {
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly deprecated?: boolean
  readonly parameters?: readonly ApiParameter[]
  readonly requestBody?: { readonly content: ApiContent }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: ApiContent }>>
  readonly "x-scope"?: string | null
  readonly "x-permission"?: string | null
  /** Roles that alone may call it. */
  readonly "x-role"?: readonly string[] | null
}

export interface ApiParameter {
  readonly name: string
  readonly in: "path" | "query" | "header" | "cookie"
  readonly required?: boolean
  readonly description?: string
  readonly schema?: ApiSchema
}

/** By media type. */
export type ApiContent = Readonly<Record<string, { readonly schema?: ApiSchema; readonly example?: unknown }>>

/** JSON Schema, as far as zod writes it. */
export interface ApiSchema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly format?: string
  readonly pattern?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, ApiSchema>>
  readonly required?: readonly string[]
  readonly items?: ApiSchema
  readonly additionalProperties?: boolean | ApiSchema
  readonly anyOf?: readonly ApiSchema[]
  readonly oneOf?: readonly ApiSchema[]
  readonly allOf?: readonly ApiSchema[]
}

interface SecurityScheme {
  readonly flows?: Readonly<Record<string, { readonly scopes?: Readonly<Record<string, string>> }>>
}

const methods = ["get", "post", "put", "patch", "delete"] as const
type HttpMethod = (typeof methods)[number]

/** An operation with where it is. */
export interface ListedOperation {
  readonly method: HttpMethod
  readonly path: string
  /** Names it within the page: `get-api-v1-transactions-id`. */
  readonly anchor: string
  readonly operation: ApiOperation
}

export interface OperationGroup {
  readonly name: string
  readonly anchor: string
  readonly description: string | undefined
  readonly operations: readonly ListedOperation[]
}

/** The operations by tag, else by the scope that opens them, in the order of the document. Pure. */
export function groupOperations(document: ApiDocument): readonly OperationGroup[] {
  const groups = new Map<string, ListedOperation[]>()
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = item[method]
      if (operation === undefined) continue
      const name = operation.tags?.[0] ?? operation["x-scope"] ?? ""
      groups.set(name, [
        ...(groups.get(name) ?? []),
        { method, path, anchor: anchorOf(`${method} ${path}`), operation },
      ])
    }
  }
  const texts = scopeTexts(document)
  return [...groups].map(([name, operations]) => {
    return { name, anchor: anchorOf(`group ${name}`), description: texts.get(name), operations }
  })
}

function scopeTexts({ components }: ApiDocument): ReadonlyMap<string, string> {
  const flows = Object.values(components?.securitySchemes ?? {}).flatMap(({ flows: all }) => Object.values(all ?? {}))
  return new Map(flows.flatMap(({ scopes }) => Object.entries(scopes ?? {})))
}

function anchorOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
}
