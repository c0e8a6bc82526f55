import assert from "node:assert/strict"
import { createHash, randomBytes } from "node:crypto"
import type { Context } from "../../src/context.ts"
import { transaction } from "../../src/database/engine.ts"
import { createUser } from "../../src/identity/user.ts"
import { getRequest, storeRequest } from "../../src/oauth/authorization.ts"
import { checkAuthorizationRequest } from "../../src/oauth/authorization-request.ts"
import { type ClientRegistration, registerClient } from "../../src/oauth/client.ts"
import { recordConsent } from "../../src/oauth/consent.ts"
import { parseRawParameters } from "../../src/oauth/raw-parameters.ts"
import { parseScope } from "../../src/oauth/scope.ts"
import type { OutboundOptions } from "../../src/outbound/guarded-request.ts"
import { startApp, type TestApp } from "./app.ts"
import { type FakeClock, makeFakeClock } from "./clock.ts"
import { type Answer, basicAuthorization, encodeForm, type FormFields, makeVisitor, type Visitor } from "./http.ts"

/** A person who can sign in, in a company. */
export interface TestUser {
  readonly id: number
  readonly companyId: number
  readonly email: string
  readonly password: string
}

/** A registered app with its secret; a public one has none. */
export interface TestClient {
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
}

/** The platform in this process under a fake clock, with a merchant who is SuperAdmin of a company. */
export interface OAuthSite {
  readonly app: TestApp
  readonly url: string
  readonly clock: FakeClock
  readonly merchant: TestUser
  /** A caller without cookies. */
  readonly caller: Visitor
  /** Every secret, code and token that was handed out or sent: none of them may reach a log. */
  readonly secrets: Set<string>
  /** Ends it, and fails if a secret reached a log or an answer was a 5xx. */
  stop(): Promise<void>
}

/** As much of a site as clients need, whether it runs in this process or in others. */
export interface OAuthGround extends Pick<OAuthSite, "url" | "merchant" | "caller" | "secrets"> {
  readonly app: { readonly context: Pick<Context, "config" | "db" | "clock"> }
}

export interface SiteOptions {
  readonly clock?: FakeClock
  readonly env?: Readonly<Record<string, string>>
  /** One that exists in the database already. */
  readonly merchant?: TestUser
  /** The outside world that the app's own calls see. */
  readonly outside?: OutboundOptions
}

export const everyScope = "bank-account:read transaction:read webhook:read webhook:write webhook:delete profile company"

let users = 0

/** Starts the platform on a migrated database. */
export async function startOAuthSite(databaseUrl: string, options: SiteOptions = {}): Promise<OAuthSite> {
  const clock = options.clock ?? makeFakeClock()
  const { env = {}, outside = {} } = options
  const app = await startApp({ databaseUrl, clock, env, outside })
  const secrets = new Set<string>()
  const merchant = options.merchant ?? (await addUser(app))
  return {
    app,
    url: app.url,
    clock,
    merchant,
    // By its port, since a site may be told to call itself something else (SEPAY_URL).
    caller: makeVisitor(`http://localhost:${app.context.config.port}`),
    secrets,
    stop: async () => {
      await app.stop()
      assertCleanLog(app.logLines, secrets)
    },
  }
}

/** Creates a user: SuperAdmin of a new company, or of the role given in one that exists. */
export async function addUser(app: OAuthGround["app"], companyId?: number, role?: string): Promise<TestUser> {
  const { db, clock } = app.context
  const email = `merchant-${process.pid}-${++users}@shop.example`
  const password = "mot mat khau that dai 2026"
  const company = companyId === undefined ? { fullName: `Company ${users}` } : { id: companyId }
  const { id, companyId: inCompany } = await createUser(db, clock.now(), { email, password, company, role })
  return { id, companyId: inCompany, email, password }
}

/** Registers an app of the merchant: approved, profile `sepay`, all scopes, unless told otherwise. */
export async function addClient(site: OAuthGround, changes: Partial<ClientRegistration> = {}): Promise<TestClient> {
  const { config, db, clock } = site.app.context
  const redirectUri = changes.redirectUris?.[0] ?? "https://shop.example/callback"
  const { clientId, clientSecret } = await registerClient(db, config.keyring, clock.now(), {
    name: "Shop",
    ownerEmail: site.merchant.email,
    redirectUris: [redirectUri],
    scope: everyScope,
    approve: true,
    ...changes,
  })
  if (clientSecret !== null) site.secrets.add(clientSecret)
  return { clientId, clientSecret: clientSecret ?? "", redirectUri }
}

export interface GrantOptions {
  readonly user?: TestUser
  readonly scope?: string
  /** What of it the user leaves ticked; all, if absent. */
  readonly ticked?: string
  readonly challenge?: string
  readonly redirectUri?: string
  readonly bankAccountIds?: readonly number[]
}

/** Has the user allow the app, by the operations behind the consent page, and returns the code. */
export async function grantCode(site: OAuthGround, client: TestClient, options: GrantOptions = {}): Promise<string> {
  const { config, db, clock } = site.app.context
  const { user = site.merchant, scope = "profile company", challenge, bankAccountIds } = options
  const query = encodeForm({
    response_type: "code",
    client_id: client.clientId,
    redirect_uri: options.redirectUri ?? client.redirectUri,
    scope,
    code_challenge: challenge,
    code_challenge_method: challenge === undefined ? undefined : "S256",
  })
  const checked = await checkAuthorizationRequest(db, parseRawParameters(query.toString()))
  assert.equal(checked.request.error, null)
  const handle = await storeRequest(db, config.keyring, checked.request, clock.now())
  const { stored } = await getRequest(db, config.keyring, handle)
  const consentCase = { stored, client: checked.client, userId: user.id, companyId: user.companyId }
  const ticked = parseScope(options.ticked ?? scope) ?? []
  const scopes = checked.request.scope.filter((one) => ticked.includes(one))
  const choice = { mode: "live" as const, scopes, bankAccountIds }
  const code = await recordConsent(db, config.keyring, consentCase, choice, clock.now())
  assert.ok(code !== undefined)
  site.secrets.add(code)
  return code
}

/** What the token endpoint answers on success. */
export interface TokenBody {
  readonly access_token: string
  readonly token_type: string
  readonly expires_in: number
  readonly refresh_token: string
  readonly scope: string
}

/** Posts a form to the token endpoint, and notes whatever secret comes back. */
export async function postToken(
  site: OAuthGround,
  fields: FormFields,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await site.caller.postForm("/oauth/token", fields, headers)
  if (answer.status === 200) {
    const body = answer.json<TokenBody>()
    site.secrets.add(body.access_token)
    site.secrets.add(body.refresh_token)
  }
  return answer
}

/** The form fields of `client_secret_post`. */
export function credentials(client: TestClient): FormFields {
  return { client_id: client.clientId, client_secret: client.clientSecret }
}

/** The header of `client_secret_basic`. */
export function basic(client: TestClient): Record<string, string> {
  return { authorization: basicAuthorization(client.clientId, client.clientSecret) }
}

/** Redeems a code as the client does; `changes` replaces or, with undefined, removes fields. */
export function redeemCode(
  site: OAuthGround,
  client: TestClient,
  code: string,
  changes: FormFields = {},
): Promise<Answer> {
  const fields = { grant_type: "authorization_code", code, redirect_uri: client.redirectUri }
  return postToken(site, { ...fields, ...credentials(client), ...changes })
}

/** Presents a refresh token as the client does. */
export function refresh(
  site: OAuthGround,
  client: TestClient,
  token: string,
  changes: FormFields = {},
): Promise<Answer> {
  return postToken(site, { grant_type: "refresh_token", refresh_token: token, ...credentials(client), ...changes })
}

/** A whole connection: consent, code, tokens. */
export async function connect(site: OAuthGround, client: TestClient, options: GrantOptions = {}): Promise<TokenBody> {
  return expectTokens(await redeemCode(site, client, await grantCode(site, client, options)))
}

/** Calls a resource that needs the scope `profile`, and returns the status. */
export async function callApi(site: OAuthGround, accessToken: string): Promise<number> {
  const { status } = await site.caller.get("/api/v1/me", { authorization: `Bearer ${accessToken}` })
  return status
}

/** Reads a 200 of the token endpoint, and checks its form (contract/oauth.md §1, §6.3). */
export function expectTokens(answer: Answer): TokenBody {
  assert.equal(answer.status, 200, answer.text)
  assertJsonHeaders(answer)
  const body = answer.json<TokenBody>()
  assert.deepEqual(Object.keys(body).sort(), ["access_token", "expires_in", "refresh_token", "scope", "token_type"])
  assert.equal(body.token_type, "Bearer")
  return body
}

/** Checks the form of a JSON error (contract/oauth.md §1), and returns its description. */
export function expectRefusal(answer: Answer, status: number, error: string, hint?: string): string {
  assert.equal(`${answer.status} ${answer.json<{ error: string }>().error}`, `${status} ${error}`, answer.text)
  assertJsonHeaders(answer)
  const body = answer.json<Record<string, unknown>>()
  const unknown = Object.keys(body).filter((name) => !/^(error|error_description|message|hint)$/.test(name))
  assert.deepEqual(unknown, [])
  const description = body["error_description"]
  assert.ok(typeof description === "string" && /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/.test(description), answer.text)
  assert.equal(body["message"], description)
  if (hint !== undefined) assert.equal(body["hint"], hint)
  return description
}

function assertJsonHeaders({ headers }: Answer): void {
  assert.equal(headers.get("content-type"), "application/json; charset=utf-8")
  assert.equal(headers.get("cache-control"), "no-store")
  assert.equal(headers.get("pragma"), "no-cache")
  assert.match(headers.get("x-request-id") ?? "", /^[A-Za-z0-9._-]{1,128}$/)
}

/** A PKCE pair (RFC 7636). */
export function makePkce(): { readonly verifier: string; readonly challenge: string } {
  const verifier = randomBytes(32).toString("base64url")
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") }
}

/** What a JWT says, unverified. */
export function readClaims(accessToken: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(accessToken.split(".")[1] ?? "", "base64url").toString("utf8"))
}

/** Runs a change of the database in a transaction of its own, for states that no operation reaches. */
export function changeDatabase(site: OAuthSite, change: Parameters<typeof transaction<unknown>>[1]): Promise<unknown> {
  return transaction(site.app.context.db, change)
}

function assertCleanLog(lines: readonly string[], secrets: ReadonlySet<string>): void {
  const log = lines.join("")
  for (const secret of secrets) assert.ok(!log.includes(secret), `the log holds ${secret.slice(0, 12)}…`)
  const failed = lines.filter((line) => /"status":5\d\d/.test(line))
  assert.deepEqual(failed, [], "an answer was a 5xx")
}

/** Has the process take notice of changes that an operation made beside it, which it would by itself within a second. */
export function noticeChanges(site: OAuthSite): Promise<void> {
  return site.app.context.bus.announce("access-changed")
}
