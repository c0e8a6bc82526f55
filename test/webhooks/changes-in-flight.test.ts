import assert from "node:assert/strict"
import { afterEach, beforeEach, describe, it } from "node:test"
import { Webhook as StandardWebhook } from "standardwebhooks"
import { sepaySignature } from "../../src/webhooks/signature.ts"
import { onEachEngine } from "../support/engines.ts"
import { type Answering, answerSuccess, answerWith, type Received } from "../support/receiver.ts"
import { type DeliveryLife, holdFirst, startDeliveryLife, until } from "./delivery-life.ts"

const oldSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
const items = (count: number) => Array.from({ length: count }, () => ({}))

onEachEngine((engine) => {
  let life: DeliveryLife
  beforeEach(async () => {
    life = await startDeliveryLife(engine.databaseUrl())
  })
  afterEach(() => life.stop())

  const storedWebhook = (id: number) =>
    life.ground.app.context.db.selectFrom("webhooks").selectAll().where("id", "=", id).executeTakeFirstOrThrow()

  describe("410 (contract/webhooks.md §4, gone)", () => {
    it("switches the webhook off and cancels what waits, which can be replayed once it is on again", async () => {
      const receiver = await life.aReceiver()
      const recorded = Promise.withResolvers<void>()
      receiver.answer((received, response) => void recorded.promise.then(() => answerWith(410)(received, response)))
      const id = await life.ground.webhook({ webhook_url: receiver.url })
      await life.ground.push(items(60))
      recorded.resolve()
      await life.untilNothingIsDue(id)
      const { active, off_reason } = await storedWebhook(id)
      assert.deepEqual([active, off_reason], [0, "gone"])
      const { db } = life.ground.app.context
      const audit = await db.selectFrom("audit_entries").selectAll().where("subject_id", "=", id).execute()
      assert.deepEqual(
        audit.filter((entry) => entry.action === "webhook.switch_off").map((entry) => entry.actor_kind),
        ["system"],
      )
      const log = await life.attempts(id, 60)
      const cancelled = log.filter((row) => row.class === "cancelled")
      const gone = log.filter((row) => row.class === "gone")
      assert.ok(gone.length >= 1 && cancelled.length >= 20, `${gone.length} calls were made`)
      assert.deepEqual([cancelled.length + gone.length, log.length], [60, 60])
      assert.equal(receiver.received.length, gone.length)

      await life.ground.push([{}]) // Off, it gets nothing.
      receiver.answer(answerSuccess)
      await life.call("PATCH", `/webhooks/${id}`, { active: 1 })
      assert.equal((await storedWebhook(id)).off_reason, null)
      const ids = cancelled.slice(0, 20).map((row) => row.n)
      await life.call("POST", "/webhook-logs/replay", { ids })
      await receiver.waitFor(gone.length + ids.length)
      await life.untilNothingIsDue(id)
      const states = (await life.deliveries(id)).map((delivery) => delivery.state)
      assert.equal(states.filter((state) => state === "delivered").length, ids.length)
      assert.equal(states.length, 60 + ids.length)
    })

    it("of an old URL says nothing about the new one", async () => {
      const [old, fresh] = [await life.aReceiver(), await life.aReceiver()]
      const held = holdFirst(old, 1)
      const id = await life.ground.webhook({ webhook_url: old.url })
      await life.ground.push([{}])
      await old.waitFor(1)
      await life.call("PATCH", `/webhooks/${id}`, { webhook_url: fresh.url })
      for (const { received, response } of held) answerWith(410)(received, response)
      await life.attempts(id, 1)
      const { active, off_reason } = await storedWebhook(id)
      assert.deepEqual([active, off_reason], [1, null])
    })
  })

  for (const ending of ["disabled", "deleted"] as const) {
    it(`a webhook that is ${ending} ends what waits as cancelled, and what is in flight is not retried`, async () => {
      const receiver = await life.aReceiver()
      const held = holdFirst(receiver, 4)
      const id = await life.ground.webhook({ webhook_url: receiver.url })
      await life.ground.push(items(9))
      await receiver.waitFor(4)
      if (ending === "disabled") await life.call("PATCH", `/webhooks/${id}`, { active: 0 })
      else await life.call("DELETE", `/webhooks/${id}`)
      for (const [index, { received, response }] of held.entries()) {
        const how = index === 0 ? answerSuccess : answerWith(500)
        how(received, response)
      }
      await until("the calls in flight are logged", async () => {
        return (await life.attempts(id, 4)).filter((row) => row.class !== "cancelled").length === 4
      })
      await until("what waited is cancelled", async () => (await life.due(id)).length === 0)
      life.clock.advance({ minutes: 1 })
      await life.untilNothingIsDue(id)
      const reason = ending === "disabled" ? "webhook_off" : "webhook_deleted"
      const ends = (await life.deliveries(id)).map((delivery) => `${delivery.state} ${delivery.reason}`)
      assert.deepEqual(ends.toSorted(), [
        ...Array<string>(5).fill(`cancelled ${reason}`),
        "delivered null",
        ...Array<string>(3).fill(`failed ${reason}`),
      ])
      assert.equal(receiver.received.length, 4)
    })
  }

  it("the very next attempt uses a new URL and a new key (contract/webhooks.md §12, 8)", async () => {
    const [old, fresh] = [await life.aReceiver(), await life.aReceiver()]
    old.answer(answerWith(500))
    const id = await life.ground.webhook({ webhook_url: old.url, authen_type: "Api_Key", api_key: "first-key-1234567" })
    await life.ground.push([{}])
    await life.attempts(id, 1)
    await life.call("PATCH", `/webhooks/${id}`, { webhook_url: fresh.url, api_key: "second-key-123456" })
    await life.moveToNextDue(id)
    const [received] = await fresh.waitFor(1)
    assert.equal(old.received[0]?.headers["authorization"], "Apikey first-key-1234567")
    assert.equal(received?.headers["authorization"], "Apikey second-key-123456")
    assert.equal(received?.headers["x-delivery-attempt"], "2")
    assert.deepEqual(received?.body, old.received[0]?.body)
    assert.equal(old.received.length, 1)
  })

  describe("a secret that rolls (contract/webhooks.md §2.3)", () => {
    /** As a receiver that knows one secret checks it. */
    const isSignedWith = (secret: string, { headers, body }: Received) =>
      headers["x-sepay-signature"] === sepaySignature(secret, Number(headers["x-sepay-timestamp"]), body)
    const strict =
      (secret: () => string): Answering =>
      (received, response) => {
        const how = isSignedWith(secret(), received) ? answerSuccess : answerWith(401)
        how(received, response)
      }
    /** Whether the published library, knowing this secret alone, would take it; its clock is the simulated one. */
    const libraryTakes = (secret: string, { headers, body }: Received) => {
      const at = new Date(Number(headers["webhook-timestamp"]) * 1000)
      const signature = new StandardWebhook(secret).sign(String(headers["webhook-id"]), at, body.toString())
      return String(headers["webhook-signature"]).split(" ").includes(signature)
    }

    it("loses nothing at a receiver that knows one secret and switches in the midst", async () => {
      const receiver = await life.aReceiver()
      let known = oldSecret
      receiver.answer(strict(() => known))
      const id = await life.ground.webhook({
        ...{ webhook_url: receiver.url, authen_type: "HMAC_SHA256", secret_key: oldSecret },
      })
      await life.ground.push(items(20))
      await life.untilNothingIsDue(id)
      const rolled = await life.call("POST", `/webhooks/${id}/roll-secret`, { window_hours: 24 })
      const newSecret = String(rolled["secret_key"])
      const duringFrom = receiver.received.length
      const load = life.ground.push(items(50))
      await receiver.waitFor(duringFrom + 10)
      known = newSecret // In the midst of the load.
      await load
      await life.ground.push(items(10))
      for (let retries = 0; (await life.due(id)).length > 0; retries++) {
        assert.ok(retries < 3, "more than two retries")
        await until("all calls are answered", async () => {
          const now = life.clock.now()
          return (await life.due(id)).every((row) => row.claim_id === null && row.due_at > now)
        })
        life.clock.advance({ minutes: 1 })
        await until("the retries are made", async () => {
          const now = life.clock.now()
          return (await life.due(id)).every((row) => row.claim_id === null && row.due_at > now)
        })
      }
      assert.deepEqual([...new Set((await life.deliveries(id)).map(({ state }) => state))], ["delivered"])
      assert.equal((await storedWebhook(id)).new_secret_active, 1)
      for (const received of receiver.received.slice(duringFrom)) {
        assert.ok(libraryTakes(oldSecret, received) && libraryTakes(newSecret, received), "a signature is missing")
      }

      life.clock.advance({ hours: 24 })
      const afterFrom = receiver.received.length
      await life.ground.push(items(30))
      await life.untilNothingIsDue(id)
      const afterwards = receiver.received.slice(afterFrom)
      assert.equal(afterwards.length, 30)
      for (const received of afterwards) {
        assert.ok(isSignedWith(newSecret, received) && libraryTakes(newSecret, received))
        assert.ok(!libraryTakes(oldSecret, received) && !isSignedWith(oldSecret, received), "the old secret lives on")
      }
    })
  })

  it("a 401 drops the token of an OAuth2.0 webhook, and the next attempt fetches another (contract/webhooks.md §2.4)", async () => {
    const [receiver, tokens] = [await life.aReceiver(), await life.aReceiver()]
    let issued = 0
    tokens.answer((_received, response) => {
      issued += 1
      const answer = { access_token: `token-${issued}`, token_type: "Bearer", expires_in: 3600 }
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer))
    })
    receiver.answer((received, response) => {
      const isRevoked = issued === 1 && receiver.received.length > 2
      const how = isRevoked ? answerWith(401) : answerSuccess
      how(received, response)
    })
    const id = await life.ground.webhook({
      webhook_url: receiver.url,
      ...{ authen_type: "OAuth2.0", oauth2_access_token_url: `${tokens.url}/token` },
      ...{ oauth2_client_id: "shop", oauth2_client_secret: "s3cret" },
    })
    for (let push = 1; push <= 3; push++) {
      await life.ground.push([{}])
      await life.attempts(id, push)
    }
    await life.moveToNextDue(id)
    await life.untilNothingIsDue(id)
    assert.deepEqual(
      receiver.received.map(({ headers }) => headers["authorization"]),
      ["Bearer token-1", "Bearer token-1", "Bearer token-1", "Bearer token-2"],
    )
    assert.equal(tokens.received.length, 2)
    assert.deepEqual([...new Set((await life.deliveries(id)).map(({ state }) => state))], ["delivered"])
  })
})
