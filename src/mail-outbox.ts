import { type Clock, type Instant, instantAfter } from "./clock.ts"
import type { Keyring } from "./crypto/keyring.ts"
import { seal, unseal } from "./crypto/seal.ts"
import { type Database, type Queries, transaction } from "./database/engine.ts"
import {
  type ClaimedMail,
  claimWaitingMails,
  deleteWaitingMail,
  insertWaitingMail,
  isMailDue,
  postponeWaitingMail,
} from "./database/mails-waiting.ts"
import type { Logger } from "./log.ts"
import type { Mail, MailTransport, SendResult } from "./mail-transport.ts"

/** How long a process has for a mail that it claimed: longer than a mail server may keep it waiting. */
export const mailLeaseMs = 120_000

/** After so long a mail that cannot be sent is given up. */
export const mailPatienceMs = 24 * 3600_000

const pausesMs: readonly number[] = [5_000, 30_000, 120_000, 600_000, 3_600_000]
const mostAtOnce = 4
const purpose = "waiting mail"

/** Mails that outlive the process: kept with what they tell of, sent by whichever process comes first. */
export interface Outbox {
  /** Keeps mails within the transaction of what they tell of; they exist if that does. */
  keep(tx: Queries, mails: readonly Mail[]): Promise<void>
  /** Sends what is due, beside the requests. */
  wake(): void
  /** Sends what is due; rejects when the database is away. */
  sendDue(): Promise<void>
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
  /** Claims no more. */
  close(): void
}

/** Makes the outbox of a process (docs/decisions/0015-mail-and-account-libraries.md). */
export function createOutbox(parts: {
  readonly db: Database
  readonly keyring: Keyring
  readonly clock: Clock
  readonly log: Logger
  readonly transport: MailTransport
  readonly from: string
}): Outbox {
  const { db, keyring, clock, log } = parts
  let running: Promise<void> | undefined
  let again = false
  let closed = false

  async function sendAll(): Promise<void> {
    do {
      again = false
      for (;;) {
        const mails = closed ? [] : await claim()
        await Promise.all(mails.map((mail) => deliver(mail)))
        if (mails.length < mostAtOnce) break
      }
    } while (again && !closed)
  }

  async function claim(): Promise<readonly ClaimedMail[]> {
    const now = clock.now()
    if (!(await isMailDue(db, now))) return []
    const leaseUntil = instantAfter(now, mailLeaseMs)
    return transaction(db, (tx) => claimWaitingMails(tx, { now, leaseUntil, limit: mostAtOnce }))
  }

  async function deliver(claimed: ClaimedMail): Promise<void> {
    const result = await send(claimed)
    const { tries, writtenAt } = claimed
    if (result.kind === "sent") {
      log.info(result.facts, "mail sent")
      return transaction(db, (tx) => deleteWaitingMail(tx, claimed))
    }
    const now = clock.now()
    const dueAt = instantAfter(now, pausesMs[Math.min(tries, pausesMs.length) - 1] ?? 0)
    const facts = { ...result.facts, tries }
    if (result.isFinal || dueAt >= instantAfter(writtenAt, mailPatienceMs)) {
      log.error(facts, "a mail could not be sent and is given up")
      return transaction(db, (tx) => deleteWaitingMail(tx, claimed))
    }
    log.warn({ ...facts, retryInMs: dueAt - now }, "a mail could not be sent yet")
    return transaction(db, (tx) => postponeWaitingMail(tx, claimed, dueAt))
  }

  async function send({ sealed, writtenAt }: ClaimedMail): Promise<SendResult> {
    let mail: Mail
    try {
      mail = JSON.parse(unseal(keyring, purpose, sealed)) as Mail
    } catch (error) {
      // A key that is missing now may be back tomorrow; the mail waits as long as any other.
      return { kind: "failed", isFinal: false, facts: { reason: (error as Error).message } }
    }
    return parts.transport.send({ ...mail, from: parts.from, at: new Date(writtenAt) })
  }

  function start(): Promise<void> {
    again = running !== undefined
    running ??= sendAll().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    keep: async (tx, mails) => {
      const now: Instant = clock.now()
      for (const { to, subject, text } of mails) {
        await insertWaitingMail(tx, seal(keyring, purpose, JSON.stringify({ to, subject, text })), now)
      }
    },
    wake: () => {
      start().catch((error: unknown) => log.error({ err: error }, "waiting mails could not be looked for"))
    },
    sendDue: start,
    settled: async () => {
      while (running !== undefined) await running.catch(() => {})
    },
    close: () => {
      closed = true
    },
  }
}
