import type { Instant } from "../clock.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { type AuditActor, recordAudit } from "../identity/audit-log.ts"
import type { CompanyId, Mode } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import { DEFAULT_PAYMENT_CODE_TEMPLATE, type PaymentCodeTemplate } from "./payment-code.ts"
import {
  insertPaymentCodeTemplate,
  lockCompany,
  type StoredTemplate,
  selectPaymentCodeTemplates,
  updatePaymentCodeTemplate,
} from "./payment-codes.store.ts"

/** What is to change in a template, found by its prefix in any case; what is absent keeps its value. */
export type TemplateChange = Pick<PaymentCodeTemplate, "prefix"> & {
  readonly [Key in Exclude<keyof PaymentCodeTemplate, "prefix">]?: PaymentCodeTemplate[Key] | undefined
}

/** The most templates that a mode of a company may have (contract/feeds.md §8). */
export const MOST_TEMPLATES = 20

/** The templates of a company's mode, in matching order; the first is the default (contract/api.md §10). */
export function listPaymentCodeTemplates(
  db: Queries,
  companyId: number,
  mode: Mode,
): Promise<readonly PaymentCodeTemplate[]> {
  return selectPaymentCodeTemplates(db, companyId, mode)
}

/** Gives a new company its first template, in both modes (contract/feeds.md §8). */
export async function createDefaultPaymentCodeTemplate(tx: Queries, companyId: CompanyId): Promise<void> {
  for (const mode of ["live", "test"]) {
    await insertPaymentCodeTemplate(tx, { companyId, mode, position: 1 }, DEFAULT_PAYMENT_CODE_TEMPLATE)
  }
}

/**
 * Merges changes into the templates of a company's mode: a known prefix is changed in place, a new one appended; one
 * bad change and nothing is stored (contract/api.md §10).
 *
 * @throws Refusal invalid naming `payment_code_formats.0.prefix` and the like
 */
export async function changePaymentCodeTemplates(
  db: Database,
  now: Instant,
  { actor, ...owner }: { readonly companyId: number; readonly mode: Mode; readonly actor: AuditActor },
  changes: readonly TemplateChange[],
): Promise<void> {
  if (changes.length === 0) return
  await transaction(db, async (tx) => {
    // Two changes at once would both append at one place, or pass the limit together.
    await lockCompany(tx, owner.companyId)
    const known = await selectPaymentCodeTemplates(tx, owner.companyId, owner.mode)
    const { changed, added } = mergeTemplates(known, changes)
    for (const template of changed) await updatePaymentCodeTemplate(tx, template.id, template)
    let position = known.at(-1)?.position ?? 0
    for (const template of added) {
      position += 1
      await insertPaymentCodeTemplate(tx, { ...owner, position }, template)
    }
    const { companyId, mode } = owner
    const details = { mode, prefixes: [...changed, ...added].map(({ prefix }) => prefix) }
    await recordAudit(tx, now, { companyId, actor, action: "payment_code.update", subjectId: companyId, details })
  })
}

interface Merged {
  readonly changed: readonly StoredTemplate[]
  readonly added: readonly PaymentCodeTemplate[]
}

function mergeTemplates(known: readonly StoredTemplate[], changes: readonly TemplateChange[]): Merged {
  const errors: Record<string, string[]> = {}
  const seen = new Set<string>()
  const changed: StoredTemplate[] = []
  const added: PaymentCodeTemplate[] = []
  for (const [index, change] of changes.entries()) {
    const name = `payment_code_formats.${index}`
    const prefix = change.prefix.toUpperCase()
    if (seen.has(prefix)) errors[`${name}.prefix`] = [`${name}.prefix ${prefix} is given twice`]
    seen.add(prefix)
    const before = known.find((template) => template.prefix === prefix)
    const template = { ...(before ?? DEFAULT_PAYMENT_CODE_TEMPLATE), ...given(change), prefix }
    if (template.suffixFrom > template.suffixTo) {
      errors[`${name}.suffix_from`] = [`${name}.suffix_from must not be above suffix_to`]
    }
    if (before === undefined) added.push(template)
    else changed.push({ ...before, ...template })
  }
  if (known.length + added.length > MOST_TEMPLATES) {
    errors["payment_code_formats"] = [`payment_code_formats may not exceed ${MOST_TEMPLATES} templates in all`]
  }
  const [problem] = Object.values(errors).flat()
  if (problem !== undefined) throw new Refusal("invalid", problem, { errors })
  return { changed, added }
}

function given(change: TemplateChange): Partial<PaymentCodeTemplate> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}
