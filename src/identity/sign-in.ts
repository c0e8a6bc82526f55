import { randomBytes } from "node:crypto"
import type { Instant } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { hashPassword, verifyPassword } from "../crypto/passwords.ts"
import { type Database, transaction } from "../database/engine.ts"
import type { PasswordQueue } from "./password-queue.ts"
import { startSession, type Visitor } from "./session.ts"
import { recordSuccess, type ThrottleKeys, takeAttempt, throttleKeys } from "./sign-in-throttle.ts"
import { foldEmail } from "./user-draft.ts"
import { type Credentials, findCredentials, lockPasswordHash } from "./users.store.ts"

export interface SignInAttempt {
  readonly email: string
  readonly password: string
  readonly visitor: Visitor
}

/** How a sign-in ended: with the cookie of a new session, or not; never which of e-mail and password was wrong. */
export type SignInResult =
  | { readonly kind: "signed_in"; readonly cookie: string }
  | { readonly kind: "wrong" }
  /** The password was right, but an operator has stopped the user or the company. */
  | { readonly kind: "suspended"; readonly reason: string }

export type SignIn = (now: Instant, attempt: SignInAttempt) => Promise<SignInResult>

/**
 * Makes the sign-in of one process. An unknown e-mail costs a password check like a known one: neither text nor time tells
 * them apart.
 *
 * Throws Refusal too_many (guessing is slowed down) and unavailable (the line for password checks is full).
 */
export function createSignIn(db: Database, keyring: Keyring, queue: PasswordQueue): SignIn {
  const decoyHash = hashPassword(randomBytes(32).toString("base64url"))
  decoyHash.catch(() => {}) // Whoever awaits it is told.

  return async (now, attempt) => {
    const emailKey = foldEmail(attempt.email)
    const keys = throttleKeys(keyring, emailKey, attempt.visitor.ip)
    return queue.run(async () => {
      await takeAttempt(db, keys, now)
      const credentials = await findCredentials(db, emailKey)
      const isRight = await verifyPassword(attempt.password, credentials?.passwordHash ?? (await decoyHash))
      if (isRight && credentials?.suspendedFor !== undefined) {
        return { kind: "suspended", reason: credentials.suspendedFor }
      }
      if (!isRight || credentials?.isActive !== true) return { kind: "wrong" }
      return beginSession(db, keyring, { credentials, keys, now, visitor: attempt.visitor })
    })
  }
}

interface Proven {
  readonly credentials: Credentials
  readonly keys: ThrottleKeys
  readonly now: Instant
  readonly visitor: Visitor
}

async function beginSession(db: Database, keyring: Keyring, proven: Proven): Promise<SignInResult> {
  const { credentials, keys, now, visitor } = proven
  const cookie = await transaction(db, async (tx) => {
    // A password changed since it was checked ended all sessions: none may begin with the old one.
    const isCurrent = (await lockPasswordHash(tx, credentials.userId)) === credentials.passwordHash
    if (!isCurrent) return undefined
    await recordSuccess(tx, keys, now)
    return startSession(tx, keyring, { userId: credentials.userId, now, visitor })
  })
  return cookie === undefined ? { kind: "wrong" } : { kind: "signed_in", cookie }
}
