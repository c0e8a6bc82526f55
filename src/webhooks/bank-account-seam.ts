import type { Queries } from "../database/engine.ts"
import type { Access } from "../oauth/access.ts"

/** Accounts and sub-accounts that somebody named. */
export interface WantedAccounts {
  readonly bankAccountIds: readonly number[]
  readonly bankSubAccountIds: readonly number[]
}

/** Those of them that a viewer may see. */
export interface VisibleAccounts {
  readonly bankAccountIds: readonly number[]
  readonly subAccounts: readonly { readonly id: number; readonly bankAccountId: number }[]
}

/** Looks bank accounts up; banking hands it over (the seam of docs/architecture.md). */
export type FindBankAccounts = (
  db: Queries,
  viewer: Pick<Access, "companyId" | "mode" | "bankAccountIds">,
  wanted: WantedAccounts,
) => Promise<VisibleAccounts>
