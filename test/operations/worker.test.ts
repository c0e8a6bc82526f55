import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { testSecret } from "../support/app.ts"
import { onEachEngine } from "../support/engines.ts"
import { startPostgres } from "../support/postgres.ts"
import { type RunningProgram, runCli, startProgram, startServer } from "../support/processes.ts"
import { answerSuccess, type Receiver, startReceiver } from "../support/receiver.ts"
import { type DeliveryGround, startDeliveryGround } from "../webhooks/delivery-ground.ts"

const transactions = 400
const settings = { SEPAY_SECRET: testSecret, OUTBOUND_ALLOW: "127.0.0.0/8", OUTBOUND_ALLOW_HTTP: "on" }

describe("./sepay worker", () => {
  onEachEngine((engine) => {
    let ground: DeliveryGround
    let receiver: Receiver
    before(async () => {
      // Its own worker is never started: the app only records.
      ground = await startDeliveryGround(engine.databaseUrl())
      receiver = await startReceiver()
    })
    after(async () => {
      await ground.stop()
      await receiver.close()
    })
    const startWorker = async (): Promise<RunningProgram> => {
      const program = startProgram(["worker"], { env: { ...settings, DATABASE_URL: engine.databaseUrl() } })
      await until(() => program.stdout().includes("ready to deliver") || program.hasEnded())
      return program
    }

    if (engine.name === "postgres") {
      it("shares the work with others of its kind: every transaction arrives once, and no attempt is recorded by two", async (t) => {
        const workers = await Promise.all([startWorker(), startWorker()])
        for (const one of workers) t.after(one.kill9)
        const webhookIds = await Promise.all(
          ["/a", "/b", "/c", "/d"].map((path) => ground.webhook({ webhook_url: receiver.url + path })),
        )
        const ids: number[] = []
        while (ids.length < transactions) ids.push(...(await ground.push(Array.from({ length: 50 }, () => ({})))))
        await receiver.waitFor(ids.length * webhookIds.length)
        await until(async () => (await unfinished(ground)) === 0)

        for (const path of ["/a", "/b", "/c", "/d"]) {
          const arrived = receiver.received.filter((one) => one.path === path)
          const numbers = arrived.map((one) => (JSON.parse(String(one.body)) as { id: number }).id)
          assert.deepEqual(numbers.sort(ascending), ids.toSorted(ascending))
        }
        const { db } = ground.app.context
        const attempts = await db.selectFrom("attempts").select(["class", "delivery_id"]).execute()
        assert.equal(attempts.length, ids.length * webhookIds.length)
        assert.ok(attempts.every((attempt) => attempt.class === "ok"))
        assert.equal(new Set(attempts.map((attempt) => attempt.delivery_id)).size, attempts.length)
        const shares = await Promise.all(workers.map((one) => one.stop()))
        assert.deepEqual(shares, [0, 0])
      })
    } else {
      it("delivers alone, as long as no serve has the file", async (t) => {
        const program = await startWorker()
        t.after(program.kill9)
        await ground.webhook({ webhook_url: `${receiver.url}/alone` })
        await ground.push([{}])
        await receiver.waitFor(1)
        await until(async () => (await unfinished(ground)) === 0)
        assert.equal(await program.stop(), 0)
        const lines = program.stdout().trimEnd().split("\n")
        assert.ok(
          lines.every((line) => typeof JSON.parse(line) === "object"),
          "its log is JSON",
        )
        assert.equal(program.stderr(), "")
      })
    }

    it("takes nothing new when asked to end, waits for what is under way, and leaves no lease behind", async (t) => {
      const program = await startWorker()
      t.after(program.kill9)
      const slow = await startReceiver()
      t.after(slow.close)
      const held = Promise.withResolvers<void>()
      slow.answer((received, response) => void held.promise.then(() => answerSuccess(received, response)))
      const webhookId = await ground.webhook({ webhook_url: slow.url })
      await ground.push(Array.from({ length: 20 }, () => ({})))
      // An endpoint that has proven nothing yet gets four calls at once (contract/webhooks.md §7.1).
      await slow.waitFor(4)
      process.kill(program.pid, "SIGTERM")
      await until(() => program.stdout().includes("draining"))
      assert.equal(program.hasEnded(), false)
      held.resolve()
      assert.equal(await program.waitForExit(), 0)

      const { db } = ground.app.context
      const due = await db.selectFrom("delivery_due").selectAll().where("webhook_id", "=", webhookId).execute()
      const attempts = await db.selectFrom("attempts").select("class").where("webhook_id", "=", webhookId).execute()
      assert.equal(slow.received.length, 4)
      assert.deepEqual(attempts, Array(4).fill({ class: "ok" }))
      assert.deepEqual([due.length, due.filter((row) => row.lease_until !== null || row.claim_id !== null)], [16, []])
    })
  })

  it("does not start beside a serve on the same SQLite file, and says that it is not needed", async (t) => {
    const server = await startServer()
    t.after(server.kill9)
    const { code, stdout, stderr } = await runCli(["worker"], { directory: server.directory })
    assert.equal(code, 1)
    assert.equal(stdout, "")
    assert.match(stderr, /^sepay: The database .* is in use by process \d+ on port \d+, which delivers .* already/)
    assert.equal(stderr.trimEnd().split("\n").length, 1)
    await server.stop()
  })

  it("waits for a PostgreSQL database that is still away, and stays when it goes away later", async (t) => {
    const postgres = await startPostgres()
    try {
      const env = { ...settings, DATABASE_URL: postgres.url }
      assert.match((await runCli(["worker"], { env })).stderr, /run \.\/sepay migrate first/)
      assert.equal((await runCli(["migrate"], { env })).code, 0)
      await postgres.crash()
      const program = startProgram(["worker"], { env })
      t.after(program.kill9)
      await until(() => program.stdout().includes("waiting for the database"))
      await postgres.start()
      await until(() => program.stdout().includes("ready to deliver"))
      await postgres.crash()
      await until(() => program.stdout().includes("delivery work failed"))
      await postgres.start()
      assert.equal(program.hasEnded(), false)
      assert.equal(await program.stop(), 0)
    } finally {
      await postgres.stop()
    }
  })
})

async function unfinished({ app }: DeliveryGround): Promise<number> {
  const rows = await app.context.db.selectFrom("delivery_due").select("delivery_id").execute()
  return rows.length
}

function ascending(one: number, other: number): number {
  return one - other
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, "it did not come to pass in time")
    await new Promise((wake) => setTimeout(wake, 20))
  }
}
