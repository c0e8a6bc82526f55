import type { Instant } from "../clock.ts"
import { prepared, type Queries } from "../database/engine.ts"
import { parseOnce } from "../database/parse-once.ts"
import type { GrantId, Mode } from "../ids.ts"
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

/** A grant as the connected-apps page lists it. */
export interface ListedGrant extends Grant {
  readonly clientId: string
  readonly clientName: string
  readonly clientState: string
  /** Of our own copy of the app's picture. */
  readonly logoUrl: string | null
  readonly developer: string
  readonly userId: number
  readonly userName: string
  readonly userEmail: string
  readonly grantedAt: Instant
  readonly lastUsedAt: Instant | null
  readonly aliveFamilies: number
}

/**
 * The grants alive of one user, or of a whole company when `userId` is undefined; newest first.
 *
 * @param at families whose refresh token has expired by then do not count as alive
 */
export async function listGrantsOf(
  db: Queries,
  owner: { readonly companyId: number; readonly userId: number | undefined },
  at: Instant,
): Promise<readonly ListedGrant[]> {
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
      "clients.logo_hash as logoHash",
      "companies.full_name as developer",
      "users.id as userId",
      "users.first_name as firstName",
      "users.last_name as lastName",
      "users.email as userEmail",
      "grants.granted_at as grantedAt",
      "grants.last_used_at as lastUsedAt",
      select
        .selectFrom("token_families")
        .select((count) => count.fn.countAll<number>().as("count"))
        .whereRef("token_families.grant_id", "=", "grants.id")
        .where("token_families.ended_at", "is", null)
        .where("token_families.refresh_expires_at", ">", at)
        .as("aliveFamilies"),
    ])
    .where("grants.company_id", "=", owner.companyId)
    .where("grants.ended_at", "is", null)
    .$if(owner.userId !== undefined, (query) => query.where("grants.user_id", "=", owner.userId ?? 0))
    .orderBy("grants.id", "desc")
    .execute()
  return rows.map(({ firstName, lastName, logoHash, ...row }) => ({
    ...row,
    logoUrl: logoHash === null ? null : `/app-logos/${logoHash}`,
    id: row.id as GrantId,
    mode: row.mode as Mode,
    scopes: JSON.parse(row.scopes),
    bankAccountIds: row.bankAccountIds === null ? undefined : JSON.parse(row.bankAccountIds),
    userName: `${firstName} ${lastName}`.trim(),
    grantedAt: row.grantedAt as Instant,
    lastUsedAt: row.lastUsedAt as Instant | null,
    aliveFamilies: row.aliveFamilies ?? 0,
  }))
}

/** The name of the app that an ended grant of the company stood for. */
export async function findGrantedClientName(
  db: Queries,
  companyId: number,
  grantId: number,
): Promise<string | undefined> {
  const row = await db
    .selectFrom("grants")
    .innerJoin("clients", "clients.id", "grants.client_row_id")
    .select("clients.name")
    .where("grants.id", "=", grantId)
    .where("grants.company_id", "=", companyId)
    .where("grants.ended_at", "is not", null)
    .executeTakeFirst()
  return row?.name
}
