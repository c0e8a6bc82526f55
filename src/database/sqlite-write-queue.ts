import { AsyncLocalStorage } from "node:async_hooks"
import type { DatabaseSync, StatementSync } from "node:sqlite"
import { setTimeout as sleep } from "node:timers/promises"
import { DatabaseBusy, DatabaseUnavailable, type Queries, type TransactionOptions } from "./engine.ts"
import { isBusy, unavailable } from "./sqlite-failure.ts"
import type { WriteTurns } from "./write-turns.ts"

// A batch closes at either bound: long enough to share the fsync, short enough that nobody notices the wait.
const maximumBatchSize = 100
const maximumBatchMs = 20

// Prepared once: `exec` would parse these words again for each job.
interface Steps {
  readonly begin: StatementSync
  readonly commit: StatementSync
  readonly savepoint: StatementSync
  readonly release: StatementSync
}

interface Job {
  readonly callback: (tx: Queries) => Promise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  /** What to say once its commit is on disk. */
  readonly said: (() => void)[]
  state: "waiting" | "running" | "given-up"
}

type Outcome = { readonly job: Job } & ({ readonly value: unknown } | { readonly error: unknown })

export interface WriteQueueOptions {
  readonly connection: DatabaseSync
  readonly queries: Queries
  readonly turns: WriteTurns | undefined
  readonly busyTimeoutMs: number
}

/**
 * Group commit (docs/decisions/0003-group-commit.md): transactions that wait at the same time run one after the other, each in a
 * savepoint, and share one commit, hence one fsync. A caller hears of success only after that commit.
 */
export function createWriteQueue(options: WriteQueueOptions) {
  const { connection } = options
  const steps: Steps = {
    begin: connection.prepare("begin immediate"),
    commit: connection.prepare("commit"),
    savepoint: connection.prepare("savepoint job"),
    release: connection.prepare("release job"),
  }
  const jobs: Job[] = []
  let draining = false
  let closed = false
  let drained: Promise<void> = Promise.resolve()
  let running: Job | undefined

  function transaction<T>(callback: (tx: Queries) => Promise<T>, settings?: TransactionOptions): Promise<T> {
    if (closed) return Promise.reject(new DatabaseUnavailable("The database is closed."))
    return new Promise<T>((resolve, reject) => {
      const job: Job = {
        // In the caller's context (src/request-origin.ts), not in that of whoever woke the queue.
        callback: AsyncLocalStorage.bind(callback),
        resolve: resolve as (value: unknown) => void,
        reject,
        said: [],
        state: "waiting",
      }
      jobs.push(job)
      if (settings?.lockTimeoutMs !== undefined) giveUpAfter(job, settings.lockTimeoutMs)
      if (!draining) drained = drain()
    })
  }

  async function drain(): Promise<void> {
    draining = true
    while (jobs.length > 0) {
      // Lets the other requests of this turn of the event loop join the batch.
      await new Promise((resolve) => setImmediate(resolve))
      await options.turns?.take()
      try {
        await runBatch(options, steps, jobs, (job) => {
          running = job
        })
      } finally {
        options.turns?.pass()
      }
    }
    // In the same breath as the check above: a job that came between them would never run.
    draining = false
  }

  return {
    transaction,
    /** Runs `say` when the transaction that is under way has been committed. */
    afterCommit: (say: () => void) => {
      if (running === undefined) throw new Error("Nothing is being written: use transaction() of database/engine.ts.")
      running.said.push(say)
    },
    close: async () => {
      closed = true
      await drained
    },
  }
}

function giveUpAfter(job: Job, milliseconds: number): void {
  const timer = setTimeout(() => {
    if (job.state !== "waiting") return
    job.state = "given-up"
    job.reject(new DatabaseBusy("The database was busy for too long."))
  }, milliseconds)
  timer.unref()
}

async function runBatch(
  options: WriteQueueOptions,
  steps: Steps,
  jobs: Job[],
  nowRuns: (job: Job | undefined) => void,
): Promise<void> {
  const { connection } = options
  try {
    await begin(steps, options.busyTimeoutMs)
  } catch (error) {
    for (const job of jobs.splice(0)) job.reject(error)
    return
  }
  const outcomes: Outcome[] = []
  try {
    const endsAt = performance.now() + maximumBatchMs
    while (jobs.length > 0 && outcomes.length < maximumBatchSize && performance.now() < endsAt) {
      const job = jobs.shift()
      if (job === undefined || job.state === "given-up") continue
      job.state = "running"
      nowRuns(job)
      outcomes.push(await runInSavepoint(options, steps, job))
      nowRuns(undefined)
      // A full disk ends SQLite's whole transaction, and with it what ran before in this batch.
      if (!connection.isTransaction) throw new DatabaseUnavailable("The database gave up the transaction.")
    }
    steps.commit.run()
  } catch (error) {
    if (connection.isTransaction) connection.exec("rollback")
    failBatch(outcomes, error)
    return
  }
  for (const outcome of outcomes) {
    if ("error" in outcome) outcome.job.reject(outcome.error)
    else {
      outcome.job.resolve(outcome.value)
      for (const say of outcome.job.said) say()
    }
  }
}

async function runInSavepoint({ connection, queries }: WriteQueueOptions, steps: Steps, job: Job): Promise<Outcome> {
  try {
    steps.savepoint.run()
    const value = await job.callback(queries)
    steps.release.run()
    return { job, value }
  } catch (error) {
    if (connection.isTransaction) connection.exec("rollback to job; release job")
    return { job, error }
  }
}

function failBatch(outcomes: readonly Outcome[], cause: unknown): void {
  for (const outcome of outcomes) {
    outcome.job.reject("error" in outcome ? outcome.error : unavailable(cause))
  }
}

async function begin(steps: Steps, busyTimeoutMs: number): Promise<void> {
  const startedAt = performance.now()
  for (;;) {
    try {
      steps.begin.run()
      return
    } catch (error) {
      if (!isBusy(error)) throw unavailable(error)
      if (performance.now() - startedAt > busyTimeoutMs) {
        throw new DatabaseUnavailable("Another program keeps the database locked.", { cause: error })
      }
    }
    await sleep(1 + Math.random() * 2)
  }
}
