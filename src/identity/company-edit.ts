import type { Instant } from "../clock.ts"
import { type Database, transaction } from "../database/engine.ts"
import { Refusal } from "../refusal.ts"
import { recordAudit } from "./audit-log.ts"
import { type Company, lockCompany, updateCompanyNames, updateCompanySettings } from "./companies.store.ts"
import { checkCompanyName } from "./company.ts"
import { seenMark } from "./seen-mark.ts"

/** What a company's administrators may change of it on its page. */
export interface CompanyFields {
  readonly fullName: string
  readonly shortName: string
  readonly subAccountsOn: boolean
  readonly paymentCodesOn: boolean
  readonly separatorTolerant: boolean
}

/** What an edit came to; `changed_meanwhile`: the company is no longer what the form showed, and nothing was stored. */
export type CompanyEditResult = "changed" | "unchanged" | "changed_meanwhile"

/** A mark of what the form shows; it changes when one of the values does. Pure. */
export function companyMark(company: CompanyFields): string {
  const { fullName, shortName, subAccountsOn, paymentCodesOn, separatorTolerant } = company
  return seenMark([fullName, shortName, subAccountsOn, paymentCodesOn, separatorTolerant])
}

/**
 * Changes names and settings of a company.
 *
 * @param edit.seen `companyMark` of what the form showed
 * @throws Refusal invalid (`full_name`, `short_name`), not_found
 */
export async function editCompany(
  db: Database,
  now: Instant,
  editor: { readonly companyId: number; readonly userId: number },
  edit: CompanyFields & { readonly seen: string | undefined },
): Promise<CompanyEditResult> {
  const { companyId } = editor
  const fields = checkFields(edit)
  return transaction(db, async (tx) => {
    const company = await lockCompany(tx, companyId)
    if (company === undefined) throw new Refusal("not_found", "There is no such company.")
    const changed = changedKeys(company, fields)
    if (changed.length === 0) return "unchanged"
    if (edit.seen !== companyMark(company)) return "changed_meanwhile"
    await updateCompanyNames(tx, companyId, fields)
    await updateCompanySettings(tx, companyId, fields)
    await recordAudit(tx, now, {
      companyId,
      actor: { kind: "user", id: editor.userId },
      action: "company.update",
      subjectId: companyId,
      details: { before: pick(company, changed), after: pick(fields, changed) },
    })
    return "changed"
  })
}

const auditNames: Readonly<Record<keyof CompanyFields, string>> = {
  fullName: "full_name",
  shortName: "short_name",
  subAccountsOn: "sub_accounts_on",
  paymentCodesOn: "payment_codes_on",
  separatorTolerant: "separator_tolerant",
}

function changedKeys(company: Company, fields: CompanyFields): readonly (keyof CompanyFields)[] {
  return (Object.keys(auditNames) as (keyof CompanyFields)[]).filter((key) => company[key] !== fields[key])
}

function pick(from: CompanyFields, keys: readonly (keyof CompanyFields)[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(keys.map((key) => [auditNames[key], from[key]]))
}

// Both names are looked at before either is refused, so that the form marks each field that is wrong.
function checkFields(edit: CompanyFields): CompanyFields {
  const errors: Record<string, readonly string[]> = {}
  const check = (field: string, text: string): string => {
    try {
      return checkCompanyName(field, text)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      errors[field] = [error.message]
      return text
    }
  }
  const fullName = check("full_name", edit.fullName)
  const shortName = check("short_name", edit.shortName)
  const [first] = Object.values(errors)
  if (first !== undefined) throw new Refusal("invalid", first[0] ?? "", { errors })
  const { subAccountsOn, paymentCodesOn, separatorTolerant } = edit
  return { fullName, shortName, subAccountsOn, paymentCodesOn, separatorTolerant }
}
