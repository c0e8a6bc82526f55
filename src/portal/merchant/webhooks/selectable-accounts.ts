import { listCompanyAccounts } from "../../../banking/bank-account.ts"
import { chooseSubAccounts, type NamedSubAccounts } from "../../../banking/sub-account.ts"
import type { Queries } from "../../../database/engine.ts"
import { type Actor, isPermitted } from "../../../identity/permission.ts"
import type { CompanyId, Mode } from "../../../ids.ts"

/** A virtual account as a form offers it. */
export interface SelectableVa {
  readonly id: number
  readonly number: string
  readonly label: string | null
}

/** A bank account as a form offers it. */
export interface SelectableAccount {
  readonly id: number
  readonly name: string
  readonly number: string
  readonly holder: string
  readonly active: boolean
  readonly vas: readonly SelectableVa[]
  /** They are few enough to be ticked; else their numbers are typed. */
  readonly areTicked: boolean
}

const mostTicked = 60

/**
 * The accounts of a company's mode with their virtual accounts, oldest first; undefined for a user who may not see
 * accounts. An account with very many virtual accounts comes with those that are named alone.
 */
export async function listSelectableAccounts(
  db: Queries,
  user: Actor & { readonly companyId: CompanyId },
  mode: Mode,
  named: NamedSubAccounts = { ids: [], numbers: [] },
): Promise<readonly SelectableAccount[] | undefined> {
  if (!isPermitted(user, "bank_account.list")) return undefined
  const accounts = (await listCompanyAccounts(db, user.companyId)).filter((account) => account.mode === mode)
  const found: SelectableAccount[] = []
  for (const account of accounts) {
    const { areAll, subAccounts } = await chooseSubAccounts(db, account.id, mostTicked, named)
    found.push({
      id: account.id,
      name: account.label ?? account.brandName ?? account.bank,
      number: account.accountNumber,
      holder: account.holderName,
      active: account.isActive,
      areTicked: areAll,
      vas: subAccounts.map(({ id, accountNumber, label }) => ({ id, number: accountNumber, label })),
    })
  }
  return found
}
