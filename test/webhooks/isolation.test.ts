import assert from "node:assert/strict"
import { afterEach, describe, it } from "node:test"
import fc from "fast-check"
import type { Instant } from "../../src/clock.ts"
import type { WebhookId } from "../../src/ids.ts"
import {
  beginFlight,
  countUsage,
  type Endpoint,
  endFlight,
  isSlow,
  newEndpoint,
  reserve,
  roomOf,
} from "../../src/webhooks/lanes.ts"
import { onEachEngine } from "../support/engines.ts"
import { answerSuccess, type Receiver } from "../support/receiver.ts"
import { type DeliveryLife, type HeldRequest, startDeliveryLife, until } from "./delivery-life.ts"

const items = (count: number) => Array.from({ length: count }, () => ({}))

/** What hangs at a receiver, and the most that ever did at once, by path. */
function watchHanging(receiver: Receiver) {
  const held: HeldRequest[] = []
  const open = new Map<string, number>()
  const most = new Map<string, number>()
  let mostInAll = 0
  let hangs = true
  receiver.answer((received, response) => {
    const { path } = received
    const count = (by: number) => {
      open.set(path, (open.get(path) ?? 0) + by)
      most.set(path, Math.max(most.get(path) ?? 0, open.get(path) ?? 0))
      mostInAll = Math.max(
        mostInAll,
        [...open.values()].reduce((sum, one) => sum + one, 0),
      )
    }
    count(1)
    response.once("close", () => count(-1))
    if (hangs) held.push({ received, response })
    else answerSuccess(received, response)
  })
  return {
    held,
    mostOf: () => Math.max(...most.values()),
    mostInAll: () => mostInAll,
    paths: () => most.size,
    answerHeld: (count: number) => {
      for (const { received, response } of held.splice(0, count)) answerSuccess(received, response)
    },
    hangNoMore: () => {
      hangs = false
    },
  }
}

onEachEngine((engine) => {
  let life: DeliveryLife
  afterEach(() => life.stop())

  describe("endpoints that hang (contract/webhooks.md §7.1)", () => {
    it("one of ten holds 4 calls, 2 once they take long, and none of its neighbours' deliveries", async () => {
      life = await startDeliveryLife(engine.databaseUrl())
      const [healthy, hanging] = [await life.aReceiver(), await life.aReceiver()]
      const watch = watchHanging(hanging)
      const id = await life.ground.webhook({ webhook_url: hanging.url })
      for (let index = 0; index < 9; index++) await life.ground.webhook({ webhook_url: `${healthy.url}/${index}` })
      await life.ground.push(items(30))
      await healthy.waitFor(9 * 30)
      await hanging.waitFor(4)
      assert.equal(watch.mostOf(), 4)

      life.clock.advance({ seconds: 6 })
      watch.answerHeld(2)
      await life.attempts(id, 2)
      watch.answerHeld(2) // Slow now: it gets two in their place.
      await hanging.waitFor(6)
      await life.ground.push(items(10))
      await healthy.waitFor(9 * 40)
      assert.equal(watch.held.length, 2)

      watch.hangNoMore() // Three quick answers, and it is as quick as before.
      watch.answerHeld(2)
      await life.untilNothingIsDue(id)
      const logged = await life.attempts(id, 40)
      assert.deepEqual([...new Set(logged.map((row) => row.class))], ["ok"])
      assert.equal(logged.length, 40)
    })

    it("a hundred hold no more than their caps, and the healthy ones are delivered meanwhile", async () => {
      life = await startDeliveryLife(engine.databaseUrl(), { env: { WEBHOOK_LIMIT: "200" } })
      const [healthy, hanging] = [await life.aReceiver(), await life.aReceiver()]
      const watch = watchHanging(hanging)
      for (let index = 0; index < 100; index++) await life.ground.webhook({ webhook_url: `${hanging.url}/${index}` })
      for (let index = 0; index < 9; index++) await life.ground.webhook({ webhook_url: `${healthy.url}/${index}` })
      await life.ground.push(items(5))
      const areDelivered = () => healthy.received.length === 45
      // One call of each new endpoint goes first, so those that answer are known at once, and wait for nobody.
      await until("the healthy ones have all of theirs", areDelivered)
      assert.ok(hanging.received.length <= 128, `${hanging.received.length} of 256 slots`)
      // What has taken 5 s counts against the slow pool, and its endpoint gets no more of the fast one.
      life.clock.advance({ seconds: 6 })
      await until("every other one has its calls", () => watch.paths() === 100)
      assert.ok(watch.mostOf() <= 4, `${watch.mostOf()} at one endpoint`)

      life.clock.advance({ seconds: 6 })
      await life.ground.push(items(5))
      await healthy.waitFor(90)
      assert.ok(watch.mostOf() <= 4, `${watch.mostOf()} at one endpoint`)
      assert.ok(hanging.received.length <= 400)
    })

    it("those of test mode hold a tenth of the pool", async () => {
      life = await startDeliveryLife(engine.databaseUrl(), { mode: "test" })
      const hanging = await life.aReceiver()
      const watch = watchHanging(hanging)
      const ids: number[] = []
      for (let index = 0; index < 20; index++)
        ids.push(await life.ground.webhook({ webhook_url: `${hanging.url}/${index}` }))
      await life.ground.push(items(4))
      await hanging.waitFor(25)
      watch.hangNoMore()
      watch.answerHeld(25)
      await hanging.waitFor(80)
      for (const id of ids) await life.untilNothingIsDue(id)
      assert.equal(watch.mostInAll(), 25)
      assert.equal(hanging.received.length, 80)
    })
  })
})

describe("lanes", () => {
  const limits = { fast: 40, slow: 12, endpoint: 9 }
  const at = (milliseconds: number) => (1_000_000 + milliseconds) as Instant
  const command = fc.oneof(
    fc.record({ kind: fc.constant("claim" as const), first: fc.nat(70), retry: fc.nat(70) }),
    fc.record({ kind: fc.constant("land" as const), which: fc.nat(), delivered: fc.boolean() }),
    fc.record({ kind: fc.constant("wait" as const), ms: fc.constantFrom(1, 500, 1999, 2500, 5001, 60_000, 301_000) }),
  )

  function claim(endpoints: readonly Endpoint[], wanted: { first: number; retry: number }, now: Instant): void {
    const usage = countUsage(endpoints, now)
    for (const endpoint of endpoints) {
      const slow = isSlow(endpoint, now)
      const cap = slow ? 2 : now < endpoint.provenUntil ? limits.endpoint : 4
      const room = roomOf(endpoint, usage, limits, now)
      const retry = Math.min(wanted.retry, room.retry)
      const first = Math.min(wanted.first, room.all - retry)
      reserve(usage, endpoint, { first, retry }, now)
      for (let index = 0; index < retry; index++) beginFlight(endpoint, "retry", now)
      for (let index = 0; index < first; index++) beginFlight(endpoint, "first", now)
      if (first + retry === 0) continue
      assert.ok(endpoint.flights.size <= cap, `${endpoint.flights.size} of ${cap}`)
      const after = countUsage(endpoints, now)
      if (slow) assert.ok(after.slow <= limits.slow)
      else {
        assert.ok(after.fast <= limits.fast)
        if (retry > 0) assert.ok(after.fastRetries <= limits.fast / 4)
      }
      if (endpoint.mode === "test") assert.ok((slow ? after.slowTest : after.fastTest) <= (slow ? 1 : limits.fast / 10))
      assert.deepEqual({ ...usage }, after) // What was reserved is what began.
    }
  }

  it("never begin more than pool, share and endpoint allow, whatever happens", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.array(command, { maxLength: 60 }), (count, commands) => {
        const endpoints = Array.from({ length: count }, (_, index) => {
          return newEndpoint((index + 1) as WebhookId, index % 3 === 2 ? "test" : "live")
        })
        let now = 0
        for (const step of commands) {
          if (step.kind === "claim") claim(endpoints, step, at(now))
          else if (step.kind === "wait") now += step.ms
          else {
            const flying = endpoints.flatMap((endpoint) =>
              [...endpoint.flights].map((flight) => ({ endpoint, flight })),
            )
            const landing = flying[step.which % Math.max(1, flying.length)]
            if (landing !== undefined) endFlight(landing.endpoint, landing.flight, step.delivered, at(now))
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  const contractLimits = { fast: 256, slow: 1024, endpoint: 64 }
  const roomNow = (endpoint: Endpoint, now: Instant) =>
    roomOf(endpoint, countUsage([endpoint], now), contractLimits, now)
  const call = (endpoint: Endpoint, from: number, tookMs: number, delivered = true) =>
    endFlight(endpoint, beginFlight(endpoint, "first", at(from)), delivered, at(from + tookMs))

  it("give 64 calls to an endpoint that delivered in the last five minutes, else 4", () => {
    const endpoint = newEndpoint(1 as WebhookId, "live")
    assert.equal(roomNow(endpoint, at(0)).all, 4)
    call(endpoint, 0, 10, false)
    assert.equal(roomNow(endpoint, at(10)).all, 4)
    call(endpoint, 10, 10)
    assert.equal(roomNow(endpoint, at(20)).all, 64)
    assert.equal(roomNow(endpoint, at(20 + 299_999)).all, 64)
    assert.equal(roomNow(endpoint, at(20 + 300_000)).all, 4)
  })

  it("give 2 to one whose call takes longer than 5 s, and let it go after three quick answers in a row", () => {
    const endpoint = newEndpoint(1 as WebhookId, "live")
    call(endpoint, 0, 10)
    const flight = beginFlight(endpoint, "first", at(20))
    assert.equal(roomNow(endpoint, at(5020)).all, 63)
    assert.equal(roomNow(endpoint, at(5021)).all, 1)
    endFlight(endpoint, flight, true, at(5021))
    assert.equal(roomNow(endpoint, at(5021)).all, 2)
    for (const tookMs of [10, 10, 2000, 10, 10]) {
      call(endpoint, 6000, tookMs)
      assert.equal(roomNow(endpoint, at(9000)).all, 2)
    }
    call(endpoint, 9000, 1999)
    assert.equal(roomNow(endpoint, at(11_000)).all, 64)
  })

  it("count a call against the slow pool once it takes longer than 5 s", () => {
    const endpoint = newEndpoint(1 as WebhookId, "live")
    beginFlight(endpoint, "retry", at(0))
    assert.deepEqual(countUsage([endpoint], at(5000)), {
      fast: 1,
      fastUnproven: 1,
      fastRetries: 1,
      fastTest: 0,
      slow: 0,
      slowTest: 0,
    })
    assert.deepEqual(countUsage([endpoint], at(5001)), {
      fast: 0,
      fastUnproven: 0,
      fastRetries: 0,
      fastTest: 0,
      slow: 1,
      slowTest: 0,
    })
  })

  it("leave half of the fast pool to endpoints that have proven themselves, however many new ones there are", () => {
    const fresh = Array.from({ length: 100 }, (_, index) => newEndpoint((index + 2) as WebhookId, "live"))
    const proven = newEndpoint(1 as WebhookId, "live")
    call(proven, 0, 10)
    const all = [proven, ...fresh]
    for (const endpoint of fresh) {
      const room = roomOf(endpoint, countUsage(all, at(100)), contractLimits, at(100))
      for (let count = 0; count < room.all; count++) beginFlight(endpoint, "first", at(100))
    }
    const usage = countUsage(all, at(100))
    assert.deepEqual([usage.fast, usage.fastUnproven], [128, 128])
    assert.equal(roomOf(proven, usage, contractLimits, at(100)).all, 64)
  })
})
