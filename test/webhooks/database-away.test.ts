import assert from "node:assert/strict"
import type { ServerResponse } from "node:http"
import { after, before, describe, it } from "node:test"
import { sql } from "kysely"
import type { Database } from "../../src/database/engine.ts"
import { migrateToLatest } from "../../src/database/migrate.ts"
import { closeDatabase, openDatabase } from "../../src/database/open-database.ts"
import { type PostgresServer, startPostgres } from "../support/postgres.ts"
import { answerSuccess, type Received, type Receiver, startReceiver } from "../support/receiver.ts"
import { type DeliveryGround, startDeliveryGround } from "./delivery-ground.ts"

const pushers = 3
const answeredBefore = 60
const withinMs = 20_000

describe("while PostgreSQL is away under load", () => {
  let postgres: PostgresServer
  let ground: DeliveryGround
  let receiver: Receiver
  let listening: Database
  let heard = 0
  before(async () => {
    postgres = await startPostgres()
    listening = await openDatabase({ url: postgres.url })
    await migrateToLatest(listening)
    listening.engine.listen("deliveries", () => {
      heard += 1
    })
    ground = await startDeliveryGround(postgres.url)
    receiver = await startReceiver()
    ground.app.worker.start()
  })
  after(async () => {
    await receiver.close()
    await ground.stop()
    await closeDatabase(listening)
    await postgres.stop()
  })

  it("no delivery is lost, results wait until they are written, and all goes on by itself (contract/webhooks.md §12, 3)", async (t) => {
    const webhookId = await ground.webhook({ webhook_url: receiver.url })
    const answered: number[] = []
    const held: { received: Received; response: ServerResponse }[] = []
    let holds = false
    receiver.answer((received, response) => {
      if (holds) held.push({ received, response })
      else answerSuccess(received, response)
    })
    let pushing = true
    let failures = 0
    const pushOn = async () => {
      while (pushing) {
        const ids = await ground.push([{}, {}]).catch(() => [])
        if (ids.length === 0) {
          failures += 1
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
        answered.push(...ids)
      }
    }
    const load = Promise.all(Array.from({ length: pushers }, pushOn))
    await until("the load runs", async () => answered.length >= answeredBefore)
    holds = true
    await until("calls are under way", async () => held.length >= 4)
    await postgres.crash()
    await until("the platform notices", async () => failures > 0)
    // Their results come while nobody can write them.
    holds = false
    const waiting = held.splice(0)
    for (const { received, response } of waiting) answerSuccess(received, response)
    await until("a result could not be written", async () =>
      ground.app.logLines.some((line) => line.includes("delivery results could not be written")),
    )
    await postgres.start()
    const before = answered.length
    await until("the load goes on", async () => answered.length > before + answeredBefore)
    pushing = false
    await load
    await checkNothingIsLost(webhookId, answered)
    const { db } = ground.app.context
    for (const { received } of waiting) {
      const log = await db
        .selectFrom("attempts")
        .select(["attempt_number", "class"])
        .where("delivery_uuid", "=", String(received.headers["x-delivery-id"]))
        .execute()
      assert.deepEqual(log, [{ attempt_number: 1, class: "ok" }])
    }
    t.diagnostic(JSON.stringify({ answered: answered.length, failures, resultsThatWaited: waiting.length }))
  })

  it("its notifications are heard again afterwards", async () => {
    await until("both listen again", async () => (await countListening()) === 2)
    const before = heard
    await ground.push([{}])
    await until("the wake-up comes", async () => heard > before)
  })

  async function countListening(): Promise<number> {
    const { rows } = await sql<{ count: number }>`select count(*) as count from pg_stat_activity
      where application_name = 'sepay listening' and query like 'listen %'`.execute(ground.app.context.db)
    return Number(rows[0]?.count)
  }

  /** A call whose claim was not known to be committed is made again when its lease is over, so a few may still wait. */
  async function checkNothingIsLost(webhookId: number, answered: readonly number[]): Promise<void> {
    const { db } = ground.app.context
    const isDone = async () => (await db.selectFrom("delivery_due").select("delivery_id").execute()).length === 0
    await until("nothing is due", isDone, 60_000)
    const ends = await db
      .selectFrom("deliveries")
      .select(["transaction_id", "state"])
      .where("webhook_id", "=", webhookId)
      .execute()
    assert.deepEqual([...new Set(ends.map(({ state }) => state))], ["delivered"])
    const arrived = new Set(receiver.received.map(({ body }) => JSON.parse(body.toString()).id as number))
    assert.deepEqual(
      answered.filter((id) => !arrived.has(id)),
      [],
    )
    const repeated = Map.groupBy(receiver.received, ({ headers }) => String(headers["x-delivery-id"]))
    for (const [uuid, calls] of repeated) {
      if (calls.length === 1) continue
      const log = await db.selectFrom("attempts").select("class").where("delivery_uuid", "=", uuid).execute()
      assert.ok(
        log.some((row) => row.class === "interrupted"),
        `${uuid} came ${calls.length} times: ${JSON.stringify(log)}`,
      )
    }
  }
})

async function until(what: string, isSo: () => Promise<boolean>, patienceMs = withinMs): Promise<void> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    // The database may still be away.
    if (await isSo().catch(() => false)) return
    assert.ok(performance.now() < deadline, `in vain waited until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
