import type { Selectable } from "kysely"
import { prepared, type Queries } from "../database/engine.ts"
import type { Schema } from "../database/schema.ts"
import type { PaymentCodeTemplate } from "./payment-code.ts"

/** A template of a company's mode, with its place in the matching order. */
export interface StoredTemplate extends PaymentCodeTemplate {
  readonly id: number
  readonly position: number
}

const templatesOf = prepared<{ companyId: number; mode: string }, Selectable<Schema["payment_code_formats"]>>(
  (db, parameter) =>
    db
      .selectFrom("payment_code_formats")
      .selectAll()
      .where("company_id", "=", parameter("companyId"))
      .where("mode", "=", parameter("mode"))
      .orderBy("position")
      .orderBy("id"),
)

/** The templates of a company's mode, in matching order. */
export async function selectPaymentCodeTemplates(
  db: Queries,
  companyId: number,
  mode: string,
): Promise<readonly StoredTemplate[]> {
  return (await templatesOf(db, { companyId, mode })).map((row) => ({
    id: row.id,
    position: row.position,
    prefix: row.prefix,
    suffixFrom: row.suffix_from,
    suffixTo: row.suffix_to,
    characterType: row.character_type as PaymentCodeTemplate["characterType"],
    isActive: row.is_active === 1,
  }))
}

/** Whoever changes a company's templates holds this lock, so that changes follow one another. */
export async function lockCompany(tx: Queries, companyId: number): Promise<void> {
  await tx.selectFrom("companies").select("id").where("id", "=", companyId).forUpdate().execute()
}

export async function insertPaymentCodeTemplate(
  tx: Queries,
  owner: { readonly companyId: number; readonly mode: string; readonly position: number },
  template: PaymentCodeTemplate,
): Promise<number> {
  const { id } = await tx
    .insertInto("payment_code_formats")
    .values({
      company_id: owner.companyId,
      mode: owner.mode,
      position: owner.position,
      prefix: template.prefix,
      ...toColumns(template),
    })
    .returning("id")
    .executeTakeFirstOrThrow()
  return id
}

export async function updatePaymentCodeTemplate(tx: Queries, id: number, template: PaymentCodeTemplate): Promise<void> {
  await tx.updateTable("payment_code_formats").set(toColumns(template)).where("id", "=", id).execute()
}

export async function updateTemplatePosition(tx: Queries, id: number, position: number): Promise<void> {
  await tx.updateTable("payment_code_formats").set({ position }).where("id", "=", id).execute()
}

export async function deletePaymentCodeTemplate(tx: Queries, id: number): Promise<void> {
  await tx.deleteFrom("payment_code_formats").where("id", "=", id).execute()
}

function toColumns(template: PaymentCodeTemplate) {
  return {
    suffix_from: template.suffixFrom,
    suffix_to: template.suffixTo,
    character_type: template.characterType,
    is_active: Number(template.isActive),
  }
}
