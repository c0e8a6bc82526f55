import type { Clock } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { type Database, transaction } from "../database/engine.ts"
import type { WebhookId } from "../ids.ts"
import type { Logger } from "../log.ts"
import { claimDeliveries } from "./claim-deliveries.ts"
import { attemptDelivery, type DeliveryTools } from "./deliver.ts"
import type { ClaimedDelivery } from "./delivery.ts"
import { type Learn, type MadeAttempt, recordAttempts } from "./delivery-results.ts"
import { selectDueEndpoints } from "./due.store.ts"
import { createEndpointBoard, type EndpointBoard } from "./endpoint-board.ts"
import { createHeldClaims, type HeldClaims } from "./held-claims.ts"
import { interruptedAttempt } from "./interrupted-attempt.ts"
import type { LaneLimits } from "./lanes.ts"
import { createPulse } from "./pulse.ts"
import { createResultWriter, type ResultWriter } from "./result-writer.ts"
import { sweepLostClaims } from "./sweep-deliveries.ts"

const pollEveryMs = 250
const sweepEveryMs = 2000
const heartbeatEveryMs = 10_000
// Busy endpoints are claimed for in batches: a claim costs as much as the work of several deliveries.
const claimEveryMs = 4
// Results that cannot be written must not pile up without end.
const mostUnwritten = 2000

/** What a worker works with. */
export interface WorkerParts {
  readonly db: Database
  readonly clock: Clock
  readonly keyring: Keyring
  readonly log: Logger
  readonly limits: LaneLimits
  readonly tools: DeliveryTools
  readonly learn: Learn
  /** Hears of each attempt that was made, for metrics. */
  onAttempt(made: MadeAttempt): void
}

/** Delivers what is due, as long as it runs (contract/webhooks.md §7). */
export interface DeliveryWorker {
  start(): void
  /** There is work for these endpoints, or, undefined, for any; heard only while it runs. */
  wake(webhookIds: readonly WebhookId[] | undefined): void
  /**
   * Claims nothing more, waits for calls under way at most so long, and gives back what is then unfinished. All that was
   * learnt is written when it resolves.
   */
  stop(patienceMs: number): Promise<void>
}

interface Work {
  readonly parts: WorkerParts
  readonly board: EndpointBoard
  readonly held: HeldClaims
  readonly flying: Set<Promise<void>>
  readonly results: ResultWriter<MadeAttempt>
  /** Claims as long as there is room and something to claim. */
  pump(): void
}

/** Makes the worker of this process. */
export function createDeliveryWorker(parts: WorkerParts): DeliveryWorker {
  const { db, clock, log } = parts
  const board = createEndpointBoard(parts.limits)
  const held = createHeldClaims()
  const results = createResultWriter<MadeAttempt>(
    async (made) => {
      await transaction(db, (tx) => recordAttempts(tx, made, parts.learn))
      noteWritten(work, made)
    },
    (error) => log.error({ err: error }, "delivery results could not be written"),
    // Its lease is not renewed any more: it runs out, and the attempt is seen as interrupted.
    ({ claimed }) => held.remove(claimed),
  )
  const claiming = createPump(() => claimOnce(work), log)
  const work: Work = { parts, board, held, results, flying: new Set(), pump: claiming.pump }
  const pulse = createPulse((error, name) => log.warn({ err: error, work: name }, "delivery work failed; it goes on"))
  let runs = false

  return {
    start: () => {
      runs = true
      pulse.every(pollEveryMs, "poll", () => lookForWork(work))
      pulse.every(sweepEveryMs, "sweep", () => sweep(work))
      pulse.every(heartbeatEveryMs, "heartbeat", () => held.renew(db, clock.now()))
      pulse.now("first look", () => lookForWork(work))
    },
    wake: (webhookIds) => {
      if (!runs) return
      if (webhookIds?.every(board.knows) !== true) return pulse.now("look", () => lookForWork(work))
      for (const webhookId of webhookIds) board.markReady(webhookId)
      work.pump()
    },
    stop: async (patienceMs) => {
      runs = false
      await claiming.stop()
      await waitForFlights(work, patienceMs)
      await results.flush()
      giveBackUnfinished(work)
      await results.flush()
      pulse.stop()
    },
  }
}

/** Runs `once` again and again as long as it says that there is more, never twice at a time. */
function createPump(once: () => Promise<boolean>, log: Logger) {
  let running: Promise<void> | undefined
  let again = false
  let stopped = false
  let lastAt = Number.NEGATIVE_INFINITY

  async function run(): Promise<void> {
    while (again && !stopped) {
      again = false
      await untilMayClaim(lastAt)
      lastAt = performance.now()
      if (await once()) again = true
    }
  }

  function pump(): void {
    again = true
    if (stopped || running !== undefined) return
    running = run()
      .catch((error: unknown) => log.error({ err: error }, "deliveries could not be claimed"))
      .finally(() => {
        running = undefined
        // Wished for between the last look and here.
        if (again) pump()
      })
  }

  return {
    pump,
    stop: async () => {
      stopped = true
      await running
    },
  }
}

// After a pause at once; then in a rhythm, so that calls that end within it make room for one claim together.
function untilMayClaim(lastAt: number): Promise<void> {
  const waitMs = lastAt + claimEveryMs - performance.now()
  return new Promise((resolve) => {
    if (waitMs > 0) setTimeout(resolve, waitMs)
    else setImmediate(resolve)
  })
}

async function lookForWork({ parts, board, pump }: Work): Promise<void> {
  for (const { webhookId, mode } of await selectDueEndpoints(parts.db, parts.clock.now())) {
    board.add(webhookId, mode)
    board.markReady(webhookId)
  }
  if (board.hasReady()) pump()
}

/** Claims once; true when there may be more to claim at once. */
async function claimOnce(work: Work): Promise<boolean> {
  const { parts, board, held, results, flying } = work
  const now = parts.clock.now()
  if (results.waiting() > mostUnwritten) return false
  const wishes = board.chooseWishes(now)
  if (wishes.length === 0) return false
  // What was learnt meanwhile is written beside it: on SQLite both share a commit.
  void results.flush()
  const { claimed, more } = await claimDeliveries(parts.db, parts.keyring, now, wishes).catch((error: unknown) => {
    for (const { webhookId } of wishes) board.markReady(webhookId)
    throw error
  })
  for (const webhookId of more) board.markReady(webhookId)
  for (const delivery of claimed) {
    held.add(delivery, now)
    const flight = fly(work, delivery).finally(() => flying.delete(flight))
    flying.add(flight)
  }
  return more.size > 0
}

async function fly({ parts, board, held, results, pump }: Work, claimed: ClaimedDelivery): Promise<void> {
  const { clock, log, tools } = parts
  const { mode, lane } = claimed
  const land = board.begin({ webhookId: claimed.webhook.id, mode, lane }, clock.now())
  let made: MadeAttempt | undefined
  try {
    made = await attemptDelivery(tools, claimed)
  } catch (error) {
    // A bug of ours: its lease runs out, and it is made again.
    log.error({ err: error, delivery: claimed.uuid }, "an attempt failed by our own fault")
    held.remove(claimed)
  }
  land(made?.attempt.class === "ok", clock.now())
  // A result whose lease was lost meanwhile is written too, and found to be late.
  if (made !== undefined && !held.isClosed()) {
    parts.onAttempt(made)
    results.add(made)
  }
  pump()
}

function noteWritten({ parts, board, held, pump }: Work, made: readonly MadeAttempt[]): void {
  const now = parts.clock.now()
  for (const { claimed, next } of made) {
    held.remove(claimed)
    if (next.kind === "retry" && next.dueAt <= now) board.markReady(claimed.webhook.id)
  }
  pump()
}

async function sweep(work: Work): Promise<void> {
  const { db, keyring, clock, tools } = work.parts
  work.board.forgetIdle(clock.now())
  const freed = await sweepLostClaims(db, keyring, clock.now(), tools.random)
  if (freed > 0) await lookForWork(work)
}

async function waitForFlights({ flying }: Work, patienceMs: number): Promise<void> {
  const patience = Promise.withResolvers<void>()
  const timer = setTimeout(patience.resolve, patienceMs)
  await Promise.race([Promise.all(flying), patience.promise])
  clearTimeout(timer)
}

// Others can go on with them at once, instead of when the lease has run out.
function giveBackUnfinished({ parts, held, results }: Work): void {
  const endedAt = parts.clock.now()
  for (const { claimed, claimedAt } of held.takeAll()) {
    results.add(interruptedAttempt(claimed, { startedAt: claimedAt, endedAt }, parts.tools.random))
  }
}
