import type { Queries } from "../database/engine.ts"
import type { JudgedWebhook } from "./filter.ts"
import { insertVersion } from "./webhooks.store.ts"

/** Keeps what this version of a webhook lets pass: `explain` shows it later (contract/webhooks.md §6). */
export async function keepVersion(
  tx: Queries,
  webhookId: number,
  configVersion: number,
  webhook: JudgedWebhook,
): Promise<void> {
  const { active, eventType, bankMode, bankAccountIds, accounts, onlyVa, vaMode, bankSubAccountIds } = webhook
  const { skipIfNoCode, prefixFilters } = webhook
  const kept = { active, eventType, bankMode, bankAccountIds, accounts, onlyVa, vaMode, bankSubAccountIds }
  await insertVersion(tx, {
    webhookId,
    configVersion,
    filter: JSON.stringify({ ...kept, skipIfNoCode, prefixFilters } satisfies JudgedWebhook),
  })
}
