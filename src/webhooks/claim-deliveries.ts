import { randomUUID } from "node:crypto"
import { type Instant, instantAfter } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import type { WebhookId } from "../ids.ts"
import { toClaimedDelivery } from "./claimed-delivery.ts"
import { getClaimedWebhook } from "./claimed-webhook.ts"
import type { ClaimedDelivery, ClaimedWebhook } from "./delivery.ts"
import { type MadeAttempt, recordAttempts } from "./delivery-results.ts"
import { type Claim, type ClaimedRow, claimDue, selectDeliveryContents } from "./due.store.ts"
import { expireRetries } from "./expire-retries.ts"
import { retriesOf } from "./lanes.ts"
import { unsentAttempt } from "./unsent-attempt.ts"

/** How long a claim holds without renewal (contract/webhooks.md §7). */
export const leaseMs = 30_000

/** What a process wants of an endpoint: never more than it can begin at once. */
export interface EndpointWish {
  readonly webhookId: WebhookId
  /** Both lanes together. */
  readonly all: number
  readonly retry: number
}

/** What a claim brought. */
export interface ClaimResult {
  readonly claimed: readonly ClaimedDelivery[]
  /** Endpoints that may have more that is due. */
  readonly more: ReadonlySet<WebhookId>
}

/**
 * Claims due deliveries for the endpoints, in one database transaction, and reads all that their attempts need: address,
 * credentials and content as they are now. Deliveries of a webhook that is off or deleted end here, as `cancelled`, and
 * retries that come too late as `expired`.
 */
export function claimDeliveries(
  db: Database,
  keyring: Keyring,
  now: Instant,
  wishes: readonly EndpointWish[],
): Promise<ClaimResult> {
  const claim: Claim = { claimId: randomUUID(), now, leaseUntil: instantAfter(now, leaseMs) }
  return transaction(db, async (tx) => {
    const claimed: ClaimedDelivery[] = []
    const more = new Set<WebhookId>()
    for (const wish of wishes) {
      const { webhookId, all } = wish
      // A quarter of the room is for retries first, so that a stream of first attempts does not hold them back for ever.
      const retry = Math.min(wish.retry, retriesOf(all))
      const rows = await claimDue(tx, claim, { webhookId, all, retry })
      if (rows.length === 0) continue
      // Read after the claim: what was changed before it, such as the end of a secret, holds for all that is claimed.
      const webhook = await getClaimedWebhook(tx, keyring, webhookId, now)
      claimed.push(...(await dropUnsent(tx, now, await readDeliveries(tx, claim, webhook, rows))))
      const retries = rows.filter(({ lane }) => lane === "retry").length
      if (rows.length >= all || (retry > 0 && retries >= retry)) more.add(webhookId)
    }
    return { claimed, more }
  })
}

/** Ends those that are not sent any more, and returns the others. */
async function dropUnsent(
  tx: Queries,
  now: Instant,
  deliveries: readonly ClaimedDelivery[],
): Promise<readonly ClaimedDelivery[]> {
  const unsent = deliveries.flatMap((delivery) => findReasonToCancel(delivery, now))
  if (unsent.length > 0) await recordAttempts(tx, unsent, async () => {})
  const cancelled = new Set(unsent.map((made) => made.claimed.deliveryId))
  const sendable = deliveries.filter(({ deliveryId }) => !cancelled.has(deliveryId))
  const expired = await expireRetries(tx, now, sendable)
  return sendable.filter(({ deliveryId }) => !expired.has(deliveryId))
}

async function readDeliveries(
  tx: Queries,
  claim: Claim,
  webhook: ClaimedWebhook,
  rows: readonly ClaimedRow[],
): Promise<ClaimedDelivery[]> {
  const ids = rows.map(({ deliveryId }) => deliveryId)
  const contents = await selectDeliveryContents(tx, ids)
  const { claimId } = claim
  return rows.map((row) => toClaimedDelivery({ ...row, claimId }, contents.get(row.deliveryId), webhook))
}

// What a person asked for again goes out though the webhook is off (contract/webhooks.md §9).
function findReasonToCancel(claimed: ClaimedDelivery, now: Instant): readonly MadeAttempt[] {
  const { webhook, kind } = claimed
  if (webhook.deleted) return [unsentAttempt(claimed, "webhook_deleted", now)]
  if (!webhook.active && kind === "auto") return [unsentAttempt(claimed, "webhook_off", now)]
  return []
}
