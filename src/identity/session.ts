import { randomBytes } from "node:crypto"
import { type Instant, instantAfter } from "../clock.ts"
import { hashCandidates, hashSecret, type Keyring } from "../crypto/keyring.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { recordAudit } from "./audit-log.ts"
import {
  deleteSessionsByHash,
  findSessionByHash,
  findSessionByPublicId,
  insertSession,
  type StoredSession,
  touchSession,
} from "./sessions.store.ts"
import { findUserById } from "./users.store.ts"

/** Who is signed in, as the routes see it. */
export type Session = StoredSession

/** Without use a session ends after 12 hours, and in any case after 30 days (docs/operations.md). */
export const sessionIdleMs = 12 * 3600 * 1000
export const sessionLifetimeMs = 30 * 24 * 3600 * 1000

const touchEveryMs = 60_000
const cookieShape = /^[A-Za-z0-9_-]{43}$/
const longestUserAgent = 300

/** Where a sign-in comes from. */
export interface Visitor {
  readonly ip: string
  readonly userAgent: string
  /** The session cookie the browser brought, if any: that session ends with the new one. */
  readonly oldCookie: string | undefined
  /** What tells this browser from others, 32 random bytes that it keeps. */
  readonly browser: string
}

/**
 * Begins a session and ends the one the browser had, so that an id planted or seen before the sign-in is worth nothing
 * after it. Runs in the caller's transaction.
 *
 * @returns the value of the cookie: 32 random bytes, base64url
 */
export async function startSession(
  tx: Queries,
  keyring: Keyring,
  session: {
    readonly userId: number
    readonly now: Instant
    readonly visitor: Visitor
    /** The cookie's value, if it is settled already: as hard to guess as a random one. */
    readonly cookie?: string | undefined
  },
): Promise<string> {
  const { userId, now, visitor } = session
  const cookie = session.cookie ?? randomBytes(32).toString("base64url")
  await deleteByCookie(tx, keyring, visitor.oldCookie)
  await insertSession(tx, {
    idHash: hashSecret(keyring.current, cookie),
    publicId: randomBytes(16).toString("base64url"),
    userId,
    startedAt: now,
    expiresAt: instantAfter(now, sessionLifetimeMs),
    ip: visitor.ip,
    userAgent: visitor.userAgent.slice(0, longestUserAgent),
  })
  await recordBy(tx, userId, "user.sign_in", now)
  return cookie
}

/**
 * The live session of a cookie, or undefined. Writes the time of use, at most once a minute; of several processes that
 * want to, one does.
 */
export async function findSession(
  db: Database,
  keyring: Keyring,
  cookie: string | undefined,
  now: Instant,
): Promise<Session | undefined> {
  if (cookie === undefined || !cookieShape.test(cookie)) return undefined
  for (const idHash of hashCandidates(keyring, cookie)) {
    const stored = await findSessionByHash(db, idHash)
    if (stored === undefined) continue
    if (isOver(stored, now)) return undefined
    if (now - stored.lastUsedAt >= touchEveryMs) await touch(db, idHash, now)
    return stored
  }
  return undefined
}

/** The session of that public id if it still lives, without counting this as use: for what lasts, such as a stream. */
export async function findSessionAgain(db: Database, publicId: string, now: Instant): Promise<Session | undefined> {
  const stored = await findSessionByPublicId(db, publicId)
  return stored === undefined || isOver(stored, now) ? undefined : stored
}

function isOver({ expiresAt, lastUsedAt }: Session, now: Instant): boolean {
  return expiresAt <= now || now - lastUsedAt >= sessionIdleMs
}

async function touch(db: Database, idHash: string, now: Instant): Promise<void> {
  await transaction(db, (tx) => touchSession(tx, idHash, now, instantAfter(now, -touchEveryMs)))
}

/** Ends the session of that cookie; nothing happens if there is none. */
export async function endSession(
  db: Database,
  keyring: Keyring,
  cookie: string | undefined,
  now: Instant,
): Promise<void> {
  const session = await findSession(db, keyring, cookie, now)
  await transaction(db, async (tx) => {
    await deleteByCookie(tx, keyring, cookie)
    if (session !== undefined) await recordBy(tx, session.userId, "user.sign_out", now)
  })
}

async function recordBy(tx: Queries, userId: number, action: string, now: Instant): Promise<void> {
  const user = await findUserById(tx, userId)
  if (user === undefined) return
  const { companyId } = user
  await recordAudit(tx, now, { companyId, actor: { kind: "user", id: userId }, action, subjectId: userId, details: {} })
}

async function deleteByCookie(tx: Queries, keyring: Keyring, cookie: string | undefined): Promise<void> {
  if (cookie !== undefined && cookieShape.test(cookie)) await deleteSessionsByHash(tx, hashCandidates(keyring, cookie))
}
