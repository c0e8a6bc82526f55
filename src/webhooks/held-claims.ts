import { type Instant, instantAfter } from "../clock.ts"
import { type Database, transaction } from "../database/engine.ts"
import { leaseMs } from "./claim-deliveries.ts"
import type { ClaimedDelivery } from "./delivery.ts"
import { renewLeases } from "./due.store.ts"

/** What a process holds, from the claim until the result is written. */
export interface HeldClaims {
  add(claimed: ClaimedDelivery, now: Instant): void
  has(claimed: ClaimedDelivery): boolean
  remove(claimed: ClaimedDelivery): void
  /** Everything held, each with the time it was claimed; nothing is held afterwards. */
  takeAll(): readonly HeldClaim[]
  /** Renews the leases of all, in one statement (contract/webhooks.md §7, heartbeat). */
  renew(db: Database, now: Instant): Promise<void>
}

export interface HeldClaim {
  readonly claimed: ClaimedDelivery
  readonly claimedAt: Instant
}

/** Makes the record of what a process holds. */
export function createHeldClaims(): HeldClaims {
  const held = new Map<number, HeldClaim>()
  const has = (claimed: ClaimedDelivery) => held.get(claimed.deliveryId)?.claimed === claimed

  return {
    add: (claimed, claimedAt) => void held.set(claimed.deliveryId, { claimed, claimedAt }),
    has,
    remove: (claimed) => {
      if (has(claimed)) held.delete(claimed.deliveryId)
    },
    takeAll: () => {
      const all = [...held.values()]
      held.clear()
      return all
    },
    renew: async (db, now) => {
      if (held.size === 0) return
      const claims = [...held.values()].map(({ claimed }) => claimed)
      const claimIds = [...new Set(claims.map(({ claimId }) => claimId))]
      const deliveryIds = claims.map(({ deliveryId }) => deliveryId)
      await transaction(db, (tx) => renewLeases(tx, { deliveryIds, claimIds }, instantAfter(now, leaseMs)))
    },
  }
}
