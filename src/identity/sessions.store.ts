import type { Instant } from "../clock.ts"
import { prepared, type Queries } from "../database/engine.ts"
import type { CompanyId, UserId } from "../ids.ts"
import type { Language } from "../messages/catalogue.ts"
import type { Permission, Role } from "./permission.ts"

/** A session with the user and the company behind it. */
export interface StoredSession {
  /** Names the session in pages and forms; says nothing about the cookie. */
  readonly publicId: string
  readonly userId: UserId
  readonly companyId: CompanyId
  readonly companyName: string
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly role: Role
  readonly permissions: readonly Permission[]
  readonly isOperator: boolean
  /** Whether a sign-in of the user asks for a code too. */
  readonly hasSecondFactor: boolean
  readonly language: Language | undefined
  readonly startedAt: Instant
  readonly lastUsedAt: Instant
  readonly expiresAt: Instant
}

interface SessionRow {
  publicId: string
  userId: number
  companyId: number
  companyName: string
  email: string
  firstName: string
  lastName: string
  role: string
  permissions: string
  isOperator: number
  secondFactorOn: number | null
  language: string | null
  startedAt: number
  lastUsedAt: number
  expiresAt: number
}

const sessionsWithUser = (db: Queries) =>
  db
    .selectFrom("sessions")
    .innerJoin("users", "users.id", "sessions.user_id")
    .innerJoin("companies", "companies.id", "users.company_id")
    .leftJoin("second_factors", "second_factors.user_id", "users.id")
    .select([
      "sessions.public_id as publicId",
      "users.id as userId",
      "companies.id as companyId",
      "companies.full_name as companyName",
      "users.email",
      "users.first_name as firstName",
      "users.last_name as lastName",
      "users.role",
      "users.permissions",
      "users.is_operator as isOperator",
      "second_factors.is_on as secondFactorOn",
      "users.language",
      "sessions.created_at as startedAt",
      "sessions.last_used_at as lastUsedAt",
      "sessions.expires_at as expiresAt",
    ])
    .where("users.status", "=", "active")
    .where("companies.status", "=", "active")

const selectSession = prepared<{ idHash: string }, SessionRow>((db, parameter) =>
  sessionsWithUser(db).where("sessions.id_hash", "=", parameter("idHash")),
)

const selectSessionByPublicId = prepared<{ publicId: string }, SessionRow>((db, parameter) =>
  sessionsWithUser(db).where("sessions.public_id", "=", parameter("publicId")),
)

/** The session of that hash, unless its user or company is closed. The caller judges its age. */
export async function findSessionByHash(db: Queries, idHash: string): Promise<StoredSession | undefined> {
  const [row] = await selectSession(db, { idHash })
  return row === undefined ? undefined : toSession(row)
}

/** The same by the session's public id. */
export async function findSessionByPublicId(db: Queries, publicId: string): Promise<StoredSession | undefined> {
  const [row] = await selectSessionByPublicId(db, { publicId })
  return row === undefined ? undefined : toSession(row)
}

function toSession(row: SessionRow): StoredSession {
  const { secondFactorOn, ...rest } = row
  return {
    ...rest,
    hasSecondFactor: secondFactorOn === 1,
    userId: row.userId as UserId,
    companyId: row.companyId as CompanyId,
    role: row.role as Role,
    permissions: JSON.parse(row.permissions) as Permission[],
    isOperator: row.isOperator === 1,
    language: row.language === "vi" || row.language === "en" ? row.language : undefined,
    startedAt: row.startedAt as Instant,
    lastUsedAt: row.lastUsedAt as Instant,
    expiresAt: row.expiresAt as Instant,
  }
}

export interface NewSession {
  readonly idHash: string
  readonly publicId: string
  readonly userId: number
  readonly startedAt: Instant
  readonly expiresAt: Instant
  readonly ip: string
  readonly userAgent: string
}

export async function insertSession(tx: Queries, session: NewSession): Promise<void> {
  await tx
    .insertInto("sessions")
    .values({
      id_hash: session.idHash,
      public_id: session.publicId,
      user_id: session.userId,
      created_at: session.startedAt,
      last_used_at: session.startedAt,
      expires_at: session.expiresAt,
      ip: session.ip,
      user_agent: session.userAgent,
    })
    .execute()
}

/** Writes the time of use, unless another process wrote one after `unlessSince`. */
export async function touchSession(tx: Queries, idHash: string, now: Instant, unlessSince: Instant): Promise<void> {
  await tx
    .updateTable("sessions")
    .set({ last_used_at: now })
    .where("id_hash", "=", idHash)
    .where("last_used_at", "<=", unlessSince)
    .execute()
}

export async function deleteSessionsByHash(tx: Queries, idHashes: readonly string[]): Promise<void> {
  await tx.deleteFrom("sessions").where("id_hash", "in", idHashes).execute()
}

export async function deleteSessionsOfUser(tx: Queries, userId: number): Promise<void> {
  await tx.deleteFrom("sessions").where("user_id", "=", userId).execute()
}

export async function deleteSessionsOfCompany(tx: Queries, companyId: number): Promise<void> {
  await tx
    .deleteFrom("sessions")
    .where("user_id", "in", (query) => query.selectFrom("users").select("id").where("company_id", "=", companyId))
    .execute()
}

/** A session as its user sees it in the list. */
export interface ListedSession {
  readonly publicId: string
  readonly startedAt: Instant
  readonly lastUsedAt: Instant
  readonly ip: string
  readonly userAgent: string
}

/** The sessions of a user that neither ended by `now` nor lay unused since `usedAfter`; the last used first. */
export async function listLiveSessions(
  db: Queries,
  { userId, now, usedAfter }: { userId: number; now: Instant; usedAfter: Instant },
): Promise<readonly ListedSession[]> {
  const rows = await db
    .selectFrom("sessions")
    .select(["public_id", "created_at", "last_used_at", "ip", "user_agent"])
    .where("user_id", "=", userId)
    .where("expires_at", ">", now)
    .where("last_used_at", ">", usedAfter)
    .orderBy("last_used_at", "desc")
    .orderBy("public_id")
    .execute()
  return rows.map((row) => ({
    publicId: row.public_id,
    startedAt: row.created_at as Instant,
    lastUsedAt: row.last_used_at as Instant,
    ip: row.ip,
    userAgent: row.user_agent,
  }))
}

/** Ends one session of the user; false if there is none of that name. */
export async function deleteSessionByPublicId(tx: Queries, userId: number, publicId: string): Promise<boolean> {
  const rows = await tx
    .deleteFrom("sessions")
    .where("public_id", "=", publicId)
    .where("user_id", "=", userId)
    .returning("public_id")
    .execute()
  return rows.length === 1
}

/** Ends the user's sessions but one, and says how many. */
export async function deleteOtherSessions(tx: Queries, userId: number, keptPublicId: string): Promise<number> {
  const rows = await tx
    .deleteFrom("sessions")
    .where("user_id", "=", userId)
    .where("public_id", "!=", keptPublicId)
    .returning("public_id")
    .execute()
  return rows.length
}

/** Deletes at most `limit` sessions past their end, and says how many. */
export async function deleteExpiredSessions(tx: Queries, now: Instant, limit: number): Promise<number> {
  const rows = await tx
    .deleteFrom("sessions")
    .where("id_hash", "in", (query) =>
      query.selectFrom("sessions").select("id_hash").where("expires_at", "<=", now).orderBy("expires_at").limit(limit),
    )
    .returning("id_hash")
    .execute()
  return rows.length
}
