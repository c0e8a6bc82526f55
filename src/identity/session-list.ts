import { type Instant, instantAfter } from "../clock.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { Refusal } from "../refusal.ts"
import { recordAudit } from "./audit-log.ts"
import type { FactorOwner } from "./second-factor.ts"
import { sessionIdleMs } from "./session.ts"
import { deleteOtherSessions, deleteSessionByPublicId, type ListedSession, listLiveSessions } from "./sessions.store.ts"

export type { ListedSession } from "./sessions.store.ts"

const publicIdShape = /^[A-Za-z0-9_-]{22}$/

/** Where a user is signed in, the last used first. */
export function listSessions(db: Queries, userId: number, now: Instant): Promise<readonly ListedSession[]> {
  return listLiveSessions(db, { userId, now, usedAfter: instantAfter(now, -sessionIdleMs) })
}

/**
 * Ends one session of the user.
 *
 * @throws Refusal not_found (also another user's)
 */
export async function endListedSession(
  db: Database,
  owner: FactorOwner,
  publicId: string,
  now: Instant,
): Promise<void> {
  const { userId, companyId } = owner
  await transaction(db, async (tx) => {
    if (!publicIdShape.test(publicId) || !(await deleteSessionByPublicId(tx, userId, publicId))) {
      throw new Refusal("not_found", "There is no such session.")
    }
    await recordAudit(tx, now, {
      companyId,
      actor: { kind: "user", id: userId },
      action: "user.session_end",
      subjectId: userId,
      details: {},
    })
  })
}

/** Ends all sessions of the user but the one that asks, and says how many. */
export function endOtherSessions(db: Database, owner: FactorOwner, now: Instant): Promise<number> {
  const { userId, companyId, publicId } = owner
  return transaction(db, async (tx) => {
    const ended = await deleteOtherSessions(tx, userId, publicId)
    await recordAudit(tx, now, {
      companyId,
      actor: { kind: "user", id: userId },
      action: "user.other_sessions_end",
      subjectId: userId,
      details: { sessions_ended: ended },
    })
    return ended
  })
}
