import { createHash } from "node:crypto"
import type { Instant } from "../clock.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { type AuditActor, recordAudit } from "../identity/audit-log.ts"
import { changeCompanySettings, findCompany } from "../identity/company.ts"
import type { Mode } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import type { PaymentCodeTemplate } from "./payment-code.ts"
import { MOST_TEMPLATES } from "./payment-code-settings.ts"
import {
  deletePaymentCodeTemplate,
  insertPaymentCodeTemplate,
  lockCompany,
  type StoredTemplate,
  selectPaymentCodeTemplates,
  updatePaymentCodeTemplate,
  updateTemplatePosition,
} from "./payment-codes.store.ts"

export type { StoredTemplate } from "./payment-codes.store.ts"

/** Switches of a company that decide whether and how codes are found, in both modes. */
export interface PaymentCodeSwitches {
  readonly paymentCodesOn: boolean
  readonly separatorTolerant: boolean
}

/** All that decides which code a memo has, in one mode of a company (contract/feeds.md §8). */
export interface PaymentCodeBoard {
  readonly switches: PaymentCodeSwitches
  /** In matching order. */
  readonly templates: readonly StoredTemplate[]
  /** Names exactly this state: a change brings the version it was made from, and is refused when another came first. */
  readonly version: string
}

/** Who changes the board of which mode, and the state they saw. */
export interface BoardChange {
  readonly companyId: number
  readonly mode: Mode
  readonly actor: AuditActor
  readonly version: string
}

/** Reads the board of a company's mode. */
export async function getPaymentCodeBoard(db: Queries, companyId: number, mode: Mode): Promise<PaymentCodeBoard> {
  const company = await findCompany(db, companyId)
  if (company === undefined) throw new Refusal("not_found", "There is no such company.")
  const { paymentCodesOn, separatorTolerant } = company
  const switches = { paymentCodesOn, separatorTolerant }
  const templates = await selectPaymentCodeTemplates(db, companyId, mode)
  const version = createHash("sha256")
    .update(JSON.stringify([switches, templates]))
    .digest("base64url")
    .slice(0, 22)
  return { switches, templates, version }
}

/**
 * Adds a template at the end of the matching order, within the caller's database transaction.
 *
 * @throws Refusal invalid (`prefix`, `suffix_from`, `suffix_to`), conflict (the prefix is there), quota_exceeded
 */
export async function addPaymentCodeTemplate(
  tx: Queries,
  now: Instant,
  change: Omit<BoardChange, "version">,
  draft: PaymentCodeTemplate,
): Promise<number> {
  const template = checkTemplate(draft)
  await lockCompany(tx, change.companyId)
  const { templates } = await getPaymentCodeBoard(tx, change.companyId, change.mode)
  if (templates.some(({ prefix }) => prefix === template.prefix)) {
    throw new Refusal("conflict", `There is a template ${template.prefix} already.`)
  }
  if (templates.length >= MOST_TEMPLATES) {
    throw new Refusal("quota_exceeded", `A company has at most ${MOST_TEMPLATES} templates.`)
  }
  const position = (templates.at(-1)?.position ?? 0) + 1
  const id = await insertPaymentCodeTemplate(tx, { ...change, position }, template)
  await audit(tx, now, change, { action: "payment_code.add", subjectId: id, details: { ...template } })
  return id
}

/**
 * Changes a template; its prefix stays.
 *
 * @throws Refusal invalid (`suffix_from`, `suffix_to`), not_found, conflict (changed meanwhile)
 */
export function changePaymentCodeTemplate(
  db: Database,
  now: Instant,
  change: BoardChange,
  { id, ...values }: Omit<PaymentCodeTemplate, "prefix"> & { readonly id: number },
): Promise<void> {
  return onBoard(db, change, async (tx, { templates }) => {
    const before = getTemplate(templates, id)
    const template = checkTemplate({ ...values, prefix: before.prefix })
    await updatePaymentCodeTemplate(tx, id, template)
    await audit(tx, now, change, { action: "payment_code.update", subjectId: id, details: { ...template } })
  })
}

/**
 * Moves a template one place up or down in the matching order.
 *
 * @throws Refusal not_found, conflict (changed meanwhile)
 */
export function movePaymentCodeTemplate(
  db: Database,
  now: Instant,
  change: BoardChange,
  { id, by }: { readonly id: number; readonly by: 1 | -1 },
): Promise<void> {
  return onBoard(db, change, async (tx, { templates }) => {
    const from = templates.indexOf(getTemplate(templates, id))
    const to = from + by
    if (to < 0 || to >= templates.length) return
    const order = templates.toSpliced(from, 1).toSpliced(to, 0, getTemplate(templates, id))
    for (const [index, template] of order.entries()) await updateTemplatePosition(tx, template.id, index + 1)
    const details = { order: order.map(({ prefix }) => prefix) }
    await audit(tx, now, change, { action: "payment_code.move", subjectId: id, details })
  })
}

/**
 * Deletes a template. The first one can only be switched off (contract/feeds.md §8).
 *
 * @throws Refusal not_found, forbidden (the first), conflict (changed meanwhile)
 */
export function removePaymentCodeTemplate(db: Database, now: Instant, change: BoardChange, id: number): Promise<void> {
  return onBoard(db, change, async (tx, { templates }) => {
    const template = getTemplate(templates, id)
    if (template === templates[0]) throw new Refusal("forbidden", "The first template can only be switched off.")
    await deletePaymentCodeTemplate(tx, id)
    const details = { prefix: template.prefix }
    await audit(tx, now, change, { action: "payment_code.delete", subjectId: id, details })
  })
}

/**
 * Switches payment codes, or the tolerance for separators, on or off: for both modes.
 *
 * @throws Refusal conflict (changed meanwhile)
 */
export function changePaymentCodeSwitches(
  db: Database,
  now: Instant,
  change: BoardChange,
  switches: PaymentCodeSwitches,
): Promise<void> {
  return onBoard(db, change, async (tx) => {
    await changeCompanySettings(tx, change.companyId, switches)
    const { companyId } = change
    await audit(tx, now, change, { action: "payment_code.switch", subjectId: companyId, details: { ...switches } })
  })
}

/** A template of a list by its id. @throws Refusal not_found */
export function getTemplate(templates: readonly StoredTemplate[], id: number): StoredTemplate {
  const template = templates.find((one) => one.id === id)
  if (template !== undefined) return template
  throw new Refusal("not_found", "There is no such template.")
}

function onBoard(
  db: Database,
  change: BoardChange,
  run: (tx: Queries, board: PaymentCodeBoard) => Promise<void>,
): Promise<void> {
  return transaction(db, async (tx) => {
    await lockCompany(tx, change.companyId)
    const board = await getPaymentCodeBoard(tx, change.companyId, change.mode)
    if (board.version !== change.version) throw new Refusal("conflict", "The templates were changed meanwhile.")
    await run(tx, board)
  })
}

const prefixShape = /^[A-Z][A-Z0-9]{1,4}$/
const longestSuffix = 30

function checkTemplate(draft: PaymentCodeTemplate): PaymentCodeTemplate {
  const template = { ...draft, prefix: draft.prefix.trim().toUpperCase() }
  const errors: Record<string, readonly string[]> = {}
  if (!prefixShape.test(template.prefix)) errors["prefix"] = ["A letter, then 1 to 4 letters or digits."]
  for (const [name, value] of [
    ["suffix_from", template.suffixFrom],
    ["suffix_to", template.suffixTo],
  ] as const) {
    if (!Number.isInteger(value) || value < 1 || value > longestSuffix) errors[name] = [`1 to ${longestSuffix}.`]
  }
  if (Object.keys(errors).length === 0 && template.suffixFrom > template.suffixTo) {
    errors["suffix_to"] = ["Must not be below suffix_from."]
  }
  const [problem] = Object.entries(errors)
  if (problem !== undefined) throw new Refusal("invalid", `${problem[0]}: ${problem[1][0]}`, { errors })
  return template
}

function audit(
  tx: Queries,
  now: Instant,
  { companyId, actor, mode }: Omit<BoardChange, "version">,
  entry: { readonly action: string; readonly subjectId: number; readonly details: Readonly<Record<string, unknown>> },
): Promise<void> {
  return recordAudit(tx, now, { companyId, actor, ...entry, details: { mode, ...entry.details } })
}
