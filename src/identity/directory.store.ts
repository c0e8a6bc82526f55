import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely"
import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { Schema } from "../database/schema.ts"
import type { AccountStatus, Suspension } from "./companies.store.ts"
import type { Role } from "./permission.ts"

/** What an operator types to find somebody: each text is looked for in names, the first in e-mails too. */
export interface SearchText {
  /** The id meant, when the text is a number. */
  readonly id: number | undefined
  /** As it was typed and in other letter cases, the letters of ASCII small; none: everybody. */
  readonly variants: readonly string[]
}

/** A piece of a list, newest first. */
export interface DirectorySlice {
  /** The last id of the piece before. */
  readonly before: number | undefined
  readonly limit: number
}

export interface ListedCompany {
  readonly id: number
  readonly fullName: string
  readonly shortName: string
  readonly status: AccountStatus
  readonly createdAt: Instant
  readonly users: number
}

export async function selectCompanies(
  db: Queries,
  search: SearchText,
  { before, limit }: DirectorySlice,
): Promise<readonly ListedCompany[]> {
  let query = db
    .selectFrom("companies")
    .select(["id", "full_name as fullName", "short_name as shortName", "status", "created_at as createdAt"])
    .select((eb) =>
      eb
        .selectFrom("users")
        .select(({ fn }) => fn.countAll<number>().as("n"))
        .whereRef("users.company_id", "=", "companies.id")
        .as("users"),
    )
  if (before !== undefined) query = query.where("id", "<", before)
  if (search.variants.length > 0) {
    query = query.where((eb) => {
      const names = ["companies.full_name", "companies.short_name"] as const
      const byName = names.flatMap((name) => search.variants.map((text) => containsFolded(name, text)))
      const byId = search.id === undefined ? [] : [eb("companies.id", "=", search.id)]
      return eb.or([...byId, ...byName, eb("companies.id", "in", companiesWithEmail(eb, search))])
    })
  }
  const rows = await query.orderBy("id", "desc").limit(limit).execute()
  return rows.map((row) => ({
    ...row,
    status: row.status as AccountStatus,
    createdAt: row.createdAt as Instant,
    users: row.users ?? 0,
  }))
}

function companiesWithEmail(eb: ExpressionBuilder<Schema, "companies">, { variants }: SearchText) {
  return eb
    .selectFrom("users")
    .select("users.company_id")
    .where(containsFolded("users.email_key", variants[0] ?? ""))
}

export interface ListedUser {
  readonly id: number
  readonly companyId: number
  readonly companyName: string
  readonly companyStatus: AccountStatus
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly phone: string
  readonly role: Role
  readonly isOperator: boolean
  readonly status: AccountStatus
  readonly suspension: Suspension | undefined
  readonly createdAt: Instant
  /** Sessions alive, and when one was last used; null: none is alive. */
  readonly sessions: number
  readonly lastSeenAt: Instant | null
}

/** Which sessions are alive: they end after `now`, and were used after that. */
export interface SessionAge {
  readonly now: Instant
  readonly usedAfter: Instant
}

export async function selectUsers(
  db: Queries,
  source: UserSource,
  slice: DirectorySlice,
  { now, usedAfter }: SessionAge,
): Promise<readonly ListedUser[]> {
  const rows = await db
    .selectFrom(selectUserIds(db, source, slice).as("found"))
    .innerJoin("users", "users.id", "found.id")
    .innerJoin("companies", "companies.id", "users.company_id")
    .select([
      "users.id",
      "users.company_id as companyId",
      "companies.full_name as companyName",
      "companies.status as companyStatus",
      "users.email",
      "users.first_name as firstName",
      "users.last_name as lastName",
      "users.phone",
      "users.role",
      "users.is_operator",
      "users.status",
      "users.suspended_at",
      "users.suspended_reason",
      "users.created_at as createdAt",
    ])
    .select((eb) => {
      const alive = eb
        .selectFrom("sessions")
        .whereRef("sessions.user_id", "=", "users.id")
        .where("sessions.expires_at", ">", now)
        .where("sessions.last_used_at", ">", usedAfter)
      return [
        alive.select(({ fn }) => fn.countAll<number>().as("n")).as("sessions"),
        alive.select(({ fn }) => fn.max("sessions.last_used_at").as("at")).as("lastSeenAt"),
      ]
    })
    .orderBy("users.id", "desc")
    .execute()
  return rows.map(({ is_operator, suspended_at, suspended_reason, ...row }) => ({
    ...row,
    role: row.role as Role,
    companyStatus: row.companyStatus as AccountStatus,
    isOperator: is_operator === 1,
    status: row.status as AccountStatus,
    suspension:
      row.status === "suspended" ? { at: suspended_at as Instant, reason: suspended_reason ?? "" } : undefined,
    createdAt: row.createdAt as Instant,
    sessions: row.sessions ?? 0,
    lastSeenAt: row.lastSeenAt as Instant | null,
  }))
}

// Apart from what is told of each, which PostgreSQL would otherwise look up for all who match before it takes the newest.
function selectUserIds(db: Queries, { search, companyId, userId }: UserSource, { before, limit }: DirectorySlice) {
  let query = db.selectFrom("users").select("users.id")
  if (before !== undefined) query = query.where("users.id", "<", before)
  if (companyId !== undefined) query = query.where("users.company_id", "=", companyId)
  if (userId !== undefined) query = query.where("users.id", "=", userId)
  if (search !== undefined && search.variants.length > 0) {
    query = query.where((eb) => {
      const names = search.variants.map((text) => containsFolded(fullName, text))
      const byId = search.id === undefined ? [] : [eb("users.id", "=", search.id)]
      return eb.or([...byId, ...names, containsFolded("users.email_key", search.variants[0] ?? "")])
    })
  }
  return query.orderBy("users.id", "desc").limit(limit)
}

/** Which users are meant; what is absent does not narrow. */
export interface UserSource {
  readonly search?: SearchText | undefined
  readonly companyId?: number | undefined
  readonly userId?: number | undefined
}

export async function selectCompanyNames(db: Queries, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom("companies").select(["id", "full_name"]).where("id", "in", ids).execute()
  return new Map(rows.map((row) => [row.id, row.full_name]))
}

/** Users of a company that may sign in, and its sessions alive. */
export async function countPeople(
  db: Queries,
  companyId: number,
  { now, usedAfter }: SessionAge,
): Promise<{ readonly activeUsers: number; readonly sessions: number }> {
  const { users } = await db
    .selectFrom("users")
    .select(({ fn }) => fn.countAll<number>().as("users"))
    .where("company_id", "=", companyId)
    .where("status", "=", "active")
    .executeTakeFirstOrThrow()
  const { sessions } = await db
    .selectFrom("sessions")
    .innerJoin("users", "users.id", "sessions.user_id")
    .select(({ fn }) => fn.countAll<number>().as("sessions"))
    .where("users.company_id", "=", companyId)
    .where("sessions.expires_at", ">", now)
    .where("sessions.last_used_at", ">", usedAfter)
    .executeTakeFirstOrThrow()
  return { activeUsers: users, sessions }
}

// In one text in both orders, since Vietnamese and English put the family at different ends.
const fullName = sql<string>`users.first_name || ' ' || users.last_name || ' ' || users.first_name`

// Both engines fold the letters of ASCII alone: what is looked for comes in several cases instead.
function containsFolded(text: string | Expression<string>, part: string): Expression<SqlBool> {
  const value = typeof text === "string" ? sql.ref(text) : text
  const pattern = `%${part.replace(/[\\%_]/g, "\\$&")}%`
  return sql<SqlBool>`lower(${value}) like ${pattern} escape '\\'`
}
