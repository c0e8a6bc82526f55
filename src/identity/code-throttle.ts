import type { Instant } from "../clock.ts"
import { hashSecret, type Keyring } from "../crypto/keyring.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { networkOf } from "../network.ts"
import { isKnownAddress, throttleKeys } from "./sign-in-throttle.ts"
import { findThrottles, lockThrottles, updateThrottle } from "./sign-in-throttles.store.ts"
import { type Allowance, afterFailure, checkWait } from "./throttle.ts"

const minuteSeconds = 60
const hourSeconds = 60 * minuteSeconds
const dayMs = 24 * hourSeconds * 1000

/**
 * Who guesses a code has the password already, so the waits may be long: with an hour between two tries at one of three
 * right numbers in a million, a year of guessing comes to less than three in a hundred, and the owner was warned by mail
 * on the first day. `code-pair` counts at an address that the account is used from, `code` everywhere else. A recovery
 * code has 50 bits; its waits stay short, so that an owner always gets in within a minute.
 */
const allowances = {
  "code-pair": { free: 5, longestWaitSeconds: hourSeconds, memoryMs: dayMs },
  code: { free: 10, longestWaitSeconds: hourSeconds, memoryMs: 30 * dayMs },
  recovery: { free: 10, longestWaitSeconds: minuteSeconds, memoryMs: dayMs },
} as const satisfies Record<string, Allowance>

/** Old rows by the start of their key: after this long they say nothing any more. */
export const codeThrottleMemory: readonly { readonly prefix: string; readonly memoryMs: number }[] = Object.entries(
  allowances,
).map(([kind, { memoryMs }]) => ({ prefix: `${kind}:`, memoryMs }))

/** After so many wrong codes in a row the owner is told that somebody has the password. */
export const warnAfterWrongCodes = allowances.code.free

/** One try of a code: whose, from where, and which kind of code it is by its form. */
export interface CodeTry {
  readonly emailKey: string
  readonly ip: string
  readonly kind: "totp" | "recovery"
}

/**
 * Counts a try as failed before the code is looked at, under the rows' locks, as `takeAttempt` does for passwords.
 *
 * @returns how many codes of the account failed in a row by now, this one among them
 * @throws Refusal too_many, with `retryAfterSeconds`
 */
export async function takeCodeAttempt(db: Database, keyring: Keyring, attempt: CodeTry, now: Instant): Promise<number> {
  const keys = codeKeys(keyring, attempt)
  const signInKeys = throttleKeys(keyring, attempt.emailKey, attempt.ip)
  return transaction(db, async (tx) => {
    const counted = attempt.kind === "recovery" ? ([keys.recovery] as const) : ([keys.pair, keys.code] as const)
    const known = isKnownAddress(await findThrottles(tx, [signInKeys.known]), signInKeys, now)
    const rows = await lockThrottles(tx, now, counted)
    checkWait(rows, known && attempt.kind === "totp" ? [keys.pair] : counted, now)
    if (attempt.kind === "recovery") {
      await updateThrottle(tx, keys.recovery, afterFailure(allowances.recovery, rows.get(keys.recovery), now))
      return 0
    }
    const after = afterFailure(allowances.code, rows.get(keys.code), now)
    await updateThrottle(tx, keys.pair, afterFailure(allowances["code-pair"], rows.get(keys.pair), now))
    await updateThrottle(tx, keys.code, after)
    return after.failures
  })
}

/** Takes back what `takeCodeAttempt` counted: the code was right. */
export async function recordRightCode(tx: Queries, keyring: Keyring, attempt: CodeTry, now: Instant): Promise<void> {
  const keys = codeKeys(keyring, attempt)
  const never = { failures: 0, blockedUntil: 0 as Instant, updatedAt: now }
  if (attempt.kind === "recovery") {
    await lockThrottles(tx, now, [keys.recovery])
    await updateThrottle(tx, keys.recovery, never)
    return
  }
  const row = (await lockThrottles(tx, now, [keys.pair, keys.code])).get(keys.code)
  await updateThrottle(tx, keys.pair, never)
  if (row === undefined) return
  // Halved, not cleared: whoever guesses elsewhere must not begin anew each time that the owner signs in.
  const failures = Math.floor(Math.max(0, row.failures - 1) / 2)
  await updateThrottle(tx, keys.code, { ...row, failures })
}

function codeKeys(keyring: Keyring, { emailKey, ip }: CodeTry) {
  const key = (kind: keyof typeof allowances, ...parts: readonly string[]) =>
    `${kind}:${hashSecret(keyring.current, JSON.stringify([kind, ...parts]))}`
  return {
    pair: key("code-pair", emailKey, networkOf(ip)),
    code: key("code", emailKey),
    recovery: key("recovery", emailKey),
  }
}
