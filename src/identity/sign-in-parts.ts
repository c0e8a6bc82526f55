import type { Keyring } from "../crypto/keyring.ts"
import type { Database } from "../database/engine.ts"
import type { WarnUser } from "./security-mail.ts"

/** What both steps of a sign-in work on. */
export interface SignInParts {
  readonly db: Database
  readonly keyring: Keyring
  /** Keeps a warning to the owner; the caller wakes the mailer. */
  readonly warn: WarnUser
}
