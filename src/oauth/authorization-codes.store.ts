import type { Instant } from "../clock.ts"
import { prepared, type Queries } from "../database/engine.ts"
import type { FamilyId, GrantId } from "../ids.ts"
import type { Scope } from "./protocol.ts"

/** A stored authorization code with the state of what it stands on. */
export interface AuthorizationCode {
  readonly codeHash: string
  readonly clientRowId: number
  readonly grantId: GrantId
  readonly redirectUri: string
  readonly codeChallenge: string | null
  readonly scope: readonly Scope[]
  readonly expiresAt: Instant
  /** The family its redemption began; null while unused. */
  readonly familyId: FamilyId | null
  readonly grantAlive: boolean
}

interface CodeRow {
  codeHash: string
  clientRowId: number
  grantId: number
  redirectUri: string
  codeChallenge: string | null
  scope: string
  expiresAt: number
  familyId: number | null
  grantEndedAt: number | null
  userStatus: string
  companyStatus: string
}

const selectCode = prepared<{ codeHash: string }, CodeRow>((db, parameter) =>
  db
    .selectFrom("authorization_codes as code")
    .innerJoin("grants", "grants.id", "code.grant_id")
    .innerJoin("users", "users.id", "grants.user_id")
    .innerJoin("companies", "companies.id", "grants.company_id")
    .select([
      "code.code_hash as codeHash",
      "code.client_row_id as clientRowId",
      "code.grant_id as grantId",
      "code.redirect_uri as redirectUri",
      "code.code_challenge as codeChallenge",
      "code.scope",
      "code.expires_at as expiresAt",
      "code.family_id as familyId",
      "grants.ended_at as grantEndedAt",
      "users.status as userStatus",
      "companies.status as companyStatus",
    ])
    .where("code.code_hash", "=", parameter("codeHash"))
    .forUpdate("code"),
)

/** Locks the code stored under one of the hashes until the transaction ends. */
export async function lockAuthorizationCode(
  tx: Queries,
  codeHashes: readonly string[],
): Promise<AuthorizationCode | undefined> {
  for (const codeHash of codeHashes) {
    const [row] = await selectCode(tx, { codeHash })
    if (row !== undefined) return toCode(row)
  }
  return undefined
}

function toCode({ grantEndedAt, userStatus, companyStatus, ...row }: CodeRow): AuthorizationCode {
  return {
    ...row,
    grantId: row.grantId as GrantId,
    scope: row.scope.split(" ") as Scope[],
    expiresAt: row.expiresAt as Instant,
    familyId: row.familyId as FamilyId | null,
    grantAlive: grantEndedAt === null && userStatus === "active" && companyStatus === "active",
  }
}

const updateCode = prepared<{ codeHash: string; familyId: number }, { codeHash: string }>((db, parameter) =>
  db
    .updateTable("authorization_codes")
    .set({ family_id: parameter("familyId") })
    .where("code_hash", "=", parameter("codeHash"))
    .where("family_id", "is", null)
    .returning("code_hash as codeHash"),
)

/** Marks the code used by that family. @returns whether it was unused until now */
export async function markCodeRedeemed(tx: Queries, codeHash: string, familyId: FamilyId): Promise<boolean> {
  return (await updateCode(tx, { codeHash, familyId })).length === 1
}

export interface NewAuthorizationCode {
  readonly codeHash: string
  readonly clientRowId: number
  readonly grantId: GrantId
  readonly redirectUri: string
  readonly codeChallenge: string | null
  readonly scope: readonly Scope[]
  readonly expiresAt: Instant
}

export async function insertAuthorizationCode(tx: Queries, code: NewAuthorizationCode): Promise<void> {
  await tx
    .insertInto("authorization_codes")
    .values({
      code_hash: code.codeHash,
      client_row_id: code.clientRowId,
      grant_id: code.grantId,
      redirect_uri: code.redirectUri,
      code_challenge: code.codeChallenge,
      scope: code.scope.join(" "),
      expires_at: code.expiresAt,
    })
    .execute()
}
