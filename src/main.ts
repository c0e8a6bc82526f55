import type { FastifyInstance } from "fastify"
import { buildApp } from "./app.ts"
import { createBackground, type Loop } from "./background.ts"
import { systemClock } from "./clock.ts"
import type { Config } from "./config.ts"
import type { Context } from "./context.ts"
import { closeDatabase } from "./database/open-database.ts"
import { joinDatabase, startDatabase } from "./database/start-database.ts"
import { createInstanceBus } from "./instance-bus.ts"
import { createLog, type Logger } from "./log.ts"
import { createMailer } from "./mail.ts"
import { createMetrics } from "./metrics.ts"
import { createOutbound } from "./outbound/guarded-request.ts"
import { reportReady } from "./ready.ts"
import { StartError } from "./start-error.ts"
import { returnStartGarbage } from "./start-garbage.ts"
import { createWorkerLink } from "./worker-link.ts"

// The supervisor's patience is 10 s: a request that still runs is cut off before, and what hangs then is given up.
const requestsEndWithinMs = 8000
const endsWithinMs = 9500
const deliveriesEndWithinMs = 7000
const mailsEndWithinMs = 1000
// By then the first answers are out, and what the loops read at their start is in place.
const settledAfterMs = 2000

/** What a command does before the first answer, and the loops that it wants beside the platform's own. */
export type Prepare = (context: Context) => Promise<readonly Loop[]>

/**
 * Runs the platform in this process alone: database, app, port. Returns once it answers; it ends on SIGTERM or SIGINT.
 *
 * @throws StartError, DatabaseUnavailable, DatabaseTooNew
 */
export async function serveAlone(config: Config, prepare?: Prepare): Promise<void> {
  const log = createLog(config.logLevel)
  const { db, lock, applied } = await startDatabase(config.databaseUrl, warnWaiting(log))
  if (applied.length > 0) log.info({ applied }, "migrated the database")
  const outbound = createOutbound(config.outbound)
  const metrics = createMetrics()
  const mail = createMailer({ config, clock: systemClock, log, db })
  await serve(
    { config, clock: systemClock, db, log, metrics, bus: createInstanceBus(), outbound, mail },
    () => lock?.release(),
    prepare,
  )
  lock?.note(config.port)
  reportReady(config, log)
}

/**
 * Runs one of the processes that `cluster.ts` starts.
 *
 * @throws StartError, DatabaseUnavailable, DatabaseTooNew
 */
export async function serveAsWorker(config: Config): Promise<void> {
  const log = createLog(config.logLevel)
  const link = createWorkerLink(() => metrics.registry.getMetricsAsJSON())
  const metrics = createMetrics(link.gatherMetrics)
  const db = await joinDatabase({ url: config.databaseUrl, turns: link.turns }, warnWaiting(log))
  const outbound = createOutbound(config.outbound)
  const mail = createMailer({ config, clock: systemClock, log, db })
  await serve({ config, clock: systemClock, db, log, metrics, bus: link.bus, outbound, mail }, () => {})
  link.send({ kind: "ready" })
}

function warnWaiting(log: Logger): (error: Error) => void {
  return (error) => log.warn({ err: error }, "waiting for the database")
}

async function serve(context: Context, release: () => void, prepare?: Prepare): Promise<void> {
  const { config, log } = context
  process.on("uncaughtExceptionMonitor", (error) => log.fatal({ err: error }, "a bug ends this process"))
  const { app, loops, worker } = await buildApp(context)
  const moreLoops = (await prepare?.(context)) ?? []
  await listen(app, config)
  setTimeout(returnStartGarbage, settledAfterMs).unref()
  const background = createBackground({ log, isFirst: context.bus.isFirst }, [...loops, ...moreLoops])
  background.start()
  worker.start()
  let draining = false
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      // npm passes a Ctrl-C on that this process has seen already.
      if (draining) return
      draining = true
      log.info({ signal }, "draining")
      // Calls of webhooks under way end beside the requests; what does not is given back to the others.
      const delivered = worker.stop(deliveriesEndWithinMs)
      void drain(app, log, async () => {
        await delivered
        await background.stop()
        await context.mail.close(mailsEndWithinMs)
        // Whoever wants the answers of calls that still hang has given them up: the process ends under them.
        await context.outbound.close(0)
        await closeDatabase(context.db)
        release()
      })
    })
  }
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === "EADDRINUSE") {
      throw new StartError(`Port ${port} of ${host} is in use: stop the program that has it, or set another PORT.`)
    }
    if (code === "EACCES") throw new StartError(`Port ${port} needs rights this user lacks: set PORT to 1024 or more.`)
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
      throw new StartError(`HOST must be an address of this machine, not "${host}" (${message}).`)
    }
    throw error
  }
}

// Running requests finish, what waits for a next one on its connection is hung up on, and nobody else gets in.
async function drain(app: FastifyInstance, log: Logger, end: () => Promise<void>): Promise<void> {
  setTimeout(() => {
    log.error("did not end in time")
    process.exit(1)
  }, endsWithinMs)
  const cuttingOff = setTimeout(() => {
    log.warn("requests still run and are cut off")
    app.server.closeAllConnections()
  }, requestsEndWithinMs)
  // A connection whose last request has just ended is idle only now.
  setInterval(() => app.server.closeIdleConnections(), 25)
  try {
    await app.close()
    clearTimeout(cuttingOff)
    await end()
    log.info("ended")
    process.exit(0)
  } catch (error) {
    log.fatal({ err: error }, "ended badly")
    process.exit(1)
  }
}
