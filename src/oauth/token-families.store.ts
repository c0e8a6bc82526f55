import { epochDay, type Instant } from "../clock.ts"
import { prepared, type Queries } from "../database/engine.ts"
import { parseOnce } from "../database/parse-once.ts"
import type { FamilyId, GrantId } from "../ids.ts"
import type { Scope } from "./protocol.ts"

/** The access token of a family's newest answer: all that signing it again needs. Instants are whole seconds, in ms. */
export interface IssuedAccessToken {
  readonly kid: string
  readonly issuedAt: Instant
  readonly expiresAt: Instant
  readonly scope: readonly Scope[]
}

/** All tokens that stem from one code, locked, with the state of what they stand on. */
export interface TokenFamily {
  readonly id: FamilyId
  readonly clientRowId: number
  readonly grantId: GrantId
  readonly userId: number
  readonly scope: readonly Scope[]
  readonly grantScopes: readonly Scope[]
  readonly alive: boolean
  readonly endsAt: Instant | null
  /** Number of the current refresh token. */
  readonly generation: number
  readonly refreshExpiresAt: Instant
  readonly rotatedAt: Instant
  readonly rotationKeyId: string | null
  readonly rotationScopeParameter: string | null
  readonly access: IssuedAccessToken
  /** Number of the refresh token that was presented. */
  readonly presentedGeneration: number
}

export interface NewFamily {
  readonly grantId: GrantId
  readonly clientRowId: number
  readonly scope: readonly Scope[]
  readonly createdAt: Instant
  readonly endsAt: Instant | null
  readonly refreshExpiresAt: Instant
  readonly access: IssuedAccessToken
}

const insertFamilyRow = prepared<
  {
    grantId: number
    clientRowId: number
    scope: string
    createdAt: number
    endsAt: number | null
    refreshExpiresAt: number
    refreshExpiresDay: number
    kid: string
    issuedAt: number
    expiresAt: number
    accessScope: string
  },
  { id: number }
>((db, parameter) =>
  db
    .insertInto("token_families")
    .values({
      grant_id: parameter("grantId"),
      client_row_id: parameter("clientRowId"),
      scope: parameter("scope"),
      created_at: parameter("createdAt"),
      ends_at: parameter("endsAt"),
      generation: 1,
      refresh_expires_at: parameter("refreshExpiresAt"),
      refresh_expires_day: parameter("refreshExpiresDay"),
      rotated_at: parameter("createdAt"),
      access_kid: parameter("kid"),
      access_issued_at: parameter("issuedAt"),
      access_expires_at: parameter("expiresAt"),
      access_scope: parameter("accessScope"),
    })
    .returning("id"),
)

/** Begins a family; its first refresh token comes with `insertRefreshToken`. */
export async function insertFamily(tx: Queries, family: NewFamily): Promise<FamilyId> {
  const { access, scope, ...row } = family
  const { kid, issuedAt, expiresAt } = access
  const accessScope = access.scope.join(" ")
  const [inserted] = await insertFamilyRow(tx, {
    ...row,
    refreshExpiresDay: epochDay(row.refreshExpiresAt),
    scope: scope.join(" "),
    kid,
    issuedAt,
    expiresAt,
    accessScope,
  })
  if (inserted === undefined) throw new Error("An inserted family returned no id.")
  return inserted.id as FamilyId
}

const insertToken = prepared<{ tokenHash: string; familyId: number; generation: number }, unknown>((db, parameter) =>
  db.insertInto("refresh_tokens").values({
    token_hash: parameter("tokenHash"),
    family_id: parameter("familyId"),
    generation: parameter("generation"),
  }),
)

export async function insertRefreshToken(
  tx: Queries,
  tokenHash: string,
  familyId: FamilyId,
  generation: number,
): Promise<void> {
  await insertToken(tx, { tokenHash, familyId, generation })
}

interface FamilyRow {
  id: number
  clientRowId: number
  grantId: number
  userId: number
  scope: string
  grantScopes: string
  endsAt: number | null
  endedAt: number | null
  grantEndedAt: number | null
  userStatus: string
  companyStatus: string
  generation: number
  refreshExpiresAt: number
  rotatedAt: number
  rotationKeyId: string | null
  rotationScopeParameter: string | null
  kid: string
  issuedAt: number
  expiresAt: number
  accessScope: string
  presentedGeneration: number
}

const selectFamily = prepared<{ tokenHash: string }, FamilyRow>((db, parameter) =>
  db
    .selectFrom("refresh_tokens as token")
    .innerJoin("token_families as family", "family.id", "token.family_id")
    .innerJoin("grants", "grants.id", "family.grant_id")
    .innerJoin("users", "users.id", "grants.user_id")
    .innerJoin("companies", "companies.id", "grants.company_id")
    .select([
      "family.id",
      "family.client_row_id as clientRowId",
      "family.grant_id as grantId",
      "grants.user_id as userId",
      "family.scope",
      "grants.scopes as grantScopes",
      "family.ends_at as endsAt",
      "family.ended_at as endedAt",
      "grants.ended_at as grantEndedAt",
      "users.status as userStatus",
      "companies.status as companyStatus",
      "family.generation",
      "family.refresh_expires_at as refreshExpiresAt",
      "family.rotated_at as rotatedAt",
      "family.rotation_key_id as rotationKeyId",
      "family.rotation_scope_parameter as rotationScopeParameter",
      "family.access_kid as kid",
      "family.access_issued_at as issuedAt",
      "family.access_expires_at as expiresAt",
      "family.access_scope as accessScope",
      "token.generation as presentedGeneration",
    ])
    .where("token.token_hash", "=", parameter("tokenHash"))
    .forUpdate("family"),
)

/** Locks the family of the refresh token stored under one of the hashes until the transaction ends. */
export async function lockFamilyOfToken(tx: Queries, tokenHashes: readonly string[]): Promise<TokenFamily | undefined> {
  for (const tokenHash of tokenHashes) {
    const [row] = await selectFamily(tx, { tokenHash })
    if (row !== undefined) return toFamily(row)
  }
  return undefined
}

function toFamily(row: FamilyRow): TokenFamily {
  const ownerActive = row.userStatus === "active" && row.companyStatus === "active"
  return {
    id: row.id as FamilyId,
    clientRowId: row.clientRowId,
    grantId: row.grantId as GrantId,
    userId: row.userId,
    scope: row.scope.split(" ") as Scope[],
    grantScopes: parseOnce(row.grantScopes),
    alive: row.endedAt === null && row.grantEndedAt === null && ownerActive,
    endsAt: row.endsAt as Instant | null,
    generation: row.generation,
    refreshExpiresAt: row.refreshExpiresAt as Instant,
    rotatedAt: row.rotatedAt as Instant,
    rotationKeyId: row.rotationKeyId,
    rotationScopeParameter: row.rotationScopeParameter,
    access: {
      kid: row.kid,
      issuedAt: row.issuedAt as Instant,
      expiresAt: row.expiresAt as Instant,
      scope: row.accessScope.split(" ") as Scope[],
    },
    presentedGeneration: row.presentedGeneration,
  }
}

export interface Rotation {
  readonly familyId: FamilyId
  /** Number of the token that becomes current. */
  readonly generation: number
  readonly rotatedAt: Instant
  readonly refreshExpiresAt: Instant
  readonly rotationKeyId: string
  readonly rotationScopeParameter: string | null
  readonly access: IssuedAccessToken
}

const updateFamily = prepared<
  {
    familyId: number
    previous: number
    generation: number
    rotatedAt: number
    refreshExpiresAt: number
    refreshExpiresDay: number
    rotationKeyId: string
    rotationScopeParameter: string | null
    kid: string
    issuedAt: number
    expiresAt: number
    scope: string
  },
  { id: number }
>((db, parameter) =>
  db
    .updateTable("token_families")
    .set({
      generation: parameter("generation"),
      rotated_at: parameter("rotatedAt"),
      refresh_expires_at: parameter("refreshExpiresAt"),
      refresh_expires_day: parameter("refreshExpiresDay"),
      rotation_key_id: parameter("rotationKeyId"),
      rotation_scope_parameter: parameter("rotationScopeParameter"),
      access_kid: parameter("kid"),
      access_issued_at: parameter("issuedAt"),
      access_expires_at: parameter("expiresAt"),
      access_scope: parameter("scope"),
    })
    .where("id", "=", parameter("familyId"))
    .where("generation", "=", parameter("previous"))
    .returning("id"),
)

/** Makes the next token the current one. @returns whether the family still was at the one before */
export async function updateRotation(tx: Queries, rotation: Rotation): Promise<boolean> {
  const { access, ...row } = rotation
  const { kid, issuedAt, expiresAt } = access
  const previous = rotation.generation - 1
  const refreshExpiresDay = epochDay(row.refreshExpiresAt)
  const updated = await updateFamily(tx, {
    ...row,
    refreshExpiresDay,
    previous,
    kid,
    issuedAt,
    expiresAt,
    scope: access.scope.join(" "),
  })
  return updated.length === 1
}

/** Ends a family that is alive. @returns whether it was */
export async function endFamily(tx: Queries, familyId: FamilyId, reason: string, now: Instant): Promise<boolean> {
  const result = await tx
    .updateTable("token_families")
    .set({ ended_at: now, end_reason: reason })
    .where("id", "=", familyId)
    .where("ended_at", "is", null)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}
