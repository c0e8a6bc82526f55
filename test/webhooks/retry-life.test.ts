import assert from "node:assert/strict"
import { afterEach, beforeEach, describe, it } from "node:test"
import { onEachEngine } from "../support/engines.ts"
import { answerSuccess, answerWith } from "../support/receiver.ts"
import { type DeliveryLife, startDeliveryLife } from "./delivery-life.ts"

const minuteMs = 60_000
const waitsMs = [1, 1, 2, 3, 5, 8, 13].map((minutes) => minutes * minuteMs)

onEachEngine((engine) => {
  let life: DeliveryLife
  beforeEach(async () => {
    life = await startDeliveryLife(engine.databaseUrl())
  })
  afterEach(() => life.stop())

  describe("a delivery that always fails (contract/webhooks.md §5)", () => {
    it("has eight attempts, each exactly when it is due, and has failed after them", async () => {
      const receiver = await life.aReceiver()
      receiver.answer(answerWith(500))
      const webhookId = await life.ground.webhook({ webhook_url: receiver.url })
      const createdAt = life.clock.now()
      await life.ground.push([{}])
      for (const _ of waitsMs) await life.moveToNextDue(webhookId)
      await life.untilNothingIsDue(webhookId)
      const log = await life.attempts(webhookId, 8)
      let startsAt: number = createdAt
      for (const [index, row] of log.entries()) {
        const waitMs = waitsMs[index]
        const next = waitMs === undefined ? null : row.ended_at + waitMs
        assert.deepEqual(
          [row.attempt_number, row.class, row.started_at, row.next_retry_at],
          [index + 1, "http_error", startsAt, next],
        )
        startsAt = next ?? startsAt
      }
      assert.equal(log.length, 8)
      assert.equal(startsAt - createdAt, 33 * minuteMs)
      assert.deepEqual(await life.deliveries(webhookId), [{ state: "failed", reason: "exhausted" }])
      assert.equal(receiver.received.length, 8)
      assert.equal(new Set(receiver.received.map(({ body }) => body.toString())).size, 1)
    })

    it("waits as long as a 503 asks, an hour at most, and never starts later than 5 h after it was made", async () => {
      const receiver = await life.aReceiver()
      receiver.answer(answerWith(503, "", { "retry-after": "7200" }))
      const webhookId = await life.ground.webhook({ webhook_url: receiver.url })
      const createdAt = life.clock.now()
      await life.ground.push([{}])
      for (let retry = 1; retry <= 5; retry++) await life.moveToNextDue(webhookId)
      await life.untilNothingIsDue(webhookId)
      const log = await life.attempts(webhookId, 6)
      assert.deepEqual(
        log.map((row) => (row.started_at - createdAt) / (60 * minuteMs)),
        [0, 1, 2, 3, 4, 5],
      )
      assert.deepEqual(await life.deliveries(webhookId), [{ state: "failed", reason: "expired" }])
    })

    it("waits for a date, and not less than the schedule for a short wish", async () => {
      const receiver = await life.aReceiver()
      const wishedAt = life.clock.now() + 10 * minuteMs
      const wishes = [new Date(wishedAt).toUTCString(), "5"]
      receiver.answer((received, response) => {
        const wish = wishes.shift()
        const how = wish === undefined ? answerSuccess : answerWith(429, "", { "retry-after": wish })
        how(received, response)
      })
      const webhookId = await life.ground.webhook({ webhook_url: receiver.url })
      await life.ground.push([{}])
      await life.moveToNextDue(webhookId)
      assert.equal(life.clock.now(), wishedAt)
      await life.attempts(webhookId, 2)
      await life.moveToNextDue(webhookId)
      assert.equal(life.clock.now(), wishedAt + minuteMs)
      await life.untilNothingIsDue(webhookId)
      assert.deepEqual(await life.deliveries(webhookId), [{ state: "delivered", reason: null }])
    })

    it("fails at once with retries off", async () => {
      const receiver = await life.aReceiver()
      receiver.answer(answerWith(500))
      const webhookId = await life.ground.webhook({ webhook_url: receiver.url, retry_conditions: [] })
      await life.ground.push([{}])
      const [row] = await life.attempts(webhookId, 1)
      assert.deepEqual([row?.class, row?.next_retry_at], ["http_error", null])
      await life.untilNothingIsDue(webhookId)
      assert.deepEqual(await life.deliveries(webhookId), [{ state: "failed", reason: "retry_off" }])
    })

    it("is tried again after a wrong body only where the webhook wants that (contract/webhooks.md §4)", async () => {
      const receiver = await life.aReceiver()
      receiver.answer(answerWith(200, "ok"))
      const plain = await life.ground.webhook({ webhook_url: receiver.url })
      const stubborn = await life.ground.webhook({ webhook_url: receiver.url, retry_wrong_body: 1 })
      await life.ground.push([{}])
      const [final] = await life.attempts(plain, 1)
      assert.deepEqual([final?.class, final?.next_retry_at], ["wrong_body", null])
      await life.untilNothingIsDue(plain)
      assert.deepEqual(await life.deliveries(plain), [{ state: "failed", reason: "wrong_body" }])
      await life.moveToNextDue(stubborn)
      receiver.answer(answerSuccess)
      await life.untilNothingIsDue(stubborn)
      assert.deepEqual(await life.deliveries(stubborn), [{ state: "delivered", reason: null }])
    })
  })

  it("after an outage of six hours a first attempt is still made, and a retry that was due in it is not", async () => {
    const receiver = await life.aReceiver()
    receiver.answer(answerWith(500))
    const webhookId = await life.ground.webhook({ webhook_url: receiver.url })
    await life.ground.push([{}])
    await life.attempts(webhookId, 1)
    await life.ground.app.worker.stop(0)
    await life.ground.push([{}])
    life.clock.advance({ hours: 6 })
    receiver.answer(answerSuccess)
    const node = await life.anotherNode()
    node.worker.start()
    await life.untilNothingIsDue(webhookId)
    assert.deepEqual(await life.deliveries(webhookId), [
      { state: "failed", reason: "expired" },
      { state: "delivered", reason: null },
    ])
    assert.equal(receiver.received.length, 2)
  })
})
