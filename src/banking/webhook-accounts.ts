import type { Queries } from "../database/engine.ts"
import type { WebhookOwner } from "../webhooks/webhook-visibility.ts"
import { selectOwnAccountIds, selectSubAccountOwners } from "./bank-accounts.store.ts"

/** Those of the accounts that are the company's, of the mode and of the consent: what a webhook may name. */
export async function findWebhookAccounts(
  db: Queries,
  { companyId, mode, bankAccountIds }: WebhookOwner,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  const wanted = ids.filter((id) => bankAccountIds?.includes(id) !== false)
  return new Set(wanted.length === 0 ? [] : await selectOwnAccountIds(db, { companyId, mode }, wanted))
}

/** Virtual account → its account, as far as the owner may see them. */
export async function findWebhookSubAccounts(
  db: Queries,
  { companyId, mode, bankAccountIds }: WebhookOwner,
  ids: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  if (ids.length === 0) return new Map()
  const owners = await selectSubAccountOwners(db, { companyId, mode }, ids)
  return new Map(owners.filter(([, account]) => bankAccountIds?.includes(account) !== false))
}
