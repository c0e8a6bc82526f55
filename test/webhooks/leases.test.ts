import assert from "node:assert/strict"
import type { ServerResponse } from "node:http"
import { afterEach, describe, it } from "node:test"
import { type Instant, instantAfter } from "../../src/clock.ts"
import { DatabaseUnavailable, transaction } from "../../src/database/engine.ts"
import type { WebhookId } from "../../src/ids.ts"
import { claimDeliveries, leaseMs } from "../../src/webhooks/claim-deliveries.ts"
import { attemptDelivery } from "../../src/webhooks/deliver.ts"
import type { ClaimedDelivery } from "../../src/webhooks/delivery.ts"
import { recordAttempts } from "../../src/webhooks/delivery-results.ts"
import { createDeliveryTools } from "../../src/webhooks/delivery-service.ts"
import { createHeldClaims } from "../../src/webhooks/held-claims.ts"
import { createResultWriter } from "../../src/webhooks/result-writer.ts"
import { sweepLostClaims } from "../../src/webhooks/sweep-deliveries.ts"
import { startApp, type TestApp, testSecret } from "../support/app.ts"
import { makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import { startOAuthServer } from "../support/oauth-processes.ts"
import { answerSuccess, answerWith, type Receiver, startReceiver } from "../support/receiver.ts"
import { type DeliveryGround, startDeliveryGround } from "./delivery-ground.ts"

const deliveredOnce = { state: "delivered", reason: null }

onEachEngine((engine) => {
  const grounds: DeliveryGround[] = []
  const apps: TestApp[] = []
  const receivers: Receiver[] = []
  afterEach(async () => {
    // First, so that nobody waits for a request that hangs.
    for (const receiver of receivers.splice(0)) await receiver.close()
    for (const app of apps.splice(0)) await app.stop()
    for (const ground of grounds.splice(0)) await ground.stop()
  })
  const aGround = async (options: Parameters<typeof startDeliveryGround>[1] = {}) => {
    const ground = await startDeliveryGround(engine.databaseUrl(), options)
    grounds.push(ground)
    return ground
  }
  /** Another node on the same database. */
  const anotherNode = async (clock?: ReturnType<typeof makeFakeClock>) => {
    const env = { OUTBOUND_ALLOW_HTTP: "on" }
    const app = await startApp({ databaseUrl: engine.databaseUrl(), env, ...(clock !== undefined && { clock }) })
    apps.push(app)
    return app
  }
  const aReceiver = async () => {
    const receiver = await startReceiver()
    receivers.push(receiver)
    return receiver
  }
  /** The first so many requests hang until they are answered by hand; later ones are answered at once. */
  const hangFirst = (receiver: Receiver, count: number): ServerResponse[] => {
    const hanging: ServerResponse[] = []
    receiver.answer((received, response) => {
      if (hanging.length < count) hanging.push(response)
      else answerSuccess(received, response)
    })
    return hanging
  }
  const dueOf = (ground: DeliveryGround, webhookId: number) =>
    ground.app.context.db.selectFrom("delivery_due").selectAll().where("webhook_id", "=", webhookId).execute()
  const endsOf = (ground: DeliveryGround, webhookId: number) =>
    ground.app.context.db
      .selectFrom("deliveries")
      .select(["state", "reason"])
      .where("webhook_id", "=", webhookId)
      .orderBy("id")
      .execute()
  const storyOf = async (ground: DeliveryGround, webhookId: number, rows: number) =>
    (await ground.log(webhookId, rows)).map((row) => [row.attempt, row.class, row.next_retry_at === null])

  describe("a worker that stalls beyond its lease (contract/webhooks.md §7)", () => {
    it("finds its result late when it wakes: the new owner's stands", async () => {
      const clock = makeFakeClock()
      const stalled = await aGround({ clock })
      const receiver = await aReceiver()
      const hanging = hangFirst(receiver, 1)
      const webhookId = await stalled.webhook({ webhook_url: receiver.url })
      stalled.app.worker.start()
      await stalled.push([{}])
      await receiver.waitFor(1)
      // Its own clock stands still, as a process does that gets no time: only the other sees that the lease ran out.
      const ahead = makeFakeClock(instantAfter(clock.now(), leaseMs + 1))
      const other = await anotherNode(ahead)
      other.worker.start()
      await receiver.waitFor(2)
      await stalled.log(webhookId, 2)
      answerWith(500)(receiver.received[0] ?? assert.fail(), hanging[0] ?? assert.fail())
      assert.deepEqual(await storyOf(stalled, webhookId, 3), [
        [1, "interrupted", false],
        [2, "ok", true],
        [1, "late", true],
      ])
      assert.deepEqual(await endsOf(stalled, webhookId), [deliveredOnce])
      assert.deepEqual(await dueOf(stalled, webhookId), [])
    })

    it("is told so too when it is itself the new owner", async () => {
      const clock = makeFakeClock()
      const ground = await aGround({ clock })
      const receiver = await aReceiver()
      const hanging = hangFirst(receiver, 1)
      const webhookId = await ground.webhook({ webhook_url: receiver.url })
      ground.app.worker.start()
      await ground.push([{}])
      await receiver.waitFor(1)
      clock.advance({ milliseconds: leaseMs + 1 })
      await receiver.waitFor(2)
      await ground.log(webhookId, 2)
      answerSuccess(receiver.received[0] ?? assert.fail(), hanging[0] ?? assert.fail())
      const story = await storyOf(ground, webhookId, 3)
      assert.deepEqual(
        story.map(([attempt, name]) => [attempt, name]),
        [
          [1, "interrupted"],
          [2, "ok"],
          [1, "late"],
        ],
      )
      assert.deepEqual(await endsOf(ground, webhookId), [deliveredOnce])
    })
  })

  describe("claims of one delivery by two", () => {
    /** A delivery that was claimed, lost and claimed again. */
    async function claimedTwice(ground: DeliveryGround, webhookId: number) {
      const { db, config, clock } = ground.app.context
      const wish = { webhookId: webhookId as WebhookId, all: 1, retry: 1 }
      const claimAt = async (now: Instant): Promise<ClaimedDelivery> => {
        const { claimed } = await claimDeliveries(db, config.keyring, now, [wish])
        return claimed[0] ?? assert.fail("nothing was claimed")
      }
      const first = await claimAt(clock.now())
      const lostAt = instantAfter(clock.now(), leaseMs + 1)
      assert.equal(await sweepLostClaims(db, config.keyring, lostAt, Math.random), 1)
      return { first, second: await claimAt(lostAt), lostAt }
    }

    it("a heartbeat renews its own lease and not that of the new owner", async () => {
      const ground = await aGround({ clock: makeFakeClock() })
      const webhookId = await ground.webhook({ webhook_url: (await aReceiver()).url })
      await ground.push([{}])
      const { db } = ground.app.context
      const { first, second, lostAt } = await claimedTwice(ground, webhookId)
      const [old, owner] = [createHeldClaims(), createHeldClaims()]
      old.add(first, lostAt)
      owner.add(second, lostAt)
      const until = async () => (await dueOf(ground, webhookId)).map((row) => [row.claim_id, row.lease_until])
      await old.renew(db, instantAfter(lostAt, 5000))
      assert.deepEqual(await until(), [[second.claimId, lostAt + leaseMs]])
      await owner.renew(db, instantAfter(lostAt, 10_000))
      assert.deepEqual(await until(), [[second.claimId, lostAt + 10_000 + leaseMs]])
    })

    for (const order of ["before", "behind"] as const) {
      it(`a late result ${order} the new owner's in one batch changes nothing`, async () => {
        const ground = await aGround({ clock: makeFakeClock() })
        const receiver = await aReceiver()
        const webhookId = await ground.webhook({ webhook_url: receiver.url, retry_conditions: [] })
        await ground.push([{}])
        const { first, second } = await claimedTwice(ground, webhookId)
        const tools = createDeliveryTools(ground.app.context)
        receiver.answer(answerWith(500))
        const late = await attemptDelivery(tools, first)
        receiver.answer(answerSuccess)
        const standing = await attemptDelivery(tools, second)
        const batch = order === "before" ? [late, standing] : [standing, late]
        await transaction(ground.app.context.db, (tx) => recordAttempts(tx, batch, async () => {}))
        const classes = (await ground.log(webhookId, 3)).map((row) => [row.attempt, row.class])
        assert.deepEqual(
          classes.toSorted((a, b) => String(a[1]).localeCompare(String(b[1]))),
          [
            [1, "interrupted"],
            [1, "late"],
            [2, "ok"],
          ],
        )
        assert.deepEqual(await endsOf(ground, webhookId), [deliveredOnce])
      })
    }
  })

  it("two nodes that start on one backlog never claim the same row", async () => {
    const ground = await aGround()
    const [receiver, neighbour] = [await aReceiver(), await aReceiver()]
    const ids = [
      await ground.webhook({ webhook_url: receiver.url }),
      await ground.webhook({ webhook_url: neighbour.url }),
    ]
    for (let call = 0; call < 6; call++) await ground.push(Array.from({ length: 50 }, () => ({})))
    const other = await anotherNode()
    ground.app.worker.start()
    other.worker.start()
    const received = [...(await receiver.waitFor(300)), ...(await neighbour.waitFor(300))]
    await untilNothingIsDue(ground, ids)
    assert.equal(received.length, 600)
    assert.equal(new Set(received.map(({ headers }) => headers["x-delivery-id"])).size, 600)
    const { db } = ground.app.context
    const log = await db
      .selectFrom("attempts")
      .select(["class", "attempt_number"])
      .where("webhook_id", "in", ids)
      .execute()
    assert.equal(log.length, 600)
    for (const row of log) assert.deepEqual([row.class, row.attempt_number], ["ok", 1])
    for (const { context } of [ground.app, other]) {
      const { values } = await context.metrics.webhookAttempts.get()
      assert.ok((values[0]?.value ?? 0) > 0, "one of them had nothing to do")
    }
  })

  it("a node that stops gives its claims back, and another makes them again at once", async () => {
    const ground = await aGround()
    const receiver = await aReceiver()
    hangFirst(receiver, 4)
    const webhookId = await ground.webhook({ webhook_url: receiver.url })
    await ground.push(Array.from({ length: 20 }, () => ({})))
    ground.app.worker.start()
    await receiver.waitFor(4)
    await ground.app.worker.stop(0)
    const due = await dueOf(ground, webhookId)
    assert.deepEqual([due.length, due.filter((row) => row.claim_id !== null).length], [20, 0])
    const startedAt = performance.now()
    ;(await anotherNode()).worker.start()
    await receiver.waitFor(24)
    await untilNothingIsDue(ground, [webhookId])
    assert.ok(performance.now() - startedAt < leaseMs / 2, "the leases were waited for")
    assert.deepEqual(await endsOf(ground, webhookId), Array(20).fill(deliveredOnce))
    const story = await storyOf(ground, webhookId, 24)
    assert.equal(story.filter(([, name]) => name === "interrupted").length, 4)
    assert.equal(story.filter(([, name]) => name === "ok").length, 20)
  })

  it("a receiver that hangs does not keep a process from ending: it exits 0 and gives the claim back", async () => {
    const ground = await aGround()
    const receiver = await aReceiver()
    hangFirst(receiver, 1)
    const webhookId = await ground.webhook({ webhook_url: receiver.url })
    await ground.push([{}])
    const server = await startOAuthServer(engine.databaseUrl(), {
      SEPAY_SECRET: testSecret,
      OUTBOUND_ALLOW: "127.0.0.0/8",
      OUTBOUND_ALLOW_HTTP: "on",
    })
    await receiver.waitFor(1)
    assert.equal(await server.stop(), 0)
    assert.deepEqual(
      (await dueOf(ground, webhookId)).map((row) => [row.claim_id, row.lease_until]),
      [[null, null]],
    )
  })

  async function untilNothingIsDue(ground: DeliveryGround, webhookIds: readonly number[]): Promise<void> {
    const deadline = performance.now() + 20_000
    for (const webhookId of webhookIds) {
      while ((await dueOf(ground, webhookId)).length > 0) {
        assert.ok(performance.now() < deadline, "there is work left")
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    }
  }
})

describe("the writer of results", () => {
  it("gives up what can never be written, and only that; all else is tried again until it is written", async () => {
    const written: string[] = []
    const givenUp: string[] = []
    let away = 3
    const writer = createResultWriter<string>(
      async (items) => {
        if (away > 0) {
          away -= 1
          throw new DatabaseUnavailable("away")
        }
        if (items.includes("bad")) throw new Error("a bug")
        written.push(...items)
      },
      () => {},
      (item) => givenUp.push(item),
    )
    for (const item of ["a", "bad", "b", "c"]) writer.add(item)
    while (writer.waiting() > 0 || written.length < 3) await writer.flush()
    assert.deepEqual(written.toSorted(), ["a", "b", "c"])
    assert.deepEqual(givenUp, ["bad"])
    assert.equal(away, 0)
  })
})
