import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import { sql } from "kysely"
import type { Instant } from "../../src/clock.ts"
import { type Database, transaction } from "../../src/database/engine.ts"
import { closeDatabase, openDatabase } from "../../src/database/open-database.ts"
import type { WebhookId } from "../../src/ids.ts"
import { insertAttempts, type NewAttempt } from "../../src/webhooks/attempts.store.ts"
import { cleanWebhooks } from "../../src/webhooks/cleanup.ts"
import { nothingSent } from "../../src/webhooks/unsent-attempt.ts"
import { onEachEngine } from "../support/engines.ts"

const at = (moment: string) => Date.parse(moment) as Instant

onEachEngine((engine) => {
  let db: Database
  before(async () => {
    db = await openDatabase({ url: engine.databaseUrl() })
  })
  after(() => closeDatabase(db))

  const attempt = (startedAt: Instant): NewAttempt => ({
    ...nothingSent,
    ...{ deliveryId: 1, deliveryUuid: "u", kind: "auto", attemptNumber: 1, webhookId: 1 as WebhookId },
    ...{ configVersion: 1, companyId: 1, mode: "live", transactionId: null, replayOf: null, class: "ok" },
    ...{ message: null, requestUrl: "https://shop.example/", startedAt, endedAt: startedAt },
  })
  const write = (...moments: readonly string[]) =>
    transaction(db, (tx) =>
      insertAttempts(
        tx,
        moments.map((moment) => attempt(at(moment))),
      ),
    )
  const clean = async (now: string) => {
    while ((await cleanWebhooks(db, at(now))) > 0);
  }
  const rows = () => db.selectFrom("attempts").select(["n", "started_at"]).orderBy("n").execute()
  const numbers = async () => (await rows()).map(({ n }) => n)
  const partitions = async () => {
    const { rows: found } = await sql<{ name: string; count: number }>`
      select c.relname as name, (xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %I', c.relname),
        false, true, '')))[1]::text::int as count
      from pg_inherits i inner join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'attempts'::regclass order by 1`.execute(db)
    return Object.fromEntries(found.map(({ name, count }) => [name, Number(count)]))
  }

  describe("the log of attempts over months (contract/webhooks.md §7)", () => {
    it("keeps rows and numbers when partitions are made, and drops what is older than 90 days", async () => {
      // Before the first cleanup there is no partition but the default one.
      await write("2026-01-31T23:59:59.999Z", "2026-02-01T00:00:00Z", "2026-02-28T12:00:00Z")
      await clean("2026-01-31T23:59:59Z")
      assert.deepEqual(await numbers(), [1, 2, 3])
      await write("2026-02-01T00:00:01Z", "2025-12-31T23:59:59Z")
      assert.deepEqual(await numbers(), [1, 2, 3, 4, 5])
      if (engine.name === "postgres") {
        assert.deepEqual(await partitions(), {
          attempts_default: 1,
          attempts_y2026m01: 1,
          attempts_y2026m02: 3,
          attempts_y2026m03: 0,
        })
      }
      // A month that the process slept through has rows in the default partition.
      await write("2026-04-02T00:00:00Z")
      await clean("2026-04-02T00:00:01Z")
      assert.deepEqual(await numbers(), [1, 2, 3, 4, 6])
      await clean("2026-05-15T00:00:00Z")
      // 90 days before are the 14th of February.
      assert.deepEqual(await numbers(), [3, 6])
      await write("2026-05-15T00:00:00Z")
      assert.deepEqual(await numbers(), [3, 6, 7])
      if (engine.name === "postgres") {
        const names = Object.keys(await partitions())
        assert.deepEqual(names, ["attempts_default", ...[2, 3, 4, 5, 6, 7].map((month) => `attempts_y2026m0${month}`)])
      }
      await clean("2027-01-10T00:00:00Z")
      await write("2027-01-10T00:00:00Z")
      assert.deepEqual(await numbers(), [8])
    })

    it("numbers go on after the newest rows went, also from several connections at once", async () => {
      await clean("2028-01-10T00:00:00Z")
      assert.deepEqual(await numbers(), [])
      await Promise.all([write("2028-01-10T00:00:00Z"), write("2028-02-10T00:00:00Z"), clean("2028-01-10T00:00:01Z")])
      assert.deepEqual(await numbers(), [9, 10])
    })
  })
})
