import assert from "node:assert/strict"
import { after, it } from "node:test"
import { testSecret } from "../support/app.ts"
import { onEachEngine } from "../support/engines.ts"
import { startServer } from "../support/processes.ts"
import { startReceiver } from "../support/receiver.ts"
import { startDeliveryGround } from "./delivery-ground.ts"

onEachEngine((engine) => {
  const workers = engine.name === "sqlite" ? "2" : "1"
  const stops: (() => Promise<unknown>)[] = []
  after(async () => {
    for (const stop of stops.reverse()) await stop()
  })

  it("a receiver that hangs does not keep the platform from ending in time, and its call is made again", async () => {
    const receiver = await startReceiver()
    stops.push(receiver.close)
    receiver.answer(() => {})
    const ground = await startDeliveryGround(engine.databaseUrl())
    const id = await ground.webhook({ webhook_url: receiver.url })
    await ground.push([{}])
    await ground.app.stop()
    const env = {
      DATABASE_URL: engine.databaseUrl(),
      SEPAY_SECRET: testSecret,
      WORKERS: workers,
      OUTBOUND_ALLOW: "127.0.0.0/8",
      OUTBOUND_ALLOW_HTTP: "on",
    }
    const server = await startServer({ env })
    stops.push(server.kill9)
    await receiver.waitFor(1)

    const askedAt = performance.now()
    assert.equal(await server.stop(), 0, server.stdout() + server.stderr())
    assert.ok(performance.now() - askedAt < 10_000)

    const again = await startDeliveryGround(engine.databaseUrl())
    stops.push(again.stop)
    const { db } = again.app.context
    const classes = await db.selectFrom("attempts").select("class").where("webhook_id", "=", id).execute()
    assert.deepEqual(classes, [{ class: "interrupted" }])
    const due = await db.selectFrom("delivery_due").select("claim_id").where("webhook_id", "=", id).execute()
    assert.deepEqual(due, [{ claim_id: null }])
  })
})
