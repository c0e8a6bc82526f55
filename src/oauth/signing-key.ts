import { createHash, generateKeyPair } from "node:crypto"
import { promisify } from "node:util"
import { type Instant, instantAfter } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { seal } from "../crypto/seal.ts"
import { recordAccessChange } from "../database/access-changes.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { platformItself, recordAudit } from "../identity/audit-log.ts"
import { Refusal } from "../refusal.ts"
import {
  insertSigningKey,
  listSigningKeyRows,
  lockSigningKeys,
  type PublicJwk,
  type SigningKeyRecord,
  updateSigningKeyState,
} from "./signing-keys.store.ts"

export type { SigningKeyRecord } from "./signing-keys.store.ts"

/** How long a key is published before it signs: caches of the JWKS last an hour (contract/oauth.md §11). */
export const publishedBeforeSigningMs = 24 * 3600 * 1000

/** How long a retired key stays published: the longest access-token lifetime an instance can be set to, and a minute. */
export const publishedAfterRetiringMs = (86_400 + 60) * 1000

/** What private keys are sealed for; the kid is bound in, so that rows cannot be swapped. */
export function sealPurpose(kid: string): string {
  return `signing-key ${kid}`
}

const generate = promisify(generateKeyPair)

async function newKey(keyring: Keyring) {
  const { publicKey, privateKey } = await generate("rsa", { modulusLength: 2048, publicExponent: 65_537 })
  const { n = "", e = "" } = publicKey.export({ format: "jwk" })
  const kid = createHash("sha256")
    .update(JSON.stringify({ e, kty: "RSA", n }))
    .digest("base64url") // RFC 7638 §3
  const publicJwk: PublicJwk = { kty: "RSA", use: "sig", alg: "RS256", kid, n, e }
  const pem = privateKey.export({ format: "pem", type: "pkcs8" }) as string
  return { kid, algorithm: "RS256", publicJwk, sealedPrivateKey: seal(keyring, sealPurpose(kid), pem) }
}

/** Makes the instance's very first key, which signs at once; of several nodes that start together one succeeds. */
export async function ensureSigningKey(db: Database, keyring: Keyring, now: Instant): Promise<void> {
  const keys = await listSigningKeyRows(db)
  if (keys.some((key) => key.state === "active")) return
  const key = await newKey(keyring)
  await transaction(db, async (tx) => {
    const inserted = await insertSigningKey(tx, { ...key, state: "active", createdAt: now })
    if (inserted) await recordAccessChange(tx, "keys", key.kid, now)
  })
}

/** All keys with their states, oldest first. */
export function listSigningKeys(db: Queries): Promise<readonly SigningKeyRecord[]> {
  return listSigningKeyRows(db)
}

export type RotationResult =
  /** There was no next key: one is published now and may sign from `signsFrom` on. */
  | { readonly kind: "published"; readonly kid: string; readonly signsFrom: Instant }
  /** The next key signs from now on; the one before stays published until its last token has expired. */
  | { readonly kind: "rotated"; readonly kid: string; readonly retiredKid: string | undefined }

/** Who moves a key at a page; the command line says nobody. */
export interface KeyOperator {
  readonly userId: number
}

/**
 * One step of the rotation (contract/oauth.md §11): publishes the next key, or, once it has been public for 24 hours,
 * lets it sign. The caller announces it.
 *
 * @param seen by whom, and which key was next on the page he saw: a step that was taken meanwhile is not followed by another
 * @throws Refusal conflict when the next key has not been public for long enough, or is not the one that was seen
 */
export async function rotateSigningKeys(
  db: Database,
  keyring: Keyring,
  now: Instant,
  seen?: { readonly operator: KeyOperator; readonly nextKid: string | undefined },
): Promise<RotationResult> {
  const spare = await newKey(keyring) // Before the transaction: it takes a while.
  return transaction(db, async (tx) => {
    const keys = await lockSigningKeys(tx)
    const next = keys.find((key) => key.state === "next")
    if (seen !== undefined && seen.nextKid !== next?.kid) {
      throw new Refusal("conflict", "The keys have changed since the page was opened.")
    }
    const result = next === undefined ? await publish(tx, spare, now) : await letSign(tx, keys, next, now)
    await recordKeyStep(tx, now, seen?.operator, "key.rotate", { name: result.kid, step: result.kind })
    await recordAccessChange(tx, "keys", result.kid, now)
    return result
  })
}

type NewKey = Awaited<ReturnType<typeof newKey>>

async function publish(tx: Queries, spare: NewKey, now: Instant): Promise<RotationResult> {
  const inserted = await insertSigningKey(tx, { ...spare, state: "next", createdAt: now })
  if (!inserted) throw new Refusal("conflict", "Another rotation has just published a key: run it again.")
  return { kind: "published", kid: spare.kid, signsFrom: instantAfter(now, publishedBeforeSigningMs) }
}

async function letSign(
  tx: Queries,
  keys: readonly SigningKeyRecord[],
  next: SigningKeyRecord,
  now: Instant,
): Promise<RotationResult> {
  const signsFrom = instantAfter(next.createdAt, publishedBeforeSigningMs)
  if (now < signsFrom) {
    const text = new Date(signsFrom).toISOString()
    throw new Refusal("conflict", `The next key ${next.kid} is published but may sign only from ${text} on.`)
  }
  const active = keys.find((key) => key.state === "active")
  if (active !== undefined) await updateSigningKeyState(tx, active.kid, "active", "retired", now)
  if (!(await updateSigningKeyState(tx, next.kid, "next", "active", now))) {
    throw new Refusal("conflict", "Another rotation was faster.")
  }
  return { kind: "rotated", kid: next.kid, retiredKid: active?.kid }
}

/**
 * Burns a key in an emergency: unpublished at once, its tokens fail; a fresh key signs if it was the active one
 * (contract/oauth.md §11). The caller announces it.
 *
 * @param operator who does it at a page
 * @returns the kid of the fresh key, or undefined when none was needed
 * @throws Refusal not_found, conflict (burned already)
 */
export async function burnSigningKey(
  db: Database,
  keyring: Keyring,
  kid: string,
  now: Instant,
  operator?: KeyOperator,
): Promise<string | undefined> {
  const fresh = await newKey(keyring)
  return transaction(db, async (tx) => {
    const key = (await lockSigningKeys(tx)).find((candidate) => candidate.kid === kid)
    if (key === undefined) throw new Refusal("not_found", `There is no signing key ${kid}.`)
    if (key.state === "burned" || !(await updateSigningKeyState(tx, kid, key.state, "burned", now))) {
      throw new Refusal("conflict", `The key ${kid} is burned already.`)
    }
    const replaced = key.state === "active"
    if (replaced) await insertSigningKey(tx, { ...fresh, state: "active", createdAt: now })
    const freshKid = replaced ? fresh.kid : undefined
    await recordKeyStep(tx, now, operator, "key.burn", { name: kid, state: key.state, new_kid: freshKid ?? null })
    await recordAccessChange(tx, "keys", kid, now)
    return freshKid
  })
}

// Keys belong to no company and have no number: the row names them in its details.
async function recordKeyStep(
  tx: Queries,
  now: Instant,
  operator: KeyOperator | undefined,
  action: "key.rotate" | "key.burn",
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  const actor = { kind: "operator", id: operator?.userId } as const
  await recordAudit(tx, now, { companyId: platformItself, actor, action, subjectId: 0, details })
}
