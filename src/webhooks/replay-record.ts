import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import { recordAudit } from "../identity/audit-log.ts"
import type { WebhookId } from "../ids.ts"
import { formatVietnamTime } from "../vietnam-time.ts"
import type { WebhookManager } from "./list-webhooks.ts"

/** What was sent again to one webhook at one press: chosen log rows, one transaction, or what a window holds. */
export type ReplayRecord =
  | { readonly deliveries: number; readonly logRows: readonly number[] }
  | { readonly deliveries: number; readonly transactionId: number }
  | {
      /** The number of the replay, when its steps are made one by one. */
      readonly replay?: number | undefined
      /** How many deliveries were in the window when it began. */
      readonly found?: number | undefined
      readonly from: Instant
      readonly before: Instant
      readonly states: readonly ("failed" | "cancelled")[]
    }

/** Records in the audit log, in the database transaction that makes the deliveries, that a webhook is sent things again. */
export async function recordReplay(
  tx: Queries,
  now: Instant,
  { companyId, actor }: Pick<WebhookManager, "companyId" | "actor">,
  { webhookId, ...record }: ReplayRecord & { readonly webhookId: WebhookId },
): Promise<void> {
  const details = toDetails(record)
  await recordAudit(tx, now, { companyId, actor, action: "webhook.replay", subjectId: webhookId, details })
}

function toDetails(record: ReplayRecord): Readonly<Record<string, unknown>> {
  if ("logRows" in record) return { deliveries: record.deliveries, log_rows: record.logRows }
  if ("transactionId" in record) return { deliveries: record.deliveries, transaction_id: record.transactionId }
  const { replay, found, from, before, states } = record
  return {
    ...(replay !== undefined && { replay }),
    ...(found !== undefined && { found }),
    made_from: formatVietnamTime(from),
    made_before: formatVietnamTime(before),
    states,
  }
}
