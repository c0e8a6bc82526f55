import type { Instant } from "../clock.ts"
import { prepared, type Queries } from "../database/engine.ts"
import { parseOnce } from "../database/parse-once.ts"
import type { GrantId, Mode } from "../ids.ts"
import type { RegisteredScope } from "./clients.store.ts"
import type { Scope } from "./protocol.ts"

/** What one user allowed one app, in one mode (contract/oauth.md §1). */
export interface Grant {
  readonly id: GrantId
  readonly mode: Mode
  readonly scopes: readonly Scope[]
  /** The accounts chosen, or undefined: all of the mode, future ones too. */
  readonly bankAccountIds: readonly number[] | undefined
}

const selectOwner = prepared<{ grantId: number }, { userId: number; scopes: string }>((db, parameter) =>
  db.selectFrom("grants").select(["user_id as userId", "scopes"]).where("id", "=", parameter("grantId")),
)

/** Whose grant it is and what it holds now. */
export async function findGrantOwner(
  db: Queries,
  grantId: GrantId,
): Promise<{ readonly userId: number; readonly scopes: readonly Scope[] }> {
  const [row] = await selectOwner(db, { grantId })
  if (row === undefined) throw new Error("A code names a grant that is not there.")
  return { userId: row.userId, scopes: parseOnce(row.scopes) }
}

/** The grants of that user and app that are alive: at most one a mode. `lock` holds them until the transaction ends. */
export async function listAliveGrants(
  db: Queries,
  clientRowId: number,
  userId: number,
  lock: "lock" | "read",
): Promise<readonly Grant[]> {
  const query = db
    .selectFrom("grants")
    .select(["id", "mode", "scopes", "bank_account_ids as bankAccountIds"])
    .where("client_row_id", "=", clientRowId)
    .where("user_id", "=", userId)
    .where("ended_at", "is", null)
    .orderBy("id")
  const rows = await (lock === "lock" ? query.forUpdate() : query).execute()
  return rows.map((row) => ({
    id: row.id as GrantId,
    mode: row.mode as Mode,
    scopes: JSON.parse(row.scopes),
    bankAccountIds: row.bankAccountIds === null ? undefined : JSON.parse(row.bankAccountIds),
  }))
}

export interface NewGrant {
  readonly clientRowId: number
  readonly userId: number
  readonly companyId: number
  readonly mode: Mode
  readonly scopes: readonly Scope[]
  readonly bankAccountIds: readonly number[] | undefined
  readonly grantedAt: Instant
}

/** @returns the id, or undefined when another transaction was faster with the same grant */
export async function insertGrant(tx: Queries, grant: NewGrant): Promise<GrantId | undefined> {
  const row = await tx
    .insertInto("grants")
    .values({
      client_row_id: grant.clientRowId,
      user_id: grant.userId,
      company_id: grant.companyId,
      mode: grant.mode,
      scopes: JSON.stringify(grant.scopes),
      bank_account_ids: grant.bankAccountIds === undefined ? null : JSON.stringify(grant.bankAccountIds),
      granted_at: grant.grantedAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst()
  return row?.id as GrantId | undefined
}

export async function updateGrant(tx: Queries, grant: Grant): Promise<void> {
  await tx
    .updateTable("grants")
    .set({
      scopes: JSON.stringify(grant.scopes),
      bank_account_ids: grant.bankAccountIds === undefined ? null : JSON.stringify(grant.bankAccountIds),
    })
    .where("id", "=", grant.id)
    .execute()
}

/** Ends a grant that is alive. @returns whether it was */
export async function endGrantRow(tx: Queries, grantId: number, reason: string, now: Instant): Promise<boolean> {
  const result = await tx
    .updateTable("grants")
    .set({ ended_at: now, end_reason: reason })
    .where("id", "=", grantId)
    .where("ended_at", "is", null)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Notes when a grant was last used, unless something newer is there. */
export async function updateGrantUse(tx: Queries, grantId: number, usedAt: Instant): Promise<void> {
  await tx
    .updateTable("grants")
    .set({ last_used_at: usedAt })
    .where("id", "=", grantId)
    .where((where) => where.or([where("last_used_at", "is", null), where("last_used_at", "<", usedAt)]))
    .execute()
}

/** A grant of a company, locked until the database transaction ends, with what narrowing and ending it must know. */
export interface OwnedGrant extends Grant {
  readonly clientId: string
  readonly clientName: string
  /** Scopes that the app registered as required. */
  readonly requiredScopes: readonly Scope[]
  readonly userId: number
  readonly companyId: number
  readonly endedAt: Instant | null
}

export async function lockGrant(tx: Queries, grantId: number): Promise<OwnedGrant | undefined> {
  const row = await tx
    .selectFrom("grants")
    .select(["id", "client_row_id", "user_id", "company_id", "mode", "scopes", "bank_account_ids", "ended_at"])
    .where("id", "=", grantId)
    .forUpdate()
    .executeTakeFirst()
  if (row === undefined) return undefined
  const client = await tx
    .selectFrom("clients")
    .select(["client_id", "name", "scopes"])
    .where("id", "=", row.client_row_id)
    .executeTakeFirstOrThrow()
  return {
    id: row.id as GrantId,
    mode: row.mode as Mode,
    scopes: JSON.parse(row.scopes),
    bankAccountIds: row.bank_account_ids === null ? undefined : JSON.parse(row.bank_account_ids),
    clientId: client.client_id,
    clientName: client.name,
    requiredScopes: requiredOf(client.scopes),
    userId: row.user_id,
    companyId: row.company_id,
    endedAt: row.ended_at as Instant | null,
  }
}

function requiredOf(registered: string): readonly Scope[] {
  return (JSON.parse(registered) as RegisteredScope[]).filter(({ required }) => required).map(({ scope }) => scope)
}

/** A grant as the connected-apps page lists it. */
export interface ListedGrant extends Grant {
  readonly clientId: string
  readonly clientName: string
  readonly clientState: string
  readonly requiredScopes: readonly Scope[]
  /** Of our own copy of the app's picture. */
  readonly logoUrl: string | null
  readonly website: string | null
  readonly developer: string
  readonly userId: number
  readonly firstName: string
  readonly lastName: string
  readonly userEmail: string
  /** Without an active user behind it a grant gives nothing (contract/oauth.md §9). */
  readonly userIsActive: boolean
  readonly grantedAt: Instant
  readonly lastUsedAt: Instant | null
  readonly aliveFamilies: number
  /** When and why it ended; null while it is alive. */
  readonly endedAt: Instant | null
  readonly endReason: string | null
}

/** Which grants of a company are meant; what is absent does not narrow. */
export interface GrantSource {
  readonly companyId: number
  readonly userId?: number | undefined
  readonly grantId?: number | undefined
  readonly state?: "alive" | "ended" | undefined
  /** Those older than that grant. */
  readonly before?: number | undefined
  readonly limit?: number | undefined
}

/**
 * Grants of a company, newest first.
 *
 * @param at families whose refresh token has expired by then do not count as alive
 */
export async function listGrantsOf(db: Queries, source: GrantSource, at: Instant): Promise<readonly ListedGrant[]> {
  const { companyId, userId, grantId, state, before, limit } = source
  const rows = await db
    .selectFrom("grants")
    .innerJoin("clients", "clients.id", "grants.client_row_id")
    .innerJoin("companies", "companies.id", "clients.company_id")
    .innerJoin("users", "users.id", "grants.user_id")
    .select((select) => [
      "grants.id",
      "grants.mode",
      "grants.scopes",
      "grants.bank_account_ids as bankAccountIds",
      "clients.client_id as clientId",
      "clients.name as clientName",
      "clients.state as clientState",
      "clients.scopes as registeredScopes",
      "clients.logo_hash as logoHash",
      "clients.website",
      "companies.full_name as developer",
      "users.id as userId",
      "users.first_name as firstName",
      "users.last_name as lastName",
      "users.email as userEmail",
      "users.status as userStatus",
      "grants.granted_at as grantedAt",
      "grants.last_used_at as lastUsedAt",
      "grants.ended_at as endedAt",
      "grants.end_reason as endReason",
      select
        .selectFrom("token_families")
        .select((count) => count.fn.countAll<number>().as("count"))
        .whereRef("token_families.grant_id", "=", "grants.id")
        .where("token_families.ended_at", "is", null)
        .where("token_families.refresh_expires_at", ">", at)
        .as("aliveFamilies"),
    ])
    .where("grants.company_id", "=", companyId)
    .$if(userId !== undefined, (query) => query.where("grants.user_id", "=", userId ?? 0))
    .$if(grantId !== undefined, (query) => query.where("grants.id", "=", grantId ?? 0))
    .$if(before !== undefined, (query) => query.where("grants.id", "<", before ?? 0))
    .$if(state !== undefined, (query) => query.where("grants.ended_at", state === "alive" ? "is" : "is not", null))
    .$if(limit !== undefined, (query) => query.limit(limit ?? 0))
    .orderBy("grants.id", "desc")
    .execute()
  return rows.map(({ registeredScopes, logoHash, userStatus, ...row }) => ({
    ...row,
    requiredScopes: requiredOf(registeredScopes),
    userIsActive: userStatus === "active",
    logoUrl: logoHash === null ? null : `/app-logos/${logoHash}`,
    id: row.id as GrantId,
    mode: row.mode as Mode,
    scopes: JSON.parse(row.scopes),
    bankAccountIds: row.bankAccountIds === null ? undefined : JSON.parse(row.bankAccountIds),
    grantedAt: row.grantedAt as Instant,
    lastUsedAt: row.lastUsedAt as Instant | null,
    aliveFamilies: row.endedAt === null ? (row.aliveFamilies ?? 0) : 0,
    endedAt: row.endedAt as Instant | null,
  }))
}

export async function countAliveGrants(db: Queries, of: "company_id" | "user_id", id: number): Promise<number> {
  const { count } = await db
    .selectFrom("grants")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where(of, "=", id)
    .where("ended_at", "is", null)
    .executeTakeFirstOrThrow()
  return count
}

/** The name of the app that an ended grant of the company stood for. */
export async function findGrantedClientName(
  db: Queries,
  { companyId, userId }: { readonly companyId: number; readonly userId: number | undefined },
  grantId: number,
): Promise<string | undefined> {
  const row = await db
    .selectFrom("grants")
    .innerJoin("clients", "clients.id", "grants.client_row_id")
    .select("clients.name")
    .where("grants.id", "=", grantId)
    .where("grants.company_id", "=", companyId)
    .$if(userId !== undefined, (query) => query.where("grants.user_id", "=", userId ?? 0))
    .where("grants.ended_at", "is not", null)
    .executeTakeFirst()
  return row?.name
}
