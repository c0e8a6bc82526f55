import cluster, { type Worker } from "node:cluster"
import type { Config } from "./config.ts"
import { closeDatabase } from "./database/open-database.ts"
import { startDatabase } from "./database/start-database.ts"
import { createLog, type Logger } from "./log.ts"
import { reportReady } from "./ready.ts"
import { StartError } from "./start-error.ts"
import { createWorkerExchange } from "./worker-exchange.ts"
import type { WorkerMessage } from "./worker-messages.ts"

const workersEndWithinMs = 9800
const quickDeathMs = 5000
const quickDeathsBeforeGivingUp = 5

interface WorkerState {
  readonly startedAt: number
  ready: boolean
  failure: string | undefined
}

/**
 * Runs `config.workers` processes of `serve` on one port and starts those anew that die. This process prepares the
 * database, holds the instance's lock, and passes word and turns among the workers; it serves no request itself.
 * Resolves when all have ended after SIGTERM or SIGINT.
 *
 * @throws StartError, DatabaseUnavailable, DatabaseTooNew
 */
export async function runCluster(config: Config): Promise<void> {
  const log = createLog(config.logLevel)
  const { db, lock, applied } = await startDatabase(config.databaseUrl, (error) =>
    log.warn({ err: error }, "waiting for the database"),
  )
  if (applied.length > 0) log.info({ applied }, "migrated the database")
  await closeDatabase(db)
  lock?.note(config.port)
  try {
    await superviseWorkers(config, log)
  } finally {
    lock?.release()
  }
}

function superviseWorkers(config: Config, log: Logger): Promise<void> {
  const ended = Promise.withResolvers<void>()
  const states = new Map<Worker, WorkerState>()
  const exchange = createWorkerExchange()
  let everReady = false
  let draining = false
  let quickDeaths = 0
  let end: () => void = ended.resolve

  function fork(): void {
    if (draining) return
    // A port that was chosen freely stays the same even when all workers die at once.
    const worker = cluster.fork({ PORT: String(config.port) })
    states.set(worker, { startedAt: performance.now(), ready: false, failure: undefined })
  }

  function drain(failure?: StartError): void {
    if (draining) return
    draining = true
    if (failure !== undefined) end = () => ended.reject(failure)
    endWorkers([...states.keys()], log, () => {
      end = () => ended.reject(new StartError("Worker processes had to be killed: they did not end in time."))
    })
    if (states.size === 0) end()
  }

  function restart(worker: Worker, state: WorkerState, code: number | null, signal: string | null): void {
    const problem = state.failure ?? `A worker process ended with ${signal ?? `code ${code}`}.`
    if (!everReady) {
      drain(new StartError(problem))
      return
    }
    log.error(
      { worker: worker.id, exitCode: code, signal, failure: state.failure },
      "a worker died; another one starts",
    )
    const byItself = signal === null && performance.now() - state.startedAt < quickDeathMs
    quickDeaths = byItself || !state.ready ? quickDeaths + 1 : 0
    if (quickDeaths >= quickDeathsBeforeGivingUp) {
      drain(new StartError(`${quickDeaths} worker processes in a row died at once; the last one: ${problem}`))
      return
    }
    setTimeout(fork, quickDeaths === 0 ? 0 : Math.min(5000, 100 * 2 ** quickDeaths))
  }

  cluster.on("message", (worker, message: WorkerMessage) => {
    exchange.receive(worker, message)
    const state = states.get(worker)
    if (state !== undefined && message.kind === "failed") state.failure = message.message
    if (state === undefined || message.kind !== "ready") return
    state.ready = true
    if (everReady || [...states.values()].filter(({ ready }) => ready).length < config.workers) return
    everReady = true
    reportReady(config, log)
  })
  cluster.on("exit", (worker, code, signal) => {
    const state = states.get(worker)
    states.delete(worker)
    exchange.gone(worker)
    if (!draining && state !== undefined) restart(worker, state, code, signal)
    else if (states.size === 0) end()
  })
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => drain())
  for (let count = 0; count < config.workers; count++) fork()
  return ended.promise
}

function endWorkers(workers: readonly Worker[], log: Logger, onKilling: () => void): void {
  for (const worker of workers) worker.process.kill("SIGTERM")
  setTimeout(() => {
    log.error("worker processes did not end in time")
    onKilling()
    for (const worker of workers) worker.process.kill("SIGKILL")
  }, workersEndWithinMs).unref()
}
