import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { after, before, beforeEach, describe, it } from "node:test"
import { fileURLToPath } from "node:url"
import { pino } from "pino"
import { readConfig } from "../../src/config.ts"
import { type Database, transaction } from "../../src/database/engine.ts"
import { closeDatabase, openDatabase } from "../../src/database/open-database.ts"
import { createMailer, type Mailer } from "../../src/mail.ts"
import { mailLeaseMs } from "../../src/mail-outbox.ts"
import { type FakeClock, makeFakeClock } from "../support/clock.ts"
import { onEachEngine } from "../support/engines.ts"
import { type MailServer, startMailServer } from "../support/mail-server.ts"
import { TEST_SECRET } from "../support/processes.ts"

const sender = fileURLToPath(new URL("mail-sender.ts", import.meta.url))

onEachEngine((engine) => {
  let db: Database
  let server: MailServer
  let clock: FakeClock
  let lines: string[]
  before(async () => {
    db = await openDatabase({ url: engine.databaseUrl() })
    server = await startMailServer()
  })
  after(async () => {
    await server.close()
    await closeDatabase(db)
  })
  beforeEach(async () => {
    clock = makeFakeClock()
    lines = []
    server.refusals.length = 0
    ;(server.subjects as string[]).length = 0
    await transaction(db, (tx) => tx.deleteFrom("mails_waiting").execute())
  })

  const env = () => ({ DATABASE_URL: engine.databaseUrl(), SEPAY_SECRET: TEST_SECRET, SMTP_URL: server.url })

  /** The mailer of one process. */
  function makeMailer(changes: Readonly<Record<string, string>> = {}): Mailer {
    const log = pino({ level: "debug" }, { write: (line: string) => void lines.push(line) })
    return createMailer({ config: readConfig({ ...env(), ...changes }), clock, log, db })
  }
  const letter = (subject: string) => ({ to: "chu@mau.example", subject, text: "Mật khẩu vừa được đổi.\n" })
  const keep = (mailer: Mailer, ...subjects: string[]) => transaction(db, (tx) => mailer.keep(tx, subjects.map(letter)))
  const waiting = () => db.selectFrom("mails_waiting").selectAll().orderBy("id").execute()
  const log = () => lines.join("")

  describe("a kept mail", () => {
    it("exists if what it tells of does, sealed, and is gone from the database once it is sent", async () => {
      const mailer = makeMailer()
      const undone = transaction(db, async (tx) => {
        await mailer.keep(tx, [letter("undone")])
        throw new Error("taken back")
      })
      await assert.rejects(undone, /taken back/)
      await keep(mailer, "one", "two")
      const rows = await waiting()
      assert.equal(rows.length, 2)
      assert.doesNotMatch(JSON.stringify(rows), /chu@mau|one|two|khẩu/)
      assert.deepEqual(server.subjects, [], "nothing is sent before somebody looks")
      mailer.wake()
      await mailer.settled()
      assert.deepEqual(server.subjects.toSorted(), ["one", "two"])
      assert.deepEqual(await waiting(), [])
      assert.doesNotMatch(log(), /chu@mau|khẩu/)
    })

    it("that the server refuses for now waits longer each time, and is given up after a day", async () => {
      const mailer = makeMailer()
      await keep(mailer, "later")
      const pauses: number[] = []
      for (let tries = 1; (await waiting()).length > 0; tries++) {
        assert.ok(tries < 40)
        server.refusals.push(451)
        await mailer.sendDue()
        const [row] = await waiting()
        if (row === undefined) break
        pauses.push(row.due_at - clock.now())
        server.refusals.push(451)
        await mailer.sendDue()
        assert.equal(server.refusals.length, 1, "before it is due nobody tries")
        server.refusals.length = 0
        clock.advance({ milliseconds: row.due_at - clock.now() })
      }
      assert.deepEqual(pauses.slice(0, 6), [5000, 30_000, 120_000, 600_000, 3_600_000, 3_600_000])
      assert.match(log(), /"responseCode":451,.*a mail could not be sent and is given up/)
      assert.ok(clock.now() - makeFakeClock().now() > 22 * 3600_000)
      assert.deepEqual(server.subjects, [])
    })

    it("that the server refuses for good is given up at once", async () => {
      const mailer = makeMailer()
      await keep(mailer, "never")
      server.refusals.push(550)
      await mailer.sendDue()
      assert.deepEqual(await waiting(), [])
      assert.match(log(), /"responseCode":550,.*given up/)
    })

    it("is sent later by another process when the first one is lost in the middle of it, who can undo nothing then", async () => {
      const lost = makeMailer()
      await keep(lost, "once")
      server.refusals.push("never")
      const hanging = lost.sendDue()
      while (server.refusals.length > 0) await new Promise((resolve) => setTimeout(resolve, 5))
      const other = makeMailer()
      await other.sendDue()
      assert.deepEqual(server.subjects, [], "the first one has its lease")
      clock.advance({ milliseconds: mailLeaseMs })
      await other.sendDue()
      assert.deepEqual(server.subjects, ["once"])
      await lost.close(0)
      await hanging
      assert.deepEqual(await waiting(), [])
    })

    it("sealed under a key that is missing waits for it", async () => {
      await keep(makeMailer({ SEPAY_SECRET: "another secret of thirty-two bytes!!" }), "sealed")
      const mailer = makeMailer()
      await mailer.sendDue()
      assert.match(log(), /Sealed under server key/)
      clock.advance({ seconds: 5 })
      await makeMailer({ SEPAY_SECRET: `${TEST_SECRET},another secret of thirty-two bytes!!` }).sendDue()
      assert.deepEqual(server.subjects, ["sealed"])
    })

    it("is sent by one of several processes that look at once", async () => {
      const subjects = Array.from({ length: 40 }, (_, index) => `mail ${index}`)
      await keep(makeMailer(), ...subjects)
      const children = Array.from({ length: 4 }, () =>
        spawn(process.execPath, [sender], { env: { ...process.env, ...env() }, stdio: ["pipe", "pipe", "inherit"] }),
      )
      await Promise.all(children.map(({ stdout }) => once(stdout, "data")))
      for (const { stdin } of children) stdin.end("go\n")
      const codes = await Promise.all(children.map((child) => once(child, "exit")))
      assert.deepEqual([...new Set(codes.map(([code]) => code))], [0])
      assert.deepEqual(server.subjects.toSorted(), subjects.toSorted())
      assert.deepEqual(await waiting(), [])
    })
  })
})
