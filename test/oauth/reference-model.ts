/**
 * What contract/oauth.md says of codes, families and tokens, in as few words as possible and written from its text alone:
 * §5.1 (result), §5.2, §8, §9. One user, several clients, no database, no time but `now`.
 */
export interface ModelGrant {
  readonly client: number
  scopes: readonly string[]
  alive: boolean
}

export interface ModelCode {
  readonly client: number
  readonly grant: ModelGrant
  readonly scope: readonly string[]
  readonly issuedAt: number
  family: ModelFamily | undefined
  usedAt: number
}

export interface ModelAccessToken {
  readonly family: ModelFamily
  readonly scope: readonly string[]
  readonly expiresAt: number
  revoked: boolean
}

export interface ModelFamily {
  readonly client: number
  readonly grant: ModelGrant
  readonly scope: readonly string[]
  alive: boolean
  /** Number of the current refresh token, from 0. */
  current: number
  rotatedAt: number
  refreshExpiresAt: number
  rotationScope: string | undefined
  newest: ModelAccessToken
}

export type Expected =
  | { readonly kind: "error"; readonly error: "invalid_grant" | "invalid_scope" | "unauthorized_client" }
  | { readonly kind: "issued"; readonly family: ModelFamily; readonly access: ModelAccessToken }
  | { readonly kind: "repeated"; readonly family: ModelFamily; readonly access: ModelAccessToken }

const codeLifetimeMs = 300_000
const accessLifetimeMs = 3_600_000
const refreshLifetimeMs = 30 * 86_400_000
const windowMs = 60_000

const invalidGrant: Expected = { kind: "error", error: "invalid_grant" }

/** §5.1: scopes = (old − requested) ∪ ticked; the code's scope = the ticked ones, in the order of the request. */
export function authorize(
  grants: ModelGrant[],
  client: number,
  requested: readonly string[],
  ticked: readonly string[],
  now: number,
): ModelCode {
  let grant = grants.find((known) => known.client === client && known.alive)
  if (grant === undefined) {
    grant = { client, scopes: [], alive: true }
    grants.push(grant)
  }
  grant.scopes = [...grant.scopes.filter((scope) => !requested.includes(scope)), ...ticked]
  return { client, grant, scope: ticked, issuedAt: now, family: undefined, usedAt: 0 }
}

/** §5.2, for a request by `client` with that redirect URI right or wrong. */
export function exchange(code: ModelCode, client: number, uriIsRight: boolean, now: number): Expected {
  if (client !== code.client || !uriIsRight) return invalidGrant
  if (code.family !== undefined) {
    code.family.alive = false
    return invalidGrant
  }
  if (now >= code.issuedAt + codeLifetimeMs || !code.grant.alive) return invalidGrant
  const scope = code.scope.filter((one) => code.grant.scopes.includes(one))
  if (scope.length === 0) return invalidGrant
  const family: Omit<ModelFamily, "newest"> = {
    client,
    grant: code.grant,
    scope: code.scope,
    alive: true,
    current: 0,
    rotatedAt: now,
    refreshExpiresAt: now + refreshLifetimeMs,
    rotationScope: undefined,
  }
  const begun = family as ModelFamily
  begun.newest = issueAccess(begun, scope, now)
  code.family = begun
  code.usedAt = now
  return { kind: "issued", family: begun, access: begun.newest }
}

/** §8, row by row, for the family's refresh token of that number. */
export function refresh(
  family: ModelFamily,
  number: number,
  client: number,
  scopeParameter: string | undefined,
  now: number,
): Expected {
  if (!family.alive || !family.grant.alive) return invalidGrant // 1
  if (client !== family.client) return invalidGrant // 2
  if (number === family.current) {
    if (now >= family.refreshExpiresAt) return invalidGrant // 3
    return rotate(family, scopeParameter, now) // 4
  }
  if (number === family.current - 1 && now - family.rotatedAt <= windowMs) {
    if (scopeParameter !== family.rotationScope) return invalidGrant // 6
    return { kind: "repeated", family, access: family.newest } // 5
  }
  family.alive = false // 7
  return invalidGrant
}

function rotate(family: ModelFamily, scopeParameter: string | undefined, now: number): Expected {
  const wanted = scopeParameter === undefined ? family.scope : scopeParameter.split(" ")
  if (wanted.some((scope) => !family.scope.includes(scope))) return { kind: "error", error: "invalid_scope" }
  const scope = wanted.filter((one) => family.grant.scopes.includes(one))
  if (scope.length === 0) return invalidGrant
  family.current += 1
  family.rotatedAt = now
  family.refreshExpiresAt = now + refreshLifetimeMs
  family.rotationScope = scopeParameter
  family.newest = issueAccess(family, scope, now)
  return { kind: "issued", family, access: family.newest }
}

function issueAccess(family: ModelFamily, scope: readonly string[], now: number): ModelAccessToken {
  const issuedAt = Math.floor(now / 1000) * 1000
  return { family, scope, expiresAt: issuedAt + accessLifetimeMs, revoked: false }
}

/** §9: the family of a refresh token. */
export function revokeFamily(family: ModelFamily, client: number): Expected | undefined {
  if (client !== family.client) return { kind: "error", error: "unauthorized_client" }
  family.alive = false
  return undefined
}

/** §9: that access token. An expired one is as good as revoked, whoever asks. */
export function revokeAccess(token: ModelAccessToken, client: number, now: number): Expected | undefined {
  if (now >= token.expiresAt) return undefined
  if (client !== token.family.client) return { kind: "error", error: "unauthorized_client" }
  token.revoked = true
  return undefined
}

/** §7 and §1 (effective scope): the status of a call that needs `profile`. */
export function apiStatus(token: ModelAccessToken, now: number): 200 | 401 | 403 {
  const { family } = token
  if (token.revoked || now >= token.expiresAt || !family.alive || !family.grant.alive) return 401
  return token.scope.includes("profile") && family.grant.scopes.includes("profile") ? 200 : 403
}
