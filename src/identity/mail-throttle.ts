import type { Instant } from "../clock.ts"
import { hashSecret, type Keyring } from "../crypto/keyring.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { networkOf } from "../network.ts"
import { Refusal } from "../refusal.ts"
import { findThrottles, lockThrottles, type Throttle, updateThrottle } from "./sign-in-throttles.store.ts"
import { type Allowance, afterFailure, checkWait } from "./throttle.ts"

const hourMs = 3600 * 1000
const longestWaitSeconds = 15 * 60

// A wait never keeps anybody out: what the last mail brought still opens.
const allowances = {
  "mail-to": { free: 3, longestWaitSeconds, memoryMs: 24 * hourMs },
  "mail-from": { free: 10, longestWaitSeconds, memoryMs: hourMs },
  "mail-by": { free: 50, longestWaitSeconds, memoryMs: 24 * hourMs },
} as const satisfies Record<string, Allowance>

/** Old rows by the start of their key: after this long they say nothing any more. */
export const mailThrottleMemory: readonly { readonly prefix: string; readonly memoryMs: number }[] = Object.entries(
  allowances,
).map(([kind, { memoryMs }]) => ({ prefix: `${kind}:`, memoryMs }))

/** Who has a mail sent: somebody at a network address, or a company's administrators. */
export type MailAsker = { readonly ip: string } | { readonly companyId: number }

/** A mail to somebody, and who asks for it. */
export interface AskedMail {
  readonly emailKey: string
  readonly asker: MailAsker
}

/**
 * Counts a mail that somebody asks for, before it is made: to one mailbox (known here or not) and by one asker, so that
 * nobody floods a stranger's mailbox or lets us send in bulk.
 *
 * @throws Refusal too_many, with `retryAfterSeconds` and the hint `mails`
 */
export async function takeMail(db: Database, keyring: Keyring, mail: AskedMail, now: Instant): Promise<void> {
  const keys = countedFor(keyring, mail).map((one) => one.key)
  // Whoever insists costs a read, not a write.
  refuseWait(await findThrottles(db, keys), keys, now)
  await transaction(db, (tx) => takeMailWithin(tx, keyring, mail, now))
}

/**
 * The same in the caller's database transaction, for a mail that is made with it.
 *
 * @throws Refusal too_many, as `takeMail`
 */
export async function takeMailWithin(tx: Queries, keyring: Keyring, mail: AskedMail, now: Instant): Promise<void> {
  const counted = countedFor(keyring, mail)
  const keys = counted.map((one) => one.key)
  const rows = await lockThrottles(tx, now, keys)
  refuseWait(rows, keys, now)
  for (const { kind, key } of counted) {
    await updateThrottle(tx, key, afterFailure(allowances[kind], rows.get(key), now))
  }
}

function countedFor(keyring: Keyring, { emailKey, asker }: AskedMail) {
  return [
    count(keyring, "mail-to", emailKey),
    "ip" in asker
      ? count(keyring, "mail-from", networkOf(asker.ip))
      : count(keyring, "mail-by", String(asker.companyId)),
  ]
}

function refuseWait(rows: ReadonlyMap<string, Throttle>, keys: readonly string[], now: Instant): void {
  try {
    checkWait(rows, keys, now)
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause
    const { retryAfterSeconds = 1 } = cause.details
    throw new Refusal("too_many", "Too many mails were asked for.", { retryAfterSeconds, hint: "mails", cause })
  }
}

function count(keyring: Keyring, kind: keyof typeof allowances, text: string) {
  return { kind, key: `${kind}:${hashSecret(keyring.current, `${kind} ${text}`)}` }
}
