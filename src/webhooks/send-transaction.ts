import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import { newUuid, type TransactionId, type WebhookId } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import { takeCall } from "./call-limit.ts"
import { insertDelivery, insertDue } from "./deliveries.store.ts"
import { selectExplainedEvent } from "./explain.store.ts"
import type { WebhookManager } from "./list-webhooks.ts"
import { recordReplay } from "./replay-record.ts"
import { wakeWorkers } from "./wake.ts"
import { getVisibleWebhook } from "./webhook-visibility.ts"

/**
 * Sends a transaction to a webhook whatever its filters say, in the caller's database transaction: a delivery of kind
 * `replay` with the payload of the event (contract/webhooks.md §6, "Send to this webhook").
 *
 * @returns the uuid of the delivery
 * @throws Refusal not_found naming the one that is not there, too_many (ten replays a minute)
 */
export async function sendTransaction(
  tx: Queries,
  now: Instant,
  manager: WebhookManager,
  { transactionId, webhookId }: { readonly transactionId: TransactionId; readonly webhookId: WebhookId },
): Promise<string> {
  const { companyId, mode } = await getVisibleWebhook(tx, manager, webhookId)
  const event = await selectExplainedEvent(tx, { companyId, mode, transactionId })
  if (event === undefined || manager.bankAccountIds?.includes(event.bankAccountId) === false) {
    throw new Refusal("not_found", "There is no such transaction")
  }
  await takeCall(tx, companyId, "replay", now)
  const uuid = newUuid(now)
  const content = { eventId: event.eventId, payload: null, transactionId, companyId, mode, webhookId }
  const deliveryId = await insertDelivery(tx, { ...content, uuid, kind: "replay", replayOf: null, now })
  await insertDue(tx, { deliveryId, webhookId, dueAt: now })
  await recordReplay(tx, now, manager, { webhookId, deliveries: 1, transactionId })
  await wakeWorkers(tx, [webhookId])
  return uuid
}
