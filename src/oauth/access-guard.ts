import type { Clock, Instant } from "../clock.ts"
import type { Config } from "../config.ts"
import type { Database } from "../database/engine.ts"
import type { Permission, Role } from "../identity/permission.ts"
import type { FamilyId, Mode } from "../ids.ts"
import type { AccessRow } from "./access.store.ts"
import type { Access } from "./access.ts"
import { explainRefusal, explainUnverifiable, type ToldRefusal } from "./access-refusal.ts"
import { type GenuineToken, readAccessToken, unverifiedAudience } from "./access-token.ts"
import type { AccessView } from "./access-view.ts"
import { findClient } from "./clients.store.ts"
import type { KeySet } from "./key-set.ts"
import type { LastUsed } from "./last-used.ts"
import type { Scope } from "./protocol.ts"

/** Why an access token was not accepted; what it says depends on the app's `legacy_token_errors` (contract/api.md §4). */
export type TokenRefusalReason = "missing" | "unverifiable" | "expired" | "revoked"

/** A request without a valid access token (RFC 6750 §3). */
export class TokenRefused extends Error {
  readonly reason: TokenRefusalReason
  /** The app of the token wants the one old error code for everything. */
  readonly legacy: boolean
  /** Whose token it is and the exact reason, for that app's developer; undefined when it is nobody's. */
  readonly told: ToldRefusal | undefined

  constructor(reason: TokenRefusalReason, legacy: boolean, told?: ToldRefusal) {
    super(descriptions[reason])
    this.name = "TokenRefused"
    this.reason = reason
    this.legacy = legacy
    this.told = told
  }
}

const descriptions: Readonly<Record<TokenRefusalReason, string>> = {
  missing: "An access token is required",
  unverifiable: "The access token could not be verified",
  expired: "The access token has expired",
  revoked: "The access token has been revoked",
}

export interface AccessGuard {
  /**
   * Finds out what the bearer of the request's token may do now (contract/oauth.md §7).
   *
   * @param authorization the value of the `Authorization` header
   * @throws TokenRefused, DatabaseUnavailable
   */
  authenticate(authorization: string | undefined): Promise<Access>
}

interface VerifiedToken extends GenuineToken {
  readonly keysVersion: number
  /** What the token gave last time; good as long as the view holds the very same row. */
  granted: { readonly row: AccessRow; readonly access: Access } | undefined
}

const maximumRemembered = 10_000
const longestToken = 8192

export interface GuardParts {
  readonly db: Database
  readonly config: Config
  readonly clock: Clock
  readonly keys: KeySet
  readonly view: AccessView
  readonly lastUsed: LastUsed
}

/**
 * The resource server's gate. A signature is checked once per token and process; everything that can end a token is
 * looked at on every request.
 */
export function createAccessGuard(parts: GuardParts): AccessGuard {
  const { db, config, clock, keys, view, lastUsed } = parts
  const verified = new Map<string, VerifiedToken>()

  async function readToken(token: string): Promise<VerifiedToken | undefined> {
    const known = verified.get(token)
    if (known !== undefined && known.keysVersion === keys.version()) return known
    const genuine = readAccessToken(token, config.url, keys.verifying) ?? (await readWithFreshKeys(token))
    if (genuine === undefined) return undefined
    const entry: VerifiedToken = { ...genuine, keysVersion: keys.version(), granted: undefined }
    if (verified.size >= maximumRemembered) {
      const oldest = verified.keys().next().value
      if (oldest !== undefined) verified.delete(oldest)
    }
    verified.set(token, entry)
    return entry
  }

  // A key that another node has just put into use is not a bad signature: the view says so within a second.
  async function readWithFreshKeys(token: string): Promise<GenuineToken | undefined> {
    const versionBefore = keys.version()
    await view.refresh()
    return keys.version() === versionBefore ? undefined : readAccessToken(token, config.url, keys.verifying)
  }

  async function refuse(reason: TokenRefusalReason, token: string, told?: ToldRefusal): Promise<never> {
    const audience = unverifiedAudience(token)
    const client = audience === undefined ? undefined : await findClient(db, audience)
    throw new TokenRefused(reason, client?.legacyTokenErrors ?? false, told)
  }

  return {
    authenticate: async (authorization) => {
      if (authorization === undefined) throw new TokenRefused("missing", false)
      const token = bearerToken(authorization)
      if (token === undefined) throw new TokenRefused("unverifiable", false)
      // Before the signature is looked at: its key may have been burned on another node.
      const stale = view.ensureFresh()
      if (stale !== undefined) await stale
      const genuine = await readToken(token)
      if (genuine === undefined || keys.verifying(genuine.kid) === undefined) {
        return refuse("unverifiable", token, explainUnverifiable(token, config.url, keys.verifying))
      }
      const row = await view.find(genuine.familyId)
      const now = clock.now()
      const problem = tokenProblem(genuine, row, now)
      if (problem !== undefined || row === undefined) {
        return refuse(problem ?? "unverifiable", token, explainRefusal(genuine, row, now))
      }
      lastUsed.grant(row.grantId, now)
      if (genuine.granted?.row !== row) genuine.granted = { row, access: toAccess(genuine, row) }
      return genuine.granted.access
    },
  }
}

function bearerToken(authorization: string): string | undefined {
  // Counting repetitions in the expression doubles its time on every call of the API.
  const token = /^Bearer +([\w.-]+)$/i.exec(authorization)?.[1]
  return token !== undefined && token.length <= longestToken ? token : undefined
}

// Audience before expiry: only a genuine token may be told that it has expired (contract/api.md §4).
function tokenProblem(token: GenuineToken, row: AccessRow | undefined, now: Instant): TokenRefusalReason | undefined {
  if (row === undefined || row.clientId !== token.audience) return "unverifiable"
  if (String(row.userId) !== token.subject) return "unverifiable"
  if (now >= token.expiresAt) return "expired"
  if (!row.familyAlive || row.clientState === "suspended") return "revoked"
  if (row.revokedTokens.has(token.tokenId)) return "revoked"
  return undefined
}

function toAccess(token: GenuineToken, row: AccessRow): Access {
  const registered = row.registeredScopes.map(({ scope }) => scope)
  const effective = row.grantScopes.filter((scope) => token.scope.includes(scope) && registered.includes(scope))
  return {
    clientRowId: row.clientRowId,
    clientId: row.clientId,
    grantId: row.grantId,
    familyId: token.familyId as FamilyId,
    userId: row.userId,
    companyId: row.companyId,
    mode: row.mode as Mode,
    role: row.role as Role,
    permissions: row.permissions as readonly Permission[],
    scopes: new Set<Scope>(effective),
    bankAccountIds: row.bankAccountIds,
  }
}
