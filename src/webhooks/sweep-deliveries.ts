import { type Instant, instantAfter } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import type { WebhookId } from "../ids.ts"
import { leaseMs } from "./claim-deliveries.ts"
import { toClaimedDelivery } from "./claimed-delivery.ts"
import { getClaimedWebhook } from "./claimed-webhook.ts"
import type { ClaimedDelivery, ClaimedWebhook } from "./delivery.ts"
import { recordAttempts } from "./delivery-results.ts"
import { hasLostClaims, type LostClaim, lockLostClaims, selectDeliveryContents } from "./due.store.ts"
import { interruptedAttempt } from "./interrupted-attempt.ts"

const mostAtOnce = 500

/**
 * Takes deliveries back whose worker did not renew its lease: logged as `interrupted`, due at once (contract/webhooks.md §7).
 *
 * @returns how many were taken back
 */
export async function sweepLostClaims(
  db: Database,
  keyring: Keyring,
  now: Instant,
  random: () => number,
): Promise<number> {
  if (!(await hasLostClaims(db, now))) return 0
  return transaction(db, async (tx) => {
    const lost = await lockLostClaims(tx, now, mostAtOnce)
    const webhooks = new Map<WebhookId, ClaimedWebhook>()
    for (const { webhookId } of lost) {
      if (!webhooks.has(webhookId)) webhooks.set(webhookId, await getClaimedWebhook(tx, keyring, webhookId, now))
    }
    const claims = await readLost(tx, lost, webhooks)
    const made = claims.map(({ claimed, leaseUntil }) => {
      return interruptedAttempt(claimed, { startedAt: instantAfter(leaseUntil, -leaseMs), endedAt: now }, random)
    })
    await recordAttempts(tx, made, async () => {})
    return made.length
  })
}

async function readLost(
  tx: Queries,
  lost: readonly LostClaim[],
  webhooks: ReadonlyMap<WebhookId, ClaimedWebhook>,
): Promise<readonly { readonly claimed: ClaimedDelivery; readonly leaseUntil: Instant }[]> {
  const contents = await selectDeliveryContents(
    tx,
    lost.map(({ deliveryId }) => deliveryId),
  )
  return lost.map((row) => {
    const content = contents.get(row.deliveryId)
    const claimed = toClaimedDelivery({ ...row, lane: "retry" }, content, webhooks.get(row.webhookId))
    return { claimed, leaseUntil: row.leaseUntil }
  })
}
