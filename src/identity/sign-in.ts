import { randomBytes } from "node:crypto"
import type { Instant } from "../clock.ts"
import { hashPassword, verifyPassword } from "../crypto/passwords.ts"
import { transaction } from "../database/engine.ts"
import { beginSecondStep } from "./begun-sign-in.ts"
import { completeSignIn, type SignedIn } from "./complete-sign-in.ts"
import type { PasswordQueue } from "./password-queue.ts"
import { findStoredSecondFactor } from "./second-factors.store.ts"
import type { Visitor } from "./session.ts"
import type { SignInParts } from "./sign-in-parts.ts"
import { recordRightPassword, type ThrottleKeys, takeAttempt, throttleKeys } from "./sign-in-throttle.ts"
import { findSignUpByEmailKey } from "./sign-ups.store.ts"
import { foldEmail } from "./user-draft.ts"
import { type Credentials, findCredentials, lockPasswordHash } from "./users.store.ts"

export interface SignInAttempt {
  readonly email: string
  readonly password: string
  readonly visitor: Visitor
}

/**
 * How a sign-in ended: with a session, with a note that waits for the second factor (`cookie` names it), or not; never
 * which of e-mail and password was wrong. `unverified`: both are right, and those of a sign-up whose address waits to be
 * verified. `suspended`: both are right, but an operator has stopped the user or the company.
 */
export type SignInResult =
  | SignedIn
  | { readonly kind: "second_factor"; readonly cookie: string }
  | { readonly kind: "unverified"; readonly formKey: string }
  | { readonly kind: "suspended"; readonly reason: string }
  | { readonly kind: "wrong" }

export type SignIn = (now: Instant, attempt: SignInAttempt) => Promise<SignInResult>

/**
 * Makes the sign-in of one process. An unknown e-mail costs a password check like a known one: neither text nor time tells
 * them apart.
 *
 * Throws Refusal too_many (guessing is slowed down) and unavailable (the line for password checks is full).
 */
export function createSignIn({ db, keyring, warn }: SignInParts, queue: PasswordQueue): SignIn {
  const decoyHash = hashPassword(randomBytes(32).toString("base64url"))
  decoyHash.catch(() => {}) // Whoever awaits it is told.

  return async (now, attempt) => {
    const emailKey = foldEmail(attempt.email)
    const keys = throttleKeys(keyring, emailKey, attempt.visitor.ip)
    return queue.run(async () => {
      await takeAttempt(db, keys, now)
      const credentials = await findCredentials(db, emailKey)
      const { passwordHash } = credentials ?? { passwordHash: await decoyHash }
      const isRight = await verifyPassword(attempt.password, passwordHash)
      if (!isRight) {
        // Of an address with an account too: whoever signs up with it must not find out here that it has one.
        const signUp = await findSignUpByEmailKey(db, emailKey)
        const isSignUps = signUp !== undefined && (await verifyPassword(attempt.password, signUp.passwordHash))
        return isSignUps ? { kind: "unverified", formKey: signUp.formKey } : { kind: "wrong" }
      }
      if (credentials?.suspendedFor !== undefined) {
        return { kind: "suspended", reason: credentials.suspendedFor }
      }
      if (credentials?.isActive !== true) return { kind: "wrong" }
      return proceed({ db, keyring, warn }, { credentials, emailKey, keys, visitor: attempt.visitor }, now)
    })
  }
}

interface Proven {
  readonly credentials: Credentials
  readonly emailKey: string
  readonly keys: ThrottleKeys
  readonly visitor: Visitor
}

function proceed({ db, keyring, warn }: SignInParts, proven: Proven, now: Instant): Promise<SignInResult> {
  const { credentials, emailKey, keys, visitor } = proven
  const { userId, passwordHash } = credentials
  return transaction(db, async (tx) => {
    // A password changed since it was checked ended all sessions: none may begin with the old one.
    if ((await lockPasswordHash(tx, userId)) !== passwordHash) return { kind: "wrong" }
    await recordRightPassword(tx, keys, now)
    const secondFactor = await findStoredSecondFactor(tx, userId)
    if (secondFactor?.isOn !== true) return completeSignIn(tx, keyring, { userId, emailKey, visitor, warn }, now)
    return { kind: "second_factor", cookie: await beginSecondStep(tx, keyring, { userId, passwordHash }, now) }
  })
}
