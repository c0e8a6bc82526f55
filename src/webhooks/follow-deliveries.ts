import type { Clock } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import type { Queries } from "../database/engine.ts"
import { copyAttempt, type DeliveryCopy } from "./delivery-copy.ts"
import { selectAttemptsAfter, selectNewestAttempt } from "./delivery-stream.store.ts"
import type { WebhookOwner } from "./webhook-visibility.ts"

// On PostgreSQL a row can become visible after one with a higher number; no database transaction that writes results is
// open for longer than this.
const settledAfterMs = 10_000
const pageSize = 500

/** Somebody who follows the log of a company's mode. */
export interface DeliveryFollower {
  /** A follower that begins here misses nothing; it may see again what was seen in the last seconds. */
  position(): number
  /** What has come since the last look: the first attempt of each delivery, of webhooks that the owner may see. */
  look(owner: WebhookOwner): AsyncGenerator<DeliveryCopy>
}

export interface FollowParts {
  readonly db: Queries
  readonly keyring: Keyring
  readonly clock: Clock
}

/** Follows the log from the number of a row. */
export function followDeliveries({ db, keyring, clock }: FollowParts, from: number): DeliveryFollower {
  const seen = new Map<number, number>()
  let floor = from

  // Whatever is below a row that was there so long ago has come too, and this look has seen it.
  function settle(lookedAt: number): void {
    for (const [n, at] of seen) if (lookedAt - at >= settledAfterMs && n > floor) floor = n
    for (const n of seen.keys()) if (n <= floor) seen.delete(n)
  }

  async function* look(owner: WebhookOwner): AsyncGenerator<DeliveryCopy> {
    const lookedAt = performance.now()
    const { companyId, mode } = owner
    let after = floor
    for (;;) {
      const rows = await selectAttemptsAfter(db, { companyId, mode, after, limit: pageSize })
      for (const { n, opens } of rows) {
        if (seen.has(n)) continue
        seen.set(n, lookedAt)
        const copy = opens === 1 ? await copyAttempt(db, keyring, { owner, now: clock.now() }, n) : undefined
        if (copy !== undefined) yield copy
      }
      after = rows.at(-1)?.n ?? after
      if (rows.length < pageSize) break
    }
    settle(lookedAt)
  }

  return { position: () => floor, look }
}

/** Where one begins who wants to see what comes from now on. */
export function findNewestAttempt(db: Queries, { companyId, mode }: WebhookOwner): Promise<number> {
  return selectNewestAttempt(db, { companyId, mode })
}
