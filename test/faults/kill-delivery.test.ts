import assert from "node:assert/strict"
import { after, before, it } from "node:test"
import { systemClock } from "../../src/clock.ts"
import { type Database, transaction } from "../../src/database/engine.ts"
import { closeDatabase, openDatabase } from "../../src/database/open-database.ts"
import { onEachEngine } from "../support/engines.ts"
import { findFreePort } from "../support/free-port.ts"
import { sendAlone, startOAuthServer } from "../support/oauth-processes.ts"
import { type RunningServer, TEST_SECRET } from "../support/processes.ts"
import { answerSuccess, answerWith, type Receiver, startReceiver } from "../support/receiver.ts"
import { countFaultRounds } from "../support/rounds.ts"
import { type PushingFeed, signedPush, startDeliveryGround } from "../webhooks/delivery-ground.ts"

const redeliveredWithinMs = 60_000
const pushers = 3
const itemsPerCall = 4
const mostCallsEach = 15

/** When a round kills, after the event it waits for: somewhere within so many milliseconds. */
interface Moment {
  readonly name: string
  readonly event: "push sent" | "push answered" | "connected" | "arrived" | "answered" | "refused"
  readonly withinMs: number
}

// contract/webhooks.md §12, 2.
const moments: readonly Moment[] = [
  { name: "before the commit", event: "push sent", withinMs: 8 },
  { name: "after the commit, before the wake-up, after the claim", event: "push answered", withinMs: 4 },
  { name: "after the connect", event: "connected", withinMs: 0 },
  { name: "after the send, before the answer", event: "arrived", withinMs: 0 },
  { name: "after the answer, before the result", event: "answered", withinMs: 0 },
  { name: "in the result batch", event: "answered", withinMs: 12 },
  { name: "while a retry is scheduled", event: "refused", withinMs: 10 },
  { name: "at any time", event: "push sent", withinMs: 200 },
]
const rounds = countFaultRounds({ usual: moments.length, soak: 125 * moments.length })

onEachEngine((engine) => {
  const answeredIds = new Set<number>()
  const counts = { kills: 0, pushesLost: 0, refusals: 0, unanswered: 0 }
  let receiver: Receiver
  let feed: PushingFeed
  let port: string
  let webhookId: number
  let happened: (event: Moment["event"]) => void = () => {}
  let refuses = false
  let silent = false
  let lastKillAt = 0

  before(async () => {
    receiver = await startReceiver()
    receiver.answer((received, response) => {
      happened("arrived")
      if (silent) {
        counts.unanswered++ // It dies in this very moment.
        return
      }
      const refused = refuses && Math.random() < 0.3
      if (refused) counts.refusals++
      response.once("finish", () => happened(refused ? "refused" : "answered"))
      ;(refused ? answerWith(500) : answerSuccess)(received, response)
    })
    receiver.onConnection(() => happened("connected"))
    const ground = await startDeliveryGround(engine.databaseUrl(), { env: { SEPAY_SECRET: TEST_SECRET } })
    feed = ground.feed
    webhookId = await ground.webhook({ webhook_url: receiver.url })
    await ground.stop()
    port = String(await findFreePort())
  })
  after(() => receiver.close())

  const start = (): Promise<RunningServer> =>
    startOAuthServer(engine.databaseUrl(), {
      OUTBOUND_ALLOW: "127.0.0.0/8",
      OUTBOUND_ALLOW_HTTP: "on",
      PORT: port,
    })

  async function push(): Promise<boolean> {
    const { headers, body } = signedPush(
      feed,
      Array.from({ length: itemsPerCall }, () => ({})),
      systemClock.now(),
    )
    const answering = sendAlone(`http://localhost:${port}/feeds/v1/transactions`, "POST", headers, body)
    happened("push sent")
    const answer = await answering
    if (answer === undefined) return false
    assert.equal(answer.status, 200, answer.text)
    for (const { transaction_id } of JSON.parse(answer.text).data.results) answeredIds.add(transaction_id)
    happened("push answered")
    return true
  }

  async function pushOn(): Promise<void> {
    for (let call = 0; call < mostCallsEach; call++) {
      if (await push()) continue
      counts.pushesLost++
      return
    }
  }

  /** Kills the server at a moment while the feed pushes; the event is the first, or a later one. */
  async function killAt(server: RunningServer, { event, withinMs }: Moment): Promise<void> {
    const killed = Promise.withResolvers<void>()
    let passed = Math.floor(Math.random() * (event === "connected" ? 2 : 12))
    refuses = event === "refused"
    silent = false
    const kill = () => {
      happened = () => {}
      silent = event === "arrived"
      lastKillAt = performance.now()
      server.kill9().then(killed.resolve, killed.reject)
    }
    happened = (now) => {
      if (now !== event || passed-- > 0) return
      happened = () => {}
      if (withinMs === 0) kill()
      else setTimeout(kill, Math.random() * withinMs)
    }
    await Promise.all(Array.from({ length: pushers }, pushOn))
    const patience = setTimeout(kill, 2000)
    await killed.promise
    clearTimeout(patience)
    happened = () => {}
    refuses = false
    silent = false
    counts.kills++
  }

  it("kill -9 at any step loses no delivery, and each repeated one is explained by the log (contract/webhooks.md §7)", {
    timeout: 7_000_000,
  }, async (t) => {
    for (let round = 0; round < rounds; round++) {
      const moment = moments[round % moments.length]
      assert.ok(moment !== undefined)
      await killAt(await start(), moment)
    }
    const server = await start()
    await inDatabase(async (db) => {
      await untilNothingIsDue(db)
      const afterMs = Math.round(performance.now() - lastKillAt)
      const repeated = await checkLog(db)
      checkReceiver()
      t.diagnostic(
        `${engine.name}: ${JSON.stringify({ ...counts, answered: answeredIds.size, received: receiver.received.length, ...repeated, afterMs })}`,
      )
    })
    assert.equal(await server.stop(), 0)
    assert.ok(counts.pushesLost > 0 && counts.unanswered > 0 && counts.refusals > 0, "the kills came too late")
  })

  async function inDatabase(look: (db: Database) => Promise<void>): Promise<void> {
    const db = await openDatabase({ url: engine.databaseUrl() })
    try {
      await look(db)
    } finally {
      await closeDatabase(db)
    }
  }

  /** Waits for every lease of a dead server; retries that wait a minute or more are made due, as if it had passed. */
  async function untilNothingIsDue(db: Database): Promise<void> {
    for (;;) {
      const due = await db.selectFrom("delivery_due").selectAll().execute()
      if (due.length === 0) return
      const late = performance.now() - lastKillAt > redeliveredWithinMs
      assert.ok(!late, `${due.length} deliveries wait still: ${JSON.stringify(due.slice(0, 3))}`)
      const now = systemClock.now()
      await transaction(db, (tx) =>
        tx
          .updateTable("delivery_due")
          .set({ due_at: now })
          .where("lease_until", "is", null)
          .where("due_at", ">", now)
          .execute(),
      )
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  /** Each transaction has its delivery, delivered; each claim its row, and none but the last row is `ok`. */
  async function checkLog(db: Database): Promise<Readonly<Record<string, number>>> {
    const transactions = await db.selectFrom("transactions").select("id").orderBy("id").execute()
    const deliveries = await db.selectFrom("deliveries").selectAll().orderBy("transaction_id").execute()
    assert.deepEqual(
      deliveries.map((delivery) => [delivery.transaction_id, delivery.webhook_id, delivery.state]),
      transactions.map(({ id }) => [id, webhookId, "delivered"]),
    )
    const attempts = await db.selectFrom("attempts").selectAll().orderBy("attempt_number").execute()
    const logOf = Map.groupBy(attempts, (attempt) => attempt.delivery_uuid)
    const arrivals = Map.groupBy(receiver.received, ({ headers }) => String(headers["x-delivery-id"]))
    let duplicates = 0
    for (const { uuid, attempts: counted } of deliveries) {
      const rows = logOf.get(uuid) ?? []
      const arrived = (arrivals.get(uuid) ?? []).map(({ headers }) => Number(headers["x-delivery-attempt"]))
      const story = `${uuid}: ${JSON.stringify(rows.map((row) => [row.attempt_number, row.class]))}, arrived ${arrived}`
      const numbers = rows.map((row) => row.attempt_number)
      assert.deepEqual(
        numbers,
        Array.from({ length: counted }, (_, index) => index + 1),
        story,
      )
      assert.equal(rows.at(-1)?.class, "ok", story)
      for (const row of rows.slice(0, -1)) assert.match(row.class, /^(interrupted|http_error)$/, story)
      // One call for each attempt at most, the last one among them.
      assert.equal(new Set(arrived).size, arrived.length, story)
      assert.ok(arrived.includes(counted) && arrived.every((number) => numbers.includes(number)), story)
      duplicates += arrived.length - 1
    }
    const interrupted = attempts.filter((row) => row.class === "interrupted").length
    return { transactions: transactions.length, interrupted, explainedDuplicates: duplicates }
  }

  function checkReceiver(): void {
    const arrived = new Set(receiver.received.map(({ body }) => JSON.parse(body.toString()).id as number))
    const lost = [...answeredIds].filter((id) => !arrived.has(id))
    assert.deepEqual(lost, [])
  }
})
