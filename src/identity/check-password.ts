import type { Instant } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { verifyPassword } from "../crypto/passwords.ts"
import { type Database, transaction } from "../database/engine.ts"
import type { PasswordQueue } from "./password-queue.ts"
import { recordRightPassword, takeAttempt, throttleKeys } from "./sign-in-throttle.ts"
import { foldEmail } from "./user-draft.ts"
import { findCredentials } from "./users.store.ts"

/** Asks whoever is signed in for the password once more, before what a stolen session must not do. */
export type CheckPassword = (
  now: Instant,
  typed: { readonly email: string; readonly password: string; readonly ip: string },
) => Promise<{ readonly passwordHash: string } | undefined>

/**
 * Makes the check: counted and slowed down like a sign-in, in the same line. Answers with the hash that was matched, or
 * nothing when the password is wrong.
 *
 * Throws Refusal too_many (with `retryAfterSeconds`) and unavailable.
 */
export function createPasswordCheck(db: Database, keyring: Keyring, queue: PasswordQueue): CheckPassword {
  return (now, { email, password, ip }) => {
    const emailKey = foldEmail(email)
    const keys = throttleKeys(keyring, emailKey, ip)
    return queue.run(async () => {
      await takeAttempt(db, keys, now)
      const credentials = await findCredentials(db, emailKey)
      if (credentials?.isActive !== true) return undefined
      const { passwordHash } = credentials
      if (!(await verifyPassword(password, passwordHash))) return undefined
      await transaction(db, (tx) => recordRightPassword(tx, keys, now))
      return { passwordHash }
    })
  }
}
