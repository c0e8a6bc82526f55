import type { Clock } from "./clock.ts"
import type { Config } from "./config.ts"
import type { Database } from "./database/engine.ts"
import type { Logger } from "./log.ts"
import { createFileTransport } from "./mail-files.ts"
import { createOutbox, type Outbox } from "./mail-outbox.ts"
import { createSmtpTransport } from "./mail-smtp.ts"
import type { Mail, MailTransport, SendResult } from "./mail-transport.ts"

export type { Mail } from "./mail-transport.ts"

/**
 * Outgoing mail of one process. There are two ways, and the mail decides which: one that opens something goes by `send` and never
 * stands in the database, since whoever waits for it can ask for it again; one that tells of something goes by `keep`, and is not
 * lost with the process (docs/decisions/0015-mail-and-account-libraries.md).
 */
export interface Mailer extends Pick<Outbox, "keep" | "wake" | "sendDue"> {
  /** Takes the mail over and returns at once: no request waits for a mail server, or fails with it. */
  send(mail: Mail): void
  /** Resolves when every mail taken over so far is sent or given up, and what was kept and due is sent or postponed. */
  settled(): Promise<void>
  /** Tries what waits in memory once more, then ends; what is left of that after `withinMs` is logged as lost. */
  close(withinMs: number): Promise<void>
}

const mostWaiting = 1000
const mostAtOnce = 4
const pausesMs: readonly number[] = [5_000, 30_000, 120_000, 600_000]

interface Waiting {
  readonly mail: Mail
  readonly at: Date
  readonly done: () => void
  tries: number
  timer?: NodeJS.Timeout | undefined
}

/** Makes the mailer: by SMTP where SMTP_URL says so, else a file a mail. */
export function createMailer(
  context: {
    readonly config: Pick<Config, "mail" | "dataDirectory" | "keyring">
    readonly clock: Clock
    readonly log: Logger
    readonly db: Database
  },
  pauses: readonly number[] = pausesMs,
): Mailer {
  const { config, clock, log, db } = context
  const { from } = config.mail
  const transport = createTransport(config)
  const outbox = createOutbox({ db, keyring: config.keyring, clock, log, transport, from })
  const ready: Waiting[] = []
  const all = new Map<Waiting, Promise<void>>()
  let underWay = 0
  let closing = false

  function finish(waiting: Waiting): void {
    all.delete(waiting)
    waiting.done()
  }

  async function deliver(waiting: Waiting): Promise<void> {
    const result = await transport.send({ ...waiting.mail, from, at: waiting.at })
    waiting.tries++
    if (result.kind === "sent") {
      log.info(result.facts, "mail sent")
      return finish(waiting)
    }
    const pauseMs = closing || result.isFinal ? undefined : pauses[waiting.tries - 1]
    const facts = { ...result.facts, tries: waiting.tries }
    if (pauseMs === undefined) {
      log.error(facts, "a mail could not be sent and is given up")
      return finish(waiting)
    }
    log.warn({ ...facts, retryInMs: pauseMs }, "a mail could not be sent yet")
    waiting.timer = setTimeout(() => enqueue(waiting), pauseMs).unref()
  }

  function enqueue(waiting: Waiting): void {
    waiting.timer = undefined
    ready.push(waiting)
    work()
  }

  function work(): void {
    while (underWay < mostAtOnce) {
      const next = ready.shift()
      if (next === undefined) return
      underWay++
      void deliver(next).then(() => {
        underWay--
        work()
      })
    }
  }

  return {
    keep: outbox.keep,
    wake: outbox.wake,
    sendDue: outbox.sendDue,
    send: (mail) => {
      if (closing || all.size >= mostWaiting) {
        log.error({ waiting: all.size }, closing ? "a mail came after the end" : "too many mails wait: one is lost")
        return
      }
      const { promise, resolve } = Promise.withResolvers<void>()
      const waiting: Waiting = { mail, at: new Date(clock.now()), done: resolve, tries: 0 }
      all.set(waiting, promise)
      enqueue(waiting)
    },
    settled: async () => {
      await Promise.all([...all.values(), outbox.settled()])
    },
    close: async (withinMs) => {
      closing = true
      outbox.close()
      for (const waiting of all.keys()) {
        if (waiting.timer === undefined) continue
        clearTimeout(waiting.timer)
        enqueue(waiting)
      }
      await within(withinMs, Promise.all([...all.values(), outbox.settled()]))
      if (all.size > 0) log.error({ lost: all.size }, "mails still waited at the end and are lost")
      transport.close()
    },
  }
}

/** Sends mails now, each once, for a command that ends afterwards. @returns how each of them ended, in their order */
export async function sendMailsNow(
  { config, clock }: { readonly config: Pick<Config, "mail" | "dataDirectory">; readonly clock: Clock },
  mails: readonly Mail[],
): Promise<readonly SendResult[]> {
  const transport = createTransport(config)
  try {
    const { from } = config.mail
    return await Promise.all(mails.map((mail) => transport.send({ ...mail, from, at: new Date(clock.now()) })))
  } finally {
    transport.close()
  }
}

function createTransport({ mail, dataDirectory }: Pick<Config, "mail" | "dataDirectory">): MailTransport {
  return mail.smtpUrl === undefined ? createFileTransport(dataDirectory) : createSmtpTransport(mail.smtpUrl)
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([work, timeout])
  clearTimeout(timer)
}
