import { type Instant, instantAfter } from "../clock.ts"
import { type Database, transaction } from "../database/engine.ts"
import { codeThrottleMemory } from "./code-throttle.ts"
import { sentFormMemoryMs } from "./form-once.ts"
import { deleteSentForms } from "./forms-sent.store.ts"
import { expiredInvitationMemoryMs } from "./invitation.ts"
import { deleteExpiredInvitations } from "./invitations.store.ts"
import { deleteOldPlaces } from "./known-places.store.ts"
import { placeMemoryMs } from "./known-places.ts"
import { mailThrottleMemory } from "./mail-throttle.ts"
import { expiredLinkMemoryMs } from "./one-time-link.ts"
import { deleteExpiredLinks } from "./one-time-links.store.ts"
import { setUpMs } from "./second-factor.ts"
import { deleteAbandonedSecondFactors } from "./second-factors.store.ts"
import { deleteExpiredSessions } from "./sessions.store.ts"
import { throttleMemory } from "./sign-in-throttle.ts"
import { deleteOldThrottles } from "./sign-in-throttles.store.ts"
import { deleteExpiredBegunSignIns } from "./sign-ins-begun.store.ts"
import { deleteExpiredSignUps } from "./sign-ups.store.ts"

/**
 * Deletes sessions and begun sign-ins past their end, forgotten failures and places, notes of forms sent, and sign-ups,
 * invitations and links that expired unused, at most `batch` rows of each in one transaction.
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
    deleted += await deleteExpiredBegunSignIns(tx, now, batch)
    deleted += await deleteAbandonedSecondFactors(tx, instantAfter(now, -setUpMs), batch)
    deleted += await deleteOldPlaces(tx, instantAfter(now, -placeMemoryMs), batch)
    for (const { prefix, memoryMs } of [...throttleMemory, ...codeThrottleMemory, ...mailThrottleMemory]) {
      deleted += await deleteOldThrottles(tx, { prefix, before: instantAfter(now, -memoryMs), limit: batch })
    }
    return deleted
  })
}
