import type {} from "@fastify/swagger"
import type { FastifyInstance, FastifySchema, HTTPMethods } from "fastify"
import { errorAnswer } from "./api-values.wire.ts"

/** A route of the API as the reference describes it. */
export interface DescribedRoute {
  readonly method: readonly HTTPMethods[] | readonly string[]
  readonly url: string
  readonly schema: FastifySchema | undefined
  readonly gates: GatesShown
}

type GatesShown =
  | { readonly scope: string; readonly permission?: string | undefined; readonly administrator?: boolean | undefined }
  | "public"

declare module "fastify" {
  interface FastifySchema {
    /** Samples of the contract by status, for the reference only. */
    examples?: Readonly<Record<number, unknown>>
    requestExample?: unknown
    /** Statuses of errors beyond those every endpoint has (contract/api.md §4). */
    failures?: readonly number[]
  }
}

type Json = Record<string, unknown>

/** Serves the description of the API at `openapi.json`, for everyone. */
export function openApiRoute(v1: FastifyInstance, describeApi: () => Promise<string>): void {
  v1.get("/openapi.json", { config: { gates: "public" }, schema: { hide: true } }, async (_request, reply) => {
    reply.header("content-type", "application/json; charset=utf-8")
    return describeApi()
  })
}

/** Renders OpenAPI 3.1 from the schemas that check requests; `url` is the public base URL. */
export async function renderOpenApi(routes: readonly DescribedRoute[], url: string): Promise<string> {
  // Loaded here, not at the start: it costs more than all else the API needs.
  const [{ default: fastify }, { default: swagger }, { jsonSchemaTransform }, { z }] = await Promise.all([
    import("fastify"),
    import("@fastify/swagger"),
    import("fastify-type-provider-zod"),
    import("zod"),
  ])
  const renderer = fastify({ exposeHeadRoutes: false })
  renderer.setValidatorCompiler(() => () => true)
  renderer.setSerializerCompiler(() => JSON.stringify)
  await renderer.register(swagger, { openapi: description(url) as never, transform: jsonSchemaTransform })
  for (const { method, url: path, schema, gates } of routes) {
    renderer.route({
      method: [...method] as HTTPMethods[],
      url: path,
      schema: { ...plainSchema(schema), ...gateFields(gates) } as FastifySchema,
      handler: async () => undefined,
    })
  }
  await renderer.ready()
  const document = renderer.swagger() as unknown as { paths: Json; components: Json }
  const { $schema: _dialect, ...errorSchema } = z.toJSONSchema(errorAnswer)
  document.components = { ...document.components, schemas: { Error: errorSchema } }
  for (const route of routes) complete(document.paths, route)
  await renderer.close()
  return JSON.stringify(document)
}

function plainSchema(schema: FastifySchema | undefined): FastifySchema {
  const { examples: _examples, requestExample: _requestExample, failures: _failures, ...plain } = schema ?? {}
  return plain
}

function description(url: string): Json {
  return {
    openapi: "3.1.0",
    info: {
      title: "SePay OAuth2 API",
      version: "1",
      description:
        "Bank accounts, transactions and company settings of a merchant, for apps the merchant has granted access. " +
        "Times are Vietnam time (UTC+7) without zone; amounts are whole dong.",
    },
    servers: [{ url }],
    components: {
      securitySchemes: {
        oauth2: {
          type: "oauth2",
          flows: {
            authorizationCode: {
              authorizationUrl: `${url}/oauth/authorize`,
              tokenUrl: `${url}/oauth/token`,
              refreshUrl: `${url}/oauth/token`,
              scopes: scopeTexts,
            },
          },
        },
        bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
      },
    },
  }
}

/** Scopes in the words of the consent page (contract/oauth.md §3). */
const scopeTexts = {
  "bank-account:read": "See bank accounts, sub-accounts and balances",
  "transaction:read": "See transactions and their details",
  "webhook:read": "See webhook settings, including their API keys",
  "webhook:write": "Create and change webhooks",
  "webhook:delete": "Delete webhooks",
  profile: "See your name, e-mail, phone and picture",
  company: "See company details and change payment-code settings",
}

function gateFields(gates: GatesShown): Json {
  if (gates === "public") return { security: [] }
  return { security: [{ oauth2: [gates.scope] }, { bearer: [] }] }
}

const everyFailure: Readonly<Record<number, string>> = {
  400: "Malformed or failed validation (invalid_request)",
  401: "Token missing, not valid or expired (invalid_token, expired_token)",
  403: "Scope or permission missing (insufficient_scope, forbidden)",
  404: "No such path or object, or not visible to this grant (not_found)",
  409: "A secret roll is under way (conflict)",
  413: "Body over 256 KiB (payload_too_large)",
  415: "Body of another type or encoding (unsupported_media_type)",
  429: "Too many requests (rate_limited), with Retry-After",
  500: "Something failed on our side (server_error)",
  503: "Not available at the moment (unavailable), with Retry-After",
}
const always = [401, 403, 404, 429, 500, 503]

interface Operation {
  responses: Record<string, { description: string; content?: Record<string, Json> }>
  requestBody?: { content: Record<string, Json> }
  [extension: `x-${string}`]: unknown
}

/** Adds what the renderer has no place for: error answers, samples, and both gates. */
function complete(paths: Json, { method, url, schema, gates }: DescribedRoute): void {
  const operations = paths[url.replace(/:(\w+)\(.*?\$\)/g, "{$1}")] as Record<string, Operation> | undefined
  for (const name of method) {
    const operation = operations?.[name.toLowerCase()]
    if (operation === undefined) continue
    if (gates !== "public") {
      operation["x-scope"] = gates.scope
      operation["x-permission"] = gates.permission ?? null
      operation["x-role"] = gates.administrator === true ? ["Admin", "SuperAdmin"] : null
    }
    for (const [status, example] of Object.entries(schema?.examples ?? {})) {
      const content = operation.responses[status]?.content?.["application/json"]
      if (content !== undefined) content["example"] = example
    }
    const sent = operation.requestBody?.content["application/json"]
    if (sent !== undefined && schema?.requestExample !== undefined) sent["example"] = schema.requestExample
    for (const status of [...always, ...(schema?.failures ?? [])].sort()) {
      operation.responses[status] = {
        description: everyFailure[status] ?? "Refused",
        content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
      }
    }
  }
}
