import type { Selectable } from "kysely"
import type { Instant } from "../clock.ts"
import { prepared, type Queries } from "../database/engine.ts"
import type { Schema } from "../database/schema.ts"
import type { CompanyId, UserId } from "../ids.ts"
import type { Language } from "../messages/catalogue.ts"
import type { AccountStatus, Suspension } from "./companies.store.ts"
import type { Actor, Permission, Role } from "./permission.ts"

/** A person who signs in; belongs to exactly one company. */
export interface User extends Actor {
  readonly id: UserId
  readonly companyId: CompanyId
  readonly email: string
  /** The form under which the e-mail is unique. */
  readonly emailKey: string
  readonly firstName: string
  readonly lastName: string
  readonly phone: string
  readonly isOperator: boolean
  readonly language: Language | undefined
  /** Closed: by the operator, or because the company removed them. */
  readonly isActive: boolean
  readonly status: AccountStatus
  readonly suspension: Suspension | undefined
  readonly isRemoved: boolean
  readonly createdAt: Instant
}

export interface NewUser {
  readonly companyId: number
  readonly email: string
  readonly emailKey: string
  readonly passwordHash: string
  readonly firstName: string
  readonly lastName: string
  readonly phone: string
  readonly role: Role
  readonly permissions: readonly Permission[]
  readonly isOperator: boolean
  readonly language?: Language | undefined
}

/** What a sign-in is checked against. */
export interface Credentials {
  readonly userId: UserId
  readonly passwordHash: string
  /** Whether user and company may sign in at all. */
  readonly isActive: boolean
  /** Why an operator has stopped them, if one has and they are not closed. */
  readonly suspendedFor: string | undefined
}

/** Inserts the user, or returns undefined when the e-mail is taken. */
export async function insertUser(tx: Queries, now: Instant, user: NewUser): Promise<UserId | undefined> {
  const row = await tx
    .insertInto("users")
    .values({
      company_id: user.companyId,
      email: user.email,
      email_key: user.emailKey,
      password_hash: user.passwordHash,
      first_name: user.firstName,
      last_name: user.lastName,
      phone: user.phone,
      role: user.role,
      permissions: JSON.stringify(user.permissions),
      is_operator: Number(user.isOperator),
      language: user.language ?? null,
      status: "active",
      created_at: now,
    })
    .onConflict((conflict) => conflict.column("email_key").doNothing())
    .returning("id")
    .executeTakeFirst()
  return row?.id as UserId | undefined
}

const selectUser = prepared<{ id: number }, Selectable<Schema["users"]>>((db, parameter) =>
  db.selectFrom("users").selectAll().where("id", "=", parameter("id")),
)

export async function findUserById(db: Queries, id: number): Promise<User | undefined> {
  const [row] = await selectUser(db, { id })
  return row && toUser(row)
}

export async function findUserByEmailKey(db: Queries, emailKey: string): Promise<User | undefined> {
  const row = await db.selectFrom("users").selectAll().where("email_key", "=", emailKey).executeTakeFirst()
  return row && toUser(row)
}

export async function findCredentials(db: Queries, emailKey: string): Promise<Credentials | undefined> {
  const row = await db
    .selectFrom("users")
    .innerJoin("companies", "companies.id", "users.company_id")
    .select([
      "users.id",
      "users.password_hash",
      "users.status",
      "users.suspended_reason",
      "companies.status as company_status",
      "companies.suspended_reason as company_reason",
    ])
    .where("users.email_key", "=", emailKey)
    .executeTakeFirst()
  if (row === undefined) return undefined
  return {
    userId: row.id as UserId,
    passwordHash: row.password_hash,
    isActive: row.status === "active" && row.company_status === "active",
    suspendedFor: suspendedFor(row),
  }
}

interface StatusRow {
  readonly status: string
  readonly suspended_reason: string | null
  readonly company_status: string
  readonly company_reason: string | null
}

// Whoever is closed, or whose company is, has nothing to wait for.
function suspendedFor(row: StatusRow): string | undefined {
  if (row.company_status === "inactive") return undefined
  if (row.status === "suspended") return row.suspended_reason ?? ""
  if (row.status !== "active") return undefined
  return row.company_status === "suspended" ? (row.company_reason ?? "") : undefined
}

/** Locks the user and returns the password hash as it is now. */
export async function lockPasswordHash(tx: Queries, userId: number): Promise<string | undefined> {
  const row = await tx
    .selectFrom("users")
    .select("password_hash")
    .where("id", "=", userId)
    .forUpdate()
    .executeTakeFirst()
  return row?.password_hash
}

/** Locks the user and returns it as it is now. */
export async function lockUser(tx: Queries, userId: number): Promise<User | undefined> {
  const row = await tx.selectFrom("users").selectAll().where("id", "=", userId).forUpdate().executeTakeFirst()
  return row && toUser(row)
}

/** What a user tells of themselves. */
export interface Profile {
  readonly firstName: string
  readonly lastName: string
  readonly phone: string
  readonly language: Language
}

export async function updateProfile(tx: Queries, userId: number, profile: Profile): Promise<void> {
  const { firstName, lastName, phone, language } = profile
  await tx
    .updateTable("users")
    .set({ first_name: firstName, last_name: lastName, phone, language })
    .where("id", "=", userId)
    .execute()
}

export async function updateRights(
  tx: Queries,
  userId: number,
  { role, permissions }: { readonly role: Role; readonly permissions: readonly Permission[] },
): Promise<void> {
  const values = { role, permissions: JSON.stringify(permissions) }
  await tx.updateTable("users").set(values).where("id", "=", userId).execute()
}

/** Gives the user another e-mail; false when it is taken. */
export async function updateEmail(
  tx: Queries,
  now: Instant,
  user: User,
  { email, emailKey }: { readonly email: string; readonly emailKey: string },
): Promise<boolean> {
  // A row that stands there for a moment takes the address as every new user does: without it, one who takes it at the
  // same time would make the update below fail, and the transaction with it.
  if (emailKey !== user.emailKey) {
    const placeholder = await insertUser(tx, now, { ...user, email, emailKey, passwordHash: "" })
    if (placeholder === undefined) return false
    await tx.deleteFrom("users").where("id", "=", placeholder).execute()
  }
  await tx.updateTable("users").set({ email, email_key: emailKey }).where("id", "=", user.id).execute()
  return true
}

/** Takes the user out of the company for good, and frees the e-mail for whoever has it. */
export async function markUserRemoved(tx: Queries, user: User): Promise<void> {
  await tx
    .updateTable("users")
    .set({ status: "removed", email_key: `removed ${user.id} ${user.emailKey}` })
    .where("id", "=", user.id)
    .execute()
}

/** How many may make SuperAdmins, of those who can sign in. Decide by it only behind a lock of the company. */
export async function countSuperAdmins(tx: Queries, companyId: number): Promise<number> {
  const rows = await tx
    .selectFrom("users")
    .select("id")
    .where("company_id", "=", companyId)
    .where("role", "=", "SuperAdmin")
    .where("status", "=", "active")
    .execute()
  return rows.length
}

/** The people of a company by id, those after `after`, without those who were removed. */
export async function listColleagues(
  db: Queries,
  { companyId, after, limit }: { companyId: number; after: number; limit: number },
): Promise<readonly User[]> {
  const rows = await db
    .selectFrom("users")
    .selectAll()
    .where("company_id", "=", companyId)
    .where("id", ">", after)
    .where("status", "!=", "removed")
    .orderBy("id")
    .limit(limit)
    .execute()
  return rows.map(toUser)
}

export async function updatePasswordHash(tx: Queries, userId: number, passwordHash: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("users")
    .set({ password_hash: passwordHash })
    .where("id", "=", userId)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export async function markUserClosed(tx: Queries, userId: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("users")
    .set({ status: "inactive" })
    .where("id", "=", userId)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Suspends an active user. @returns whether they were active */
export async function markUserSuspended(tx: Queries, userId: number, { at, reason }: Suspension): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("users")
    .set({ status: "suspended", suspended_at: at, suspended_reason: reason })
    .where("id", "=", userId)
    .where("status", "=", "active")
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Ends a suspension. @returns whether there was one */
export async function markUserReinstated(tx: Queries, userId: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("users")
    .set({ status: "active", suspended_at: null, suspended_reason: null })
    .where("id", "=", userId)
    .where("status", "=", "suspended")
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export async function listUsersById(
  db: Queries,
  { companyId, after, limit }: { companyId: number | undefined; after: number; limit: number },
): Promise<readonly User[]> {
  let query = db.selectFrom("users").selectAll().where("id", ">", after).orderBy("id").limit(limit)
  if (companyId !== undefined) query = query.where("company_id", "=", companyId)
  return (await query.execute()).map(toUser)
}

function toUser(row: Selectable<Schema["users"]>): User {
  return {
    id: row.id as UserId,
    companyId: row.company_id as CompanyId,
    email: row.email,
    emailKey: row.email_key,
    firstName: row.first_name,
    lastName: row.last_name,
    phone: row.phone,
    role: row.role as Role,
    permissions: JSON.parse(row.permissions) as Permission[],
    isOperator: row.is_operator === 1,
    language: row.language === "vi" || row.language === "en" ? row.language : undefined,
    isActive: row.status === "active",
    status: row.status as AccountStatus,
    suspension:
      row.status === "suspended" ? { at: row.suspended_at as Instant, reason: row.suspended_reason ?? "" } : undefined,
    isRemoved: row.status === "removed",
    createdAt: row.created_at as Instant,
  }
}
