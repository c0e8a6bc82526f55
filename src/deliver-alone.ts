import { systemClock } from "./clock.ts"
import type { Config } from "./config.ts"
import { closeDatabase } from "./database/open-database.ts"
import { startDatabase } from "./database/start-database.ts"
import { createInstanceBus } from "./instance-bus.ts"
import { createLog, type Logger } from "./log.ts"
import { createOutbound } from "./outbound/guarded-request.ts"
import { createDelivery } from "./webhooks/delivery-service.ts"

// Longer than any call of a webhook may take (contract/webhooks.md §7), and then some for the database.
const callsEndWithinMs = 35_000
const endsWithinMs = 45_000

/**
 * Delivers webhooks and serves no HTTP, beside others on the same PostgreSQL database. Returns once it delivers; it ends
 * on SIGTERM or SIGINT. On SQLite it must be alone: a `serve` that has the file delivers already.
 *
 * @throws StartError, DatabaseUnavailable, DatabaseTooNew
 */
export async function deliverAlone(config: Config): Promise<void> {
  const log = createLog(config.logLevel)
  process.on("uncaughtExceptionMonitor", (error) => log.fatal({ err: error }, "a bug ends this process"))
  const { db, lock, applied } = await startDatabase(
    config.databaseUrl,
    (error) => log.warn({ err: error }, "waiting for the database"),
    describeOtherInstance,
  )
  if (applied.length > 0) log.info({ applied }, "migrated the database")
  const outbound = createOutbound(config.outbound)
  const { worker } = createDelivery({ config, clock: systemClock, db, log, bus: createInstanceBus(), outbound })
  worker.start()
  // The worker's own timers keep no process alive, and a database that is away leaves nothing else that would.
  const alive = setInterval(() => {}, 60_000)
  log.info({ ...config.delivery }, "ready to deliver")

  onceAsked(log, async () => {
    await worker.stop(callsEndWithinMs)
    clearInterval(alive)
    await closeDatabase(db)
    lock?.release()
  })
}

function describeOtherInstance(file: string, holder: string): string {
  return `The database ${file} is in use${holder}, which delivers its webhooks already: on SQLite there is nothing to add.`
}

function onceAsked(log: Logger, end: () => Promise<void>): void {
  let ending = false
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (ending) return
      ending = true
      log.info({ signal }, "draining")
      setTimeout(() => {
        log.error("did not end in time")
        process.exit(1)
      }, endsWithinMs)
      end().then(
        () => {
          log.info("ended")
          process.exit(0)
        },
        (error: unknown) => {
          log.fatal({ err: error }, "ended badly")
          process.exit(1)
        },
      )
    })
  }
}
