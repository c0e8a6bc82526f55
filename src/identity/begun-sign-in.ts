import { createHash, createHmac, randomBytes } from "node:crypto"
import { type Instant, instantAfter } from "../clock.ts"
import { hashCandidates, hashSecret, type Keyring } from "../crypto/keyring.ts"
import { type Queries, transaction } from "../database/engine.ts"
import type { UserId } from "../ids.ts"
import { warnAfterWrongCodes } from "./code-throttle.ts"
import { completeSignIn, type SignedIn } from "./complete-sign-in.ts"
import { type ExaminedCode, examineCode, takeCode } from "./second-factor-code.ts"
import { countUnusedRecoveryCodes, findStoredSecondFactor } from "./second-factors.store.ts"
import type { Visitor } from "./session.ts"
import type { SignInParts } from "./sign-in-parts.ts"
import { type BegunSignIn, findBegun, insertBegunSignIn, markFinished } from "./sign-ins-begun.store.ts"
import { lockPasswordHash } from "./users.store.ts"

/** How long a right password waits for its code. */
export const begunSignInMs = 10 * 60 * 1000

// A double click sends the code twice; so long the second one is told what the first was.
const sameAnswerMs = 60_000
const cookieShape = /^[A-Za-z0-9_-]{43}$/

/** How the second step ended. */
export type SecondStepResult = SignedIn | { readonly kind: "wrong" | "expired" }

/** Notes a right password whose owner must still give a code, and returns the cookie that names the note. */
export async function beginSecondStep(
  tx: Queries,
  keyring: Keyring,
  proven: { readonly userId: UserId; readonly passwordHash: string },
  now: Instant,
): Promise<string> {
  const cookie = randomBytes(32).toString("base64url")
  const { userId, passwordHash } = proven
  const expiresAt = instantAfter(now, begunSignInMs)
  const idHash = hashSecret(keyring.current, `sign-in ${cookie}`)
  await insertBegunSignIn(tx, { idHash, userId, passwordMark: markOf(passwordHash), expiresAt }, now)
  return cookie
}

/** The begun sign-in of that cookie that still waits for its code, or undefined. */
export async function findBegunSignIn(
  db: Queries,
  keyring: Keyring,
  cookie: string | undefined,
  now: Instant,
): Promise<BegunSignIn | undefined> {
  const begun = await findByCookie(db, keyring, cookie, now)
  return begun?.finishedAt === undefined ? begun : undefined
}

/**
 * Ends a begun sign-in with a code of the app or a recovery code: of however many that come with one code, in however many
 * processes, one gets a session; only the very same sign-in sent twice within a minute gets that same session again.
 *
 * @throws Refusal too_many, with `retryAfterSeconds`
 */
export async function finishSignIn(
  { db, keyring, warn }: SignInParts,
  step: { readonly cookie: string | undefined; readonly typed: string; readonly visitor: Visitor },
  now: Instant,
): Promise<SecondStepResult> {
  const { cookie, typed, visitor } = step
  const begun = await findByCookie(db, keyring, cookie, now)
  if (begun === undefined || cookie === undefined) return { kind: "expired" }
  if (begun.finishedAt !== undefined) return answerAgain(keyring, begun, cookie, typed, now)
  if ((await findStoredSecondFactor(db, begun.userId))?.isOn !== true) return { kind: "expired" }
  const { userId, emailKey } = begun
  const code = await examineCode(db, keyring, { userId, emailKey, ip: visitor.ip, typed }, now)
  const codeHash = hashSecret(keyring.current, codeText(begun, typed))
  const sessionCookie = sessionCookieOf(keyring, begun, cookie)
  const done = await transaction(db, async (tx) => {
    const passwordHash = await lockPasswordHash(tx, userId)
    if (passwordHash === undefined || markOf(passwordHash) !== begun.passwordMark) return "expired"
    if (!(await markFinished(tx, { idHash: begun.idHash, codeHash }, now))) return "finished"
    if (!(await takeCode(tx, keyring, code, now))) throw new CodeRefused()
    const codesLeft = await countCodes(tx, code)
    const news = codesLeft === undefined ? undefined : ({ event: "recovery_code_used", codesLeft } as const)
    const proven = { userId, emailKey, visitor, cookie: sessionCookie, warn, news }
    return completeSignIn(tx, keyring, proven, now)
  }).catch((error: unknown) => {
    if (error instanceof CodeRefused) return "wrong" as const
    throw error
  })
  if (done === "expired") return { kind: "expired" }
  if (done === "wrong") {
    // The failure is counted before the code is looked at, so the warning cannot be of that transaction.
    const about = { userId, visitor, news: { event: "wrong_codes" } } as const
    if (code.failures === warnAfterWrongCodes) await transaction(db, (tx) => warn(tx, about, now))
    return { kind: "wrong" }
  }
  if (done !== "finished") return done
  const finished = await findByCookie(db, keyring, cookie, now)
  return finished === undefined ? { kind: "expired" } : answerAgain(keyring, finished, cookie, typed, now)
}

// Thrown to take back what the transaction did before the code proved wrong.
class CodeRefused extends Error {}

async function countCodes(tx: Queries, { userId, attempt }: ExaminedCode): Promise<number | undefined> {
  return attempt.kind === "recovery" ? countUnusedRecoveryCodes(tx, userId) : undefined
}

function answerAgain(
  keyring: Keyring,
  begun: BegunSignIn,
  cookie: string,
  typed: string,
  now: Instant,
): SecondStepResult {
  const isSame = hashCandidates(keyring, codeText(begun, typed)).includes(begun.finishedCodeHash ?? "")
  if (!isSame || now - (begun.finishedAt ?? 0) > sameAnswerMs) return { kind: "expired" }
  return { kind: "signed_in", cookie: sessionCookieOf(keyring, begun, cookie), familiarity: "known" }
}

async function findByCookie(
  db: Queries,
  keyring: Keyring,
  cookie: string | undefined,
  now: Instant,
): Promise<BegunSignIn | undefined> {
  if (cookie === undefined || !cookieShape.test(cookie)) return undefined
  const begun = await findBegun(db, hashCandidates(keyring, `sign-in ${cookie}`))
  return begun === undefined || begun.expiresAt <= now ? undefined : begun
}

// Follows from the 32 random bytes of the begun sign-in's cookie, which only its browser has.
function sessionCookieOf(keyring: Keyring, begun: BegunSignIn, cookie: string): string {
  return createHmac("sha256", keyring.current.rotation)
    .update(`session of sign-in ${begun.idHash} ${cookie}`)
    .digest("base64url")
}

function codeText(begun: BegunSignIn, typed: string): string {
  return `code ${begun.idHash} ${typed.trim()}`
}

// Of the stored hash, which is salted: says no more than whether it is still the same.
function markOf(passwordHash: string): string {
  return createHash("sha256").update(passwordHash).digest("base64url")
}
