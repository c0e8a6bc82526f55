import type { Instant } from "../clock.ts"
import { hashPassword } from "../crypto/passwords.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { recordAudit } from "./audit-log.ts"
import { endLinks } from "./one-time-link.ts"
import type { PasswordQueue } from "./password-queue.ts"
import type { FactorOwner } from "./second-factor.ts"
import { deleteOtherSessions } from "./sessions.store.ts"
import { lockPasswordHash, updatePasswordHash } from "./users.store.ts"

/**
 * Gives a user the new password, which the caller has checked by the rules, and ends all their other sessions and the
 * links they may have, to a reset and to another e-mail; grants stay (contract/oauth.md §9). Begun sign-ins die with the
 * old password.
 *
 * @param change.oldHash the hash that the current password was just checked against
 * @returns false if the password was changed meanwhile: then nothing happened
 * @throws Refusal unavailable
 */
export async function changePassword(
  { db, queue }: { readonly db: Database; readonly queue: PasswordQueue },
  owner: FactorOwner,
  change: {
    readonly oldHash: string
    readonly newPassword: string
    /** Tells the owner, within the transaction. */
    readonly tell: (tx: Queries) => Promise<void>
  },
  now: Instant,
): Promise<boolean> {
  const { userId, companyId, publicId } = owner
  const passwordHash = await queue.run(() => hashPassword(change.newPassword))
  return transaction(db, async (tx) => {
    if ((await lockPasswordHash(tx, userId)) !== change.oldHash) return false
    await updatePasswordHash(tx, userId, passwordHash)
    await endLinks(tx, "reset_password", userId)
    // Whoever knew the old password may have begun to move the account to an address of theirs.
    await endLinks(tx, "change_email", userId)
    const sessionsEnded = await deleteOtherSessions(tx, userId, publicId)
    await recordAudit(tx, now, {
      companyId,
      actor: { kind: "user", id: userId },
      action: "user.password_change",
      subjectId: userId,
      details: { sessions_ended: sessionsEnded },
    })
    await change.tell(tx)
    return true
  })
}
