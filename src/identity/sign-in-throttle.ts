import type { Instant } from "../clock.ts"
import { hashSecret, type Keyring } from "../crypto/keyring.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { networkOf } from "../network.ts"
import { findThrottles, lockThrottles, type Throttle, updateThrottle } from "./sign-in-throttles.store.ts"
import { type Allowance, afterFailure, checkWait } from "./throttle.ts"

const hourMs = 3600 * 1000
const dayMs = 24 * hourMs

/**
 * The kinds of key. No wait is longer than a minute, so nobody can keep an owner out; and an address that signed in
 * to the account within 30 days answers only for its own failures (`pair`), whatever others do elsewhere.
 */
const allowances = {
  pair: { free: 5, longestWaitSeconds: 60, memoryMs: dayMs },
  account: { free: 10, longestWaitSeconds: 60, memoryMs: dayMs },
  address: { free: 20, longestWaitSeconds: 60, memoryMs: hourMs },
} as const satisfies Record<string, Allowance>

type Kind = keyof typeof allowances
const knownAddressMs = 30 * dayMs

/** Old rows by the start of their key: after this long they say nothing any more. */
export const throttleMemory: readonly { readonly prefix: string; readonly memoryMs: number }[] = [
  ...Object.entries(allowances).map(([kind, { memoryMs }]) => ({ prefix: `${kind}:`, memoryMs })),
  { prefix: "known:", memoryMs: knownAddressMs },
]

/** The rows that one attempt concerns. Hashed: what is typed as an e-mail may be anything, a password included. */
export type ThrottleKeys = Readonly<Record<Kind | "known", string>>

/** The keys of an attempt by that address on that account (folded e-mail, known here or not). */
export function throttleKeys(keyring: Keyring, emailKey: string, ip: string): ThrottleKeys {
  const network = networkOf(ip)
  const key = (kind: Kind | "known", ...parts: readonly string[]) =>
    `${kind}:${hashSecret(keyring.current, JSON.stringify([kind, ...parts]))}`
  return {
    pair: key("pair", emailKey, network),
    account: key("account", emailKey),
    address: key("address", network),
    known: key("known", emailKey, network),
  }
}

/**
 * Counts an attempt as failed before its password is looked at, under the rows' locks: however many come at once, in
 * however many processes, no more than the allowance get to try. `recordRightPassword` takes a right one back.
 *
 * @throws Refusal too_many, with `retryAfterSeconds`
 */
export async function takeAttempt(db: Database, keys: ThrottleKeys, now: Instant): Promise<void> {
  // A blocked caller who insists costs a read, not a write.
  checkKeys(await findThrottles(db, Object.values(keys)), keys, now)
  await transaction(db, async (tx) => {
    const rows = await lockThrottles(tx, now, [keys.pair, keys.account, keys.address])
    const known = await findThrottles(tx, [keys.known])
    checkKeys(new Map([...rows, ...known]), keys, now)
    for (const kind of ["pair", "account", "address"] as const) {
      await updateThrottle(tx, keys[kind], afterFailure(allowances[kind], rows.get(keys[kind]), now))
    }
  })
}

/** Takes back what `takeAttempt` counted: the password was right. */
export async function recordRightPassword(tx: Queries, keys: ThrottleKeys, now: Instant): Promise<void> {
  const rows = await lockThrottles(tx, now, [keys.pair, keys.account, keys.address])
  await updateThrottle(tx, keys.pair, { failures: 0, blockedUntil: 0 as Instant, updatedAt: now })
  for (const kind of ["account", "address"] as const) {
    const row = rows.get(keys[kind])
    // The wait stays: a guesser with an account of his own must not clear his address by signing in to it.
    if (row !== undefined) await updateThrottle(tx, keys[kind], { ...row, failures: Math.max(0, row.failures - 1) })
  }
}

/** Remembers the address as one of the account's own, once nothing is left to prove. */
export async function rememberAddress(tx: Queries, keys: ThrottleKeys, now: Instant): Promise<void> {
  await lockThrottles(tx, now, [keys.known])
  await updateThrottle(tx, keys.known, { failures: 0, blockedUntil: 0 as Instant, updatedAt: now })
}

/** Whether the account was signed in to from this address within 30 days, as the row under `keys.known` tells. */
export function isKnownAddress(rows: ReadonlyMap<string, Throttle>, keys: ThrottleKeys, now: Instant): boolean {
  const known = rows.get(keys.known)
  return known !== undefined && now - known.updatedAt < knownAddressMs
}

function checkKeys(rows: ReadonlyMap<string, Throttle>, keys: ThrottleKeys, now: Instant): void {
  const kinds: readonly Kind[] = isKnownAddress(rows, keys, now) ? ["pair"] : ["pair", "account", "address"]
  const asked = kinds.map((kind) => keys[kind])
  checkWait(rows, asked, now)
}
