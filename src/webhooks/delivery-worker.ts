import { type Clock, type Instant, instantAfter } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { type Database, transaction } from "../database/engine.ts"
import type { WebhookId } from "../ids.ts"
import type { Logger } from "../log.ts"
import { claimDeliveries, type EndpointWish, leaseMs } from "./claim-deliveries.ts"
import { attemptDelivery, type DeliveryTools } from "./deliver.ts"
import type { ClaimedDelivery } from "./delivery.ts"
import { type Learn, type MadeAttempt, recordAttempts } from "./delivery-results.ts"
import { renewLeases, selectDueEndpoints } from "./due.store.ts"
import { interruptedAttempt } from "./interrupted-attempt.ts"
import {
  beginFlight,
  countUsage,
  type Endpoint,
  endFlight,
  type LaneLimits,
  newEndpoint,
  reserve,
  roomOf,
} from "./lanes.ts"
import { createResultWriter } from "./result-writer.ts"
import { sweepLostClaims } from "./sweep-deliveries.ts"

const pollEveryMs = 250
const sweepEveryMs = 2000
const heartbeatEveryMs = 10_000
const mostClaimedAtOnce = 200
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
  /** There is work for these endpoints, or, undefined, for any. */
  wake(webhookIds: readonly WebhookId[] | undefined): void
  /**
   * Claims nothing more, waits for calls under way at most so long, and gives back what is then unfinished. All that was
   * learnt is written when it resolves.
   */
  stop(patienceMs: number): Promise<void>
}

interface Held {
  readonly claimed: ClaimedDelivery
  readonly startedAt: Instant
}

/** Makes the worker of this process. */
export function createDeliveryWorker(parts: WorkerParts): DeliveryWorker {
  const { db, clock, keyring, log, limits, tools, learn } = parts
  const endpoints = new Map<WebhookId, Endpoint>()
  const ready = new Set<WebhookId>()
  /** From the claim until the result is written: what the heartbeat keeps. */
  const held = new Map<number, Held>()
  const flying = new Set<Promise<void>>()
  const timers: NodeJS.Timeout[] = []
  let stopping = false
  let pumping: Promise<void> | undefined
  let again = false

  const results = createResultWriter<MadeAttempt>(
    async (made) => {
      await transaction(db, (tx) => recordAttempts(tx, made, learn))
      const now = clock.now()
      for (const { claimed, next } of made) {
        if (held.get(claimed.deliveryId)?.claimed === claimed) held.delete(claimed.deliveryId)
        if (next.kind === "retry" && next.dueAt <= now) ready.add(claimed.webhook.id)
      }
      pump()
    },
    (error) => log.error({ err: error }, "delivery results could not be written"),
  )

  async function lookForWork(): Promise<void> {
    for (const { webhookId, mode } of await selectDueEndpoints(db, clock.now())) {
      if (!endpoints.has(webhookId)) endpoints.set(webhookId, newEndpoint(webhookId, mode))
      ready.add(webhookId)
    }
    pump()
  }

  function pump(): void {
    again = true
    if (stopping || pumping !== undefined || ready.size === 0) return
    pumping = claimAll()
      .catch((error: unknown) => log.error({ err: error }, "deliveries could not be claimed"))
      .finally(() => {
        pumping = undefined
      })
  }

  async function claimAll(): Promise<void> {
    while (again && !stopping) {
      again = false
      // Calls that end in the same turn of the event loop make room for one claim together.
      await new Promise((resolve) => setImmediate(resolve))
      const wishes = chooseWishes()
      if (wishes.length === 0) return
      const now = clock.now()
      for (const { webhookId } of wishes) ready.delete(webhookId)
      const { claimed, more } = await claimDeliveries(db, keyring, now, wishes).catch((error: unknown) => {
        for (const { webhookId } of wishes) ready.add(webhookId)
        throw error
      })
      for (const webhookId of more) ready.add(webhookId)
      for (const delivery of claimed) begin(delivery)
      if (more.size > 0) again = true
    }
  }

  function chooseWishes(): EndpointWish[] {
    if (results.waiting() > mostUnwritten) return []
    const now = clock.now()
    const usage = countUsage(endpoints.values(), now)
    const wishes: EndpointWish[] = []
    let left = mostClaimedAtOnce
    for (const webhookId of ready) {
      const endpoint = endpoints.get(webhookId)
      if (endpoint === undefined || left <= 0) continue
      const room = roomOf(endpoint, usage, limits, now)
      const all = Math.min(room.all, left)
      if (all <= 0) continue
      const retry = Math.min(room.retry, all)
      wishes.push({ webhookId, all, retry })
      reserve(usage, endpoint, { first: all - retry, retry }, now)
      left -= all
    }
    return wishes
  }

  function begin(claimed: ClaimedDelivery): void {
    held.set(claimed.deliveryId, { claimed, startedAt: clock.now() })
    const flight = fly(claimed).finally(() => flying.delete(flight))
    flying.add(flight)
  }

  async function fly(claimed: ClaimedDelivery): Promise<void> {
    const endpoint = endpoints.get(claimed.webhook.id)
    if (endpoint === undefined) throw new Error("A claim was made for an endpoint that is not known.")
    const flight = beginFlight(endpoint, claimed.lane, clock.now())
    let made: MadeAttempt | undefined
    try {
      made = await attemptDelivery(tools, claimed)
    } catch (error) {
      // A bug: its lease runs out, and it is made again.
      log.error({ err: error, delivery: claimed.uuid }, "an attempt failed by our own fault")
    }
    endFlight(endpoint, flight, made?.attempt.class === "ok", clock.now())
    if (made !== undefined && held.get(claimed.deliveryId)?.claimed === claimed) {
      parts.onAttempt(made)
      results.add(made)
    }
    pump()
  }

  async function heartbeat(): Promise<void> {
    if (held.size === 0) return
    const claims = [...held.values()].map(({ claimed }) => claimed)
    const claimIds = [...new Set(claims.map(({ claimId }) => claimId))]
    const deliveryIds = claims.map(({ deliveryId }) => deliveryId)
    await transaction(db, (tx) => renewLeases(tx, { deliveryIds, claimIds }, instantAfter(clock.now(), leaseMs)))
  }

  async function sweep(): Promise<void> {
    const woken = await sweepLostClaims(db, keyring, clock.now(), tools.random)
    for (const webhookId of woken) ready.add(webhookId)
    forgetIdleEndpoints()
    if (woken.length > 0) await lookForWork()
  }

  function forgetIdleEndpoints(): void {
    const now = clock.now()
    for (const [webhookId, { flights, provenUntil, slow }] of endpoints) {
      if (flights.size === 0 && now >= provenUntil && !slow && !ready.has(webhookId)) endpoints.delete(webhookId)
    }
  }

  function every(milliseconds: number, work: () => Promise<void>, name: string): void {
    let running = false
    const timer = setInterval(() => {
      if (running) return
      running = true
      work()
        .catch((error: unknown) => log.warn({ err: error, work: name }, "delivery work failed; it goes on"))
        .finally(() => {
          running = false
        })
    }, milliseconds)
    timers.push(timer.unref())
  }

  function giveBackUnfinished(): void {
    const now = clock.now()
    for (const { claimed, startedAt } of held.values()) {
      results.add(interruptedAttempt(claimed, { startedAt, endedAt: now }, tools.random))
    }
    held.clear()
  }

  return {
    start: () => {
      every(pollEveryMs, lookForWork, "poll")
      every(sweepEveryMs, sweep, "sweep")
      every(heartbeatEveryMs, heartbeat, "heartbeat")
      lookForWork().catch((error: unknown) => log.warn({ err: error }, "the first look for deliveries failed"))
    },
    wake: (webhookIds) => {
      if (stopping) return
      if (webhookIds?.every((id) => endpoints.has(id)) === true) {
        for (const id of webhookIds) ready.add(id)
        pump()
      } else lookForWork().catch((error: unknown) => log.warn({ err: error }, "a look for deliveries failed"))
    },
    stop: async (patienceMs) => {
      stopping = true
      await pumping
      const patience = Promise.withResolvers<void>()
      const timer = setTimeout(patience.resolve, patienceMs)
      await Promise.race([Promise.all(flying), patience.promise])
      clearTimeout(timer)
      await results.flush()
      giveBackUnfinished()
      await results.flush()
      for (const running of timers) clearInterval(running)
    },
  }
}
