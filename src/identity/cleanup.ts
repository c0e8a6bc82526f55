import { type Instant, instantAfter } from "../clock.ts"
import { type Database, transaction } from "../database/engine.ts"
import { sentFormMemoryMs } from "./form-once.ts"
import { deleteSentForms } from "./forms-sent.store.ts"
import { expiredInvitationMemoryMs } from "./invitation.ts"
import { deleteExpiredInvitations } from "./invitations.store.ts"
import { mailThrottleMemory } from "./mail-throttle.ts"
import { expiredLinkMemoryMs } from "./one-time-link.ts"
import { deleteExpiredLinks } from "./one-time-links.store.ts"
import { deleteExpiredSessions } from "./sessions.store.ts"
import { throttleMemory } from "./sign-in-throttle.ts"
import { deleteOldThrottles } from "./sign-in-throttles.store.ts"
import { deleteExpiredSignUps } from "./sign-ups.store.ts"

/**
 * Deletes sessions past their end, forgotten sign-in failures and notes of forms sent, and sign-ups, invitations and links
 * that expired unused, at most `batch` rows of each in one transaction.
 *
 * @returns how many rows went; 0 when there is nothing left to do
 */
export function cleanIdentity(db: Database, now: Instant, batch = 500): Promise<number> {
  return transaction(db, async (tx) => {
    let deleted = await deleteExpiredSessions(tx, now, batch)
    deleted += await deleteSentForms(tx, instantAfter(now, -sentFormMemoryMs), batch)
    deleted += await deleteExpiredSignUps(tx, now, batch)
    deleted += await deleteExpiredLinks(tx, instantAfter(now, -expiredLinkMemoryMs), batch)
    deleted += await deleteExpiredInvitations(tx, instantAfter(now, -expiredInvitationMemoryMs), batch)
    for (const { prefix, memoryMs } of [...throttleMemory, ...mailThrottleMemory]) {
      deleted += await deleteOldThrottles(tx, { prefix, before: instantAfter(now, -memoryMs), limit: batch })
    }
    return deleted
  })
}
