import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { FamilyId, GrantId } from "../ids.ts"
import type { RegisteredScope } from "./clients.store.ts"
import type { Scope } from "./protocol.ts"
import { type FamilyEnd, toEnded } from "./token-endings.store.ts"

export async function insertRevokedAccessToken(
  tx: Queries,
  token: {
    readonly jti: string
    readonly familyId: FamilyId
    readonly expiresAt: Instant
    readonly revokedAt: Instant
  },
): Promise<void> {
  await tx
    .insertInto("revoked_access_tokens")
    .values({ jti: token.jti, family_id: token.familyId, expires_at: token.expiresAt, revoked_at: token.revokedAt })
    .onConflict((conflict) => conflict.column("jti").doNothing())
    .execute()
}

/** What the resource API must know of a family, its grant, client, user and company, as of now. */
export interface AccessRow {
  readonly familyAlive: boolean
  readonly clientRowId: number
  readonly clientId: string
  readonly clientState: string
  readonly legacyTokenErrors: boolean
  readonly registeredScopes: readonly RegisteredScope[]
  readonly grantId: GrantId
  readonly grantScopes: readonly Scope[]
  readonly mode: string
  readonly bankAccountIds: readonly number[] | undefined
  readonly userId: number
  readonly companyId: number
  readonly role: string
  readonly permissions: readonly string[]
  /** The revoked tokens of the family, by `jti`: when, or null when that was not kept. */
  readonly revokedTokens: ReadonlyMap<string, Instant | null>
  /** How family and grant ended, for whoever is told the exact reason. */
  readonly end: FamilyEnd
}

/** Reads it in one statement and the revoked tokens of the family in another. */
export async function findAccessRow(db: Queries, familyId: number): Promise<AccessRow | undefined> {
  const row = await db
    .selectFrom("token_families as family")
    .innerJoin("grants", "grants.id", "family.grant_id")
    .innerJoin("clients", "clients.id", "family.client_row_id")
    .innerJoin("users", "users.id", "grants.user_id")
    .innerJoin("companies", "companies.id", "grants.company_id")
    .select([
      "family.ended_at as familyEndedAt",
      "family.end_reason as familyEndReason",
      "family.ends_at as familyEndsAt",
      "grants.ended_at as grantEndedAt",
      "grants.end_reason as grantEndReason",
      "grants.id as grantId",
      "grants.scopes as grantScopes",
      "grants.mode",
      "grants.bank_account_ids as bankAccountIds",
      "clients.id as clientRowId",
      "clients.client_id as clientId",
      "clients.state as clientState",
      "clients.deleted_at as clientDeletedAt",
      "clients.scopes as registeredScopes",
      "clients.legacy_token_errors as legacyTokenErrors",
      "users.id as userId",
      "users.company_id as companyId",
      "users.status as userStatus",
      "users.role",
      "users.permissions",
      "companies.status as companyStatus",
    ])
    .where("family.id", "=", familyId)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const revoked = await db
    .selectFrom("revoked_access_tokens")
    .select(["jti", "revoked_at as revokedAt"])
    .where("family_id", "=", familyId)
    .execute()
  const ended = row.familyEndedAt !== null || row.grantEndedAt !== null || row.clientDeletedAt !== null
  return {
    familyAlive: !ended && row.userStatus === "active" && row.companyStatus === "active",
    clientRowId: row.clientRowId,
    clientId: row.clientId,
    clientState: row.clientState,
    legacyTokenErrors: row.legacyTokenErrors === 1,
    registeredScopes: JSON.parse(row.registeredScopes),
    grantId: row.grantId as GrantId,
    grantScopes: JSON.parse(row.grantScopes),
    mode: row.mode,
    bankAccountIds: row.bankAccountIds === null ? undefined : JSON.parse(row.bankAccountIds),
    userId: row.userId,
    companyId: row.companyId,
    role: row.role,
    permissions: JSON.parse(row.permissions),
    revokedTokens: new Map(revoked.map(({ jti, revokedAt }) => [jti, revokedAt as Instant | null])),
    end: {
      family: toEnded(row.familyEndedAt, row.familyEndReason),
      grant: toEnded(row.grantEndedAt, row.grantEndReason),
      endsAt: row.familyEndsAt as Instant | null,
    },
  }
}
