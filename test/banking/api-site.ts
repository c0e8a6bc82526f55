import type { FastifyInstance } from "fastify"
import { registerBankingApi } from "../../src/banking/api.routes.ts"
import { type Clock, instantAfter } from "../../src/clock.ts"
import { readConfig } from "../../src/config.ts"
import type { Context } from "../../src/context.ts"
import { closeDatabase, openDatabase } from "../../src/database/open-database.ts"
import { createServer } from "../../src/http/server.ts"
import type { Permission, Role } from "../../src/identity/permission.ts"
import type { Mode } from "../../src/ids.ts"
import { createInstanceBus } from "../../src/instance-bus.ts"
import { createLog } from "../../src/log.ts"
import { createMailer } from "../../src/mail.ts"
import { createMetrics } from "../../src/metrics.ts"
import { accessTokenId, signAccessToken } from "../../src/oauth/access-token.ts"
import { startAuthorizationServer } from "../../src/oauth/authorization-server.ts"
import type { KeySet } from "../../src/oauth/key-set.ts"
import { scopes as allScopes, type Scope } from "../../src/oauth/protocol.ts"
import type { Resolve } from "../../src/outbound/find-addresses.ts"
import { createOutbound } from "../../src/outbound/guarded-request.ts"
import { createDeliveryTools } from "../../src/webhooks/delivery-service.ts"
import { makeFakeClock } from "../support/clock.ts"
import { findFreePort } from "../support/free-port.ts"
import { type Answer, makeVisitor } from "../support/http.ts"
import { aClient, aGrant, aUser } from "../support/make.ts"
import { TEST_SECRET } from "../support/processes.ts"

/** The resource API on its own port, with the real token check before it. */
export interface ApiSite {
  readonly url: string
  readonly context: Context
  readonly keys: KeySet
  readonly app: FastifyInstance
  /** Whether the service says it is ready. */
  ready: boolean
  close(): Promise<void>
}

export interface ApiSiteOptions {
  readonly clock?: Clock
  readonly env?: Readonly<Record<string, string>>
  /** The name servers; unless told otherwise, every name has one public address. */
  readonly resolve?: Resolve
}

/** Starts the API on a database; limits are off unless `env` sets them. */
export async function startApiSite(databaseUrl: string, options: ApiSiteOptions = {}): Promise<ApiSite> {
  const port = await findFreePort()
  const config = readConfig({
    PORT: String(port),
    SEPAY_SECRET: TEST_SECRET,
    DATABASE_URL: databaseUrl,
    RATE_LIMIT_GRANT: "off",
    RATE_LIMIT_IP: "off",
    LOG_LEVEL: "silent",
    OUTBOUND_ALLOW: "127.0.0.0/8,::1/128",
    ...options.env,
  })
  const db = await openDatabase({ url: databaseUrl })
  const outbound = createOutbound(config.outbound, { resolve: options.resolve ?? (async () => ["93.184.216.34"]) })
  const clock = options.clock ?? makeFakeClock()
  const log = createLog(config.logLevel)
  const context: Context = {
    config,
    clock,
    db,
    log,
    metrics: createMetrics(),
    bus: createInstanceBus(),
    outbound,
    mail: createMailer({ config, clock, log, db }),
  }
  const app = createServer(context)
  const server = await startAuthorizationServer(context)
  const site: ApiSite = {
    url: `http://127.0.0.1:${port}`,
    context,
    keys: server.keys,
    app,
    ready: true,
    close: async () => {
      server.stop()
      await app.close()
      await outbound.close()
      await closeDatabase(db)
    },
  }
  registerBankingApi(app, context, {
    requestLog: server.requestLog,
    guard: server.guard,
    deliveryTools: createDeliveryTools(context),
    isReady: () => site.ready,
  })
  await app.listen({ port, host: "127.0.0.1" })
  return site
}

export interface CallerOptions {
  readonly companyId: number
  readonly role?: Role
  readonly permissions?: readonly Permission[]
  readonly scopes?: readonly Scope[]
  readonly mode?: Mode
  readonly bankAccountIds?: readonly number[]
  readonly legacyTokenErrors?: boolean
  readonly user?: Readonly<Record<string, unknown>>
}

/** Somebody with a valid access token. */
export interface Caller {
  readonly token: string
  readonly userId: number
  readonly familyId: number
  readonly clientId: string
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  send(path: string, init: RequestInit): Promise<Answer>
  patch(path: string, body: unknown): Promise<Answer>
  post(path: string, body: unknown): Promise<Answer>
  delete(path: string): Promise<Answer>
}

/** What a token is made with. */
export type TokenSite = Pick<ApiSite, "url" | "context" | "keys">

/** Makes user, app and grant, and a token for all scopes signed with the site's key. */
export async function aCaller(site: TokenSite, options: CallerOptions): Promise<Caller> {
  const { db } = site.context
  const { companyId, role = "SuperAdmin", permissions = [], scopes, mode, bankAccountIds } = options
  const userId = await aUser(db, { companyId, role, permissions, ...options.user })
  const client = await aClient(db, {
    companyId,
    userId,
    legacy_token_errors: Number(options.legacyTokenErrors ?? false),
  })
  const { familyId } = await aGrant(db, {
    clientRowId: client.id,
    userId,
    companyId,
    ...(mode !== undefined && { mode }),
    ...(scopes !== undefined && { scopes }),
    ...(bankAccountIds !== undefined && { bankAccountIds }),
  })
  const token = signTokenOf(site, { userId, clientId: client.clientId, familyId })
  const visitor = makeVisitor(site.url)
  const send: Caller["send"] = (path, init) =>
    visitor.send(`/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } })
  const sendJson = (method: string) => (path: string, body: unknown) =>
    send(path, { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } })
  return {
    token,
    userId,
    familyId,
    clientId: client.clientId,
    send,
    get: (path, headers = {}) => send(path, { headers }),
    patch: sendJson("PATCH"),
    post: sendJson("POST"),
    delete: (path) => send(path, { method: "DELETE" }),
  }
}

/** Signs an access token of one hour from the site's now. */
export function signTokenOf(
  { context, keys }: TokenSite,
  token: { userId: number; clientId: string; familyId: number; issuer?: string },
): string {
  const now = context.clock.now()
  return signAccessToken(keys.active(), {
    issuer: token.issuer ?? context.config.url,
    userId: token.userId,
    clientId: token.clientId,
    scope: allScopes,
    issuedAt: now,
    expiresAt: instantAfter(now, 3_600_000),
    tokenId: accessTokenId(token.familyId, 1),
  })
}
