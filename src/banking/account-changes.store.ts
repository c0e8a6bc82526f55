import type { Queries } from "../database/engine.ts"

/** An account or a virtual account as it is before a change, locked. */
export interface LockedAccount {
  readonly id: number
  readonly companyId: number
  /** For a virtual account: the account it belongs to. */
  readonly bankAccountId: number
  readonly label: string | null
  readonly isActive: boolean
}

/** Locks an account of any company. */
export async function lockBankAccount(tx: Queries, id: number): Promise<LockedAccount | undefined> {
  const row = await tx
    .selectFrom("bank_accounts")
    .select(["id", "company_id as companyId", "label", "active"])
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst()
  return row && { ...row, bankAccountId: row.id, isActive: row.active === 1 }
}

/** Locks a virtual account of any company. */
export async function lockSubAccount(tx: Queries, id: number): Promise<LockedAccount | undefined> {
  const row = await tx
    .selectFrom("sub_accounts as s")
    .innerJoin("bank_accounts as a", "a.id", "s.bank_account_id")
    .select(["s.id", "a.company_id as companyId", "s.bank_account_id as bankAccountId", "s.label", "s.active"])
    .where("s.id", "=", id)
    .forUpdate(["s"])
    .executeTakeFirst()
  return row && { ...row, isActive: row.active === 1 }
}

type Change = { readonly label: string | null } | { readonly isActive: boolean }

/** Changes what a person may change of an account, or of a virtual account. */
export async function updateAccount(
  tx: Queries,
  table: "bank_accounts" | "sub_accounts",
  id: number,
  change: Change,
): Promise<void> {
  const values = "label" in change ? { label: change.label } : { active: Number(change.isActive) }
  await tx.updateTable(table).set(values).where("id", "=", id).execute()
}
