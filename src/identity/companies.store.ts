import type { Selectable } from "kysely"
import type { Instant } from "../clock.ts"
import { prepared, type Queries } from "../database/engine.ts"
import type { Schema } from "../database/schema.ts"
import type { CompanyId } from "../ids.ts"

/** What a company decides about its own data (contract/api.md §10). */
export interface CompanySettings {
  readonly subAccountsOn: boolean
  readonly paymentCodesOn: boolean
  /** Whether payment codes are also found when a bank put separators into them. */
  readonly separatorTolerant: boolean
  readonly dataStorageDays: number
}

/** The tenant: users, bank accounts and grants belong to exactly one. */
export interface Company extends CompanySettings {
  readonly id: CompanyId
  readonly fullName: string
  readonly shortName: string
  /** The name of the plan. */
  readonly subscription: string
  /** `YYYY-MM-DD`; absent without a plan. */
  readonly beginDay: string | undefined
  readonly endDay: string | undefined
  readonly isActive: boolean
  /** Closed for good, or stopped by an operator until it is reinstated. */
  readonly status: AccountStatus
  readonly suspension: Suspension | undefined
  readonly createdAt: Instant
}

/**
 * Whether a company or a user may use the platform: `inactive` is closed, for good; `removed` is a user whose company has
 * removed them.
 */
export type AccountStatus = "active" | "inactive" | "suspended" | "removed"

/** Since when and why an operator has stopped a company or a user. */
export interface Suspension {
  readonly at: Instant
  readonly reason: string
}

export interface NewCompany extends CompanySettings {
  readonly fullName: string
  readonly shortName: string
  readonly subscription: string
}

export async function insertCompany(tx: Queries, now: Instant, company: NewCompany): Promise<CompanyId> {
  const { id } = await tx
    .insertInto("companies")
    .values({
      full_name: company.fullName,
      short_name: company.shortName,
      subscription: company.subscription,
      begin_day: null,
      end_day: null,
      status: "active",
      sub_accounts_on: Number(company.subAccountsOn),
      payment_codes_on: Number(company.paymentCodesOn),
      separator_tolerant: Number(company.separatorTolerant),
      data_storage_days: company.dataStorageDays,
      created_at: now,
    })
    .returning("id")
    .executeTakeFirstOrThrow()
  return id as CompanyId
}

const selectCompany = prepared<{ id: number }, Selectable<Schema["companies"]>>((db, parameter) =>
  db.selectFrom("companies").selectAll().where("id", "=", parameter("id")),
)

export async function findCompanyById(db: Queries, id: number): Promise<Company | undefined> {
  const [row] = await selectCompany(db, { id })
  return row && toCompany(row)
}

/** Locks the company, so that what is decided about its people together is decided one after the other. */
export async function lockCompany(tx: Queries, id: number): Promise<Company | undefined> {
  const row = await tx.selectFrom("companies").selectAll().where("id", "=", id).forUpdate().executeTakeFirst()
  return row && toCompany(row)
}

export async function listCompaniesById(db: Queries, after: number, limit: number): Promise<readonly Company[]> {
  const rows = await db.selectFrom("companies").selectAll().where("id", ">", after).orderBy("id").limit(limit).execute()
  return rows.map(toCompany)
}

export async function updateCompanySettings(
  tx: Queries,
  id: number,
  settings: Partial<CompanySettings>,
): Promise<boolean> {
  const { subAccountsOn, paymentCodesOn, separatorTolerant, dataStorageDays } = settings
  const values = {
    ...(subAccountsOn !== undefined && { sub_accounts_on: Number(subAccountsOn) }),
    ...(paymentCodesOn !== undefined && { payment_codes_on: Number(paymentCodesOn) }),
    ...(separatorTolerant !== undefined && { separator_tolerant: Number(separatorTolerant) }),
    ...(dataStorageDays !== undefined && { data_storage_days: dataStorageDays }),
  }
  if (Object.keys(values).length === 0) return (await findCompanyById(tx, id)) !== undefined
  const { numUpdatedRows } = await tx
    .updateTable("companies")
    .set(values)
    .where("id", "=", id)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export async function markCompanyClosed(tx: Queries, id: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("companies")
    .set({ status: "inactive" })
    .where("id", "=", id)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export async function updateCompanyNames(
  tx: Queries,
  id: number,
  names: { readonly fullName: string; readonly shortName: string },
): Promise<void> {
  await tx
    .updateTable("companies")
    .set({ full_name: names.fullName, short_name: names.shortName })
    .where("id", "=", id)
    .execute()
}

/** Suspends an active company. @returns whether it was active */
export async function markCompanySuspended(tx: Queries, id: number, { at, reason }: Suspension): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("companies")
    .set({ status: "suspended", suspended_at: at, suspended_reason: reason })
    .where("id", "=", id)
    .where("status", "=", "active")
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Ends a suspension. @returns whether there was one */
export async function markCompanyReinstated(tx: Queries, id: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("companies")
    .set({ status: "active", suspended_at: null, suspended_reason: null })
    .where("id", "=", id)
    .where("status", "=", "suspended")
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

function toCompany(row: Selectable<Schema["companies"]>): Company {
  return {
    id: row.id as CompanyId,
    fullName: row.full_name,
    shortName: row.short_name,
    subscription: row.subscription,
    beginDay: row.begin_day ?? undefined,
    endDay: row.end_day ?? undefined,
    isActive: row.status === "active",
    status: row.status as AccountStatus,
    suspension:
      row.status === "suspended" ? { at: row.suspended_at as Instant, reason: row.suspended_reason ?? "" } : undefined,
    subAccountsOn: row.sub_accounts_on === 1,
    paymentCodesOn: row.payment_codes_on === 1,
    separatorTolerant: row.separator_tolerant === 1,
    dataStorageDays: row.data_storage_days,
    createdAt: row.created_at as Instant,
  }
}
