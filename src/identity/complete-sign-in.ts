import type { Instant } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import type { Queries } from "../database/engine.ts"
import { type Familiarity, rememberPlaces } from "./known-places.ts"
import type { SecurityNews, WarnUser } from "./security-mail.ts"
import { startSession, type Visitor } from "./session.ts"
import { rememberAddress, throttleKeys } from "./sign-in-throttle.ts"

/** A sign-in with nothing left to prove. */
export interface SignedIn {
  readonly kind: "signed_in"
  /** The value of the session's cookie. */
  readonly cookie: string
  /** Whether the user signed in from this browser and network before. */
  readonly familiarity: Familiarity
}

/**
 * Starts the session of whoever has proven everything, in the transaction that checked it, and warns the owner of a strange
 * browser there too. The caller wakes the mailer.
 */
export async function completeSignIn(
  tx: Queries,
  keyring: Keyring,
  proven: {
    readonly userId: number
    readonly emailKey: string
    readonly visitor: Visitor
    readonly cookie?: string | undefined
    readonly warn: WarnUser
    /** What the owner is told instead of that the browser is strange. */
    readonly news?: Pick<SecurityNews, "event" | "codesLeft"> | undefined
  },
  now: Instant,
): Promise<SignedIn> {
  const { userId, emailKey, visitor } = proven
  await rememberAddress(tx, throttleKeys(keyring, emailKey, visitor.ip), now)
  const familiarity = await rememberPlaces(tx, keyring, proven, now)
  const news = proven.news ?? (familiarity === "strange" ? { event: "sign_in" as const } : undefined)
  if (news !== undefined) await proven.warn(tx, { userId, visitor, news }, now)
  const cookie = await startSession(tx, keyring, { userId, now, visitor, cookie: proven.cookie })
  return { kind: "signed_in", cookie, familiarity }
}
