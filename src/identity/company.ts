import type { Instant } from "../clock.ts"
import { recordAccessChange } from "../database/access-changes.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import type { CompanyId } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import { type AuditActor, recordAudit } from "./audit-log.ts"
import {
  type Company,
  type CompanySettings,
  findCompanyById,
  insertCompany,
  listCompaniesById,
  lockCompany,
  markCompanyClosed,
  updateCompanySettings,
} from "./companies.store.ts"
import { deleteSessionsOfCompany } from "./sessions.store.ts"

export type { AccountStatus, Company, CompanySettings, Suspension } from "./companies.store.ts"

/** What a new company is made from. */
export interface CompanyDraft {
  readonly fullName: string
  readonly shortName?: string | undefined
  /** Runs in the same database transaction: what other parts keep for each company (payment-code formats). */
  readonly onCompanyCreated?: ((tx: Queries, companyId: CompanyId) => Promise<void>) | undefined
}

const defaultSettings: CompanySettings = {
  subAccountsOn: true,
  paymentCodesOn: true,
  separatorTolerant: true,
  dataStorageDays: 90,
}
const longestName = 200

/**
 * Creates a company: payment codes and sub-accounts on, 90 days of storage.
 *
 * @throws Refusal invalid, naming `company` or `short_name`
 */
export async function createCompany(tx: Queries, now: Instant, draft: CompanyDraft): Promise<CompanyId> {
  const fullName = checkCompanyName("company", draft.fullName)
  const shortName = checkCompanyName("short_name", draft.shortName ?? fullName)
  const id = await insertCompany(tx, now, { ...defaultSettings, fullName, shortName, subscription: "Free" })
  await draft.onCompanyCreated?.(tx, id)
  return id
}

/** The company of that id, open or closed. */
export function findCompany(db: Queries, id: number): Promise<Company | undefined> {
  return findCompanyById(db, id)
}

/** Companies by id, those after `after` (0: from the first), at most `limit`. */
export function listCompanies(db: Queries, after = 0, limit = 1000): Promise<readonly Company[]> {
  return listCompaniesById(db, after, limit)
}

/**
 * Changes the settings that are given and leaves the others.
 *
 * @throws Refusal not_found
 */
export async function changeCompanySettings(
  tx: Queries,
  companyId: number,
  settings: Partial<CompanySettings>,
): Promise<void> {
  if (!(await updateCompanySettings(tx, companyId, settings))) throw unknownCompany(companyId)
}

/**
 * Closes a company: its users are signed out and can sign in no more; its grants end with it (contract/oauth.md §9).
 * Data stays until it is erased.
 *
 * @throws Refusal not_found
 */
export async function closeCompany(
  db: Database,
  now: Instant,
  companyId: number,
  actor: AuditActor = { kind: "operator" },
): Promise<void> {
  await transaction(db, async (tx) => {
    const company = await lockCompany(tx, companyId)
    if (company === undefined || !(await markCompanyClosed(tx, companyId))) throw unknownCompany(companyId)
    await deleteSessionsOfCompany(tx, companyId)
    const details = { name: company.fullName }
    await recordAudit(tx, now, { companyId, actor, action: "company.close", subjectId: companyId, details })
    await recordAccessChange(tx, "company", companyId, now)
  })
}

function unknownCompany(id: number): Refusal {
  return new Refusal("not_found", `There is no company ${id}.`)
}

/**
 * The name as it is kept, if it is one.
 *
 * @throws Refusal invalid, naming the field
 */
export function checkCompanyName(field: string, text: string): string {
  const name = text.normalize("NFC").trim()
  if (name !== "" && name.length <= longestName && !/\p{Cc}/u.test(name)) return name
  const problem = `${field} must be 1 to ${longestName} characters on one line.`
  throw new Refusal("invalid", problem, { errors: { [field]: [problem] } })
}
