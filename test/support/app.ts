import { pino } from "pino"
import { buildApp } from "../../src/app.ts"
import { type Clock, systemClock } from "../../src/clock.ts"
import { readConfig } from "../../src/config.ts"
import type { Context } from "../../src/context.ts"
import { closeDatabase, openDatabase } from "../../src/database/open-database.ts"
import { createInstanceBus } from "../../src/instance-bus.ts"
import { createMailer } from "../../src/mail.ts"
import { createMetrics } from "../../src/metrics.ts"
import { createOutbound, type OutboundOptions } from "../../src/outbound/guarded-request.ts"
import type { DeliveryWorker } from "../../src/webhooks/delivery-worker.ts"
import { findFreePort } from "./free-port.ts"
import { makeTemporaryDirectory } from "./temporary-directory.ts"

/** The whole platform in this process, on a port of its own. */
export interface TestApp {
  readonly url: string
  readonly context: Context
  readonly logLines: readonly string[]
  /** Delivers webhooks, once a test starts it. */
  readonly worker: DeliveryWorker
  /** Runs the background work of that name once, now. */
  runLoop(name: string): Promise<void>
  stop(): Promise<void>
}

export const testSecret = "a secret of the tests that is long enough"

/** Starts the real app over a migrated database; limits are off unless `env` sets them. */
export async function startApp(options: {
  readonly databaseUrl: string
  readonly clock?: Clock
  readonly env?: Readonly<Record<string, string>>
  /** The outside world that the app's own calls see. */
  readonly outside?: OutboundOptions
}): Promise<TestApp> {
  const port = await findFreePort()
  const off = Object.fromEntries(
    ["GRANT", "CLIENT", "IP", "PAGES", "FEED", "FAILURES"].map((name) => [`RATE_LIMIT_${name}`, "off"]),
  )
  const read = readConfig({
    PORT: String(port),
    SEPAY_SECRET: testSecret,
    DATABASE_URL: options.databaseUrl,
    SIMULATOR_DAILY_LIMIT: "off",
    // The receivers of the tests are on this machine.
    OUTBOUND_ALLOW: "127.0.0.0/8,::1/128",
    ...off,
    ...options.env,
  })
  // On PostgreSQL it would be the working directory's.
  const dataDirectory = read.databaseUrl.startsWith("sqlite:") ? read.dataDirectory : makeTemporaryDirectory()
  const config = { ...read, dataDirectory }
  const logLines: string[] = []
  const log = pino({ level: "debug" }, { write: (line: string) => void logLines.push(line) })
  const db = await openDatabase({ url: config.databaseUrl })
  const outbound = createOutbound(config.outbound, options.outside)
  const clock = options.clock ?? systemClock
  const mail = createMailer({ config, clock, log, db })
  const context: Context = {
    config,
    clock,
    db,
    log,
    metrics: createMetrics(),
    bus: createInstanceBus(),
    outbound,
    mail,
  }
  const { app, loops, worker } = await buildApp(context)
  await app.listen({ host: "127.0.0.1", port })
  return {
    url: config.url,
    context,
    worker,
    logLines,
    runLoop: async (name) => {
      const loop = loops.find((candidate) => candidate.name === name)
      if (loop === undefined) throw new RangeError(`There is no loop ${name}.`)
      await loop.run(new AbortController().signal)
    },
    stop: async () => {
      await worker.stop(0)
      await app.close()
      await mail.close(1000)
      await outbound.close()
      await closeDatabase(db)
    },
  }
}
