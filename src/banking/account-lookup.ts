import type { FindBankAccounts } from "../webhooks/bank-account-seam.ts"
import { selectVisibleAccountIds, selectVisibleSubAccounts } from "./bank-accounts.store.ts"

/** Which of the accounts and sub-accounts that somebody named a viewer may see: what webhooks ask (docs/architecture.md). */
export const findBankAccounts: FindBankAccounts = async (db, { companyId, mode, bankAccountIds }, wanted) => {
  const source = { companyId, mode, accountIds: bankAccountIds }
  return {
    bankAccountIds: await selectVisibleAccountIds(db, source, wanted.bankAccountIds),
    subAccounts: await selectVisibleSubAccounts(db, source, wanted.bankSubAccountIds),
  }
}
