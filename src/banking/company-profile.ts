import type { Queries } from "../database/engine.ts"
import { type Company, findCompany } from "../identity/company.ts"
import { findUser, type User } from "../identity/user.ts"
import type { Mode } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import type { PaymentCodeTemplate } from "./payment-code.ts"
import { listPaymentCodeTemplates } from "./payment-code-settings.ts"

/** A company as one of its users sees it, with the templates of one mode. */
export interface CompanyProfile {
  readonly company: Company
  readonly user: User
  readonly templates: readonly PaymentCodeTemplate[]
}

/**
 * The caller's company.
 *
 * @throws Refusal not_found when user or company went away under the request
 */
export async function getCompanyProfile(
  db: Queries,
  { companyId, userId, mode }: { readonly companyId: number; readonly userId: number; readonly mode: Mode },
): Promise<CompanyProfile> {
  const [company, user, templates] = await Promise.all([
    findCompany(db, companyId),
    findUser(db, { id: userId }),
    listPaymentCodeTemplates(db, companyId, mode),
  ])
  if (company === undefined || user === undefined) throw new Refusal("not_found", "There is no such company")
  return { company, user, templates }
}

/**
 * The caller.
 *
 * @throws Refusal not_found when the user went away under the request
 */
export async function getCurrentUser(db: Queries, { userId }: { readonly userId: number }): Promise<User> {
  const user = await findUser(db, { id: userId })
  if (user === undefined) throw new Refusal("not_found", "There is no such user")
  return user
}
