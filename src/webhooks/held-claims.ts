import { type Instant, instantAfter } from "../clock.ts"
import { type Database, transaction } from "../database/engine.ts"
import { leaseMs } from "./claim-deliveries.ts"
import type { ClaimedDelivery } from "./delivery.ts"
import { renewLeases } from "./due.store.ts"

/** What a process holds, from the claim until the result is written. */
export interface HeldClaims {
  add(claimed: ClaimedDelivery, now: Instant): void
  remove(claimed: ClaimedDelivery): void
  /** Everything held, each with the time it was claimed, to give it back at the end: nothing is held from now on. */
  takeAll(): readonly HeldClaim[]
  isClosed(): boolean
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
  let closed = false

  return {
    add: (claimed, claimedAt) => void held.set(claimed.deliveryId, { claimed, claimedAt }),
    remove: (claimed) => {
      if (held.get(claimed.deliveryId)?.claimed === claimed) held.delete(claimed.deliveryId)
    },
    isClosed: () => closed,
    takeAll: () => {
      closed = true
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
