import assert from "node:assert/strict"
import { before, it } from "node:test"
import { setTimeout as sleep } from "node:timers/promises"
import { sql } from "kysely"
import { createBankAccount } from "../../src/banking/bank-account.ts"
import { systemClock } from "../../src/clock.ts"
import { type Database, transaction } from "../../src/database/engine.ts"
import { sweepUploads } from "../../src/feeds/sweep-uploads.ts"
import { type Line, mt940 } from "../feeds/made-statement.ts"
import { signedIn, uploadFile } from "../portal/bank-ground.ts"
import { onEachEngine } from "../support/engines.ts"
import type { Visitor } from "../support/http.ts"
import { startOAuthServer, withGround } from "../support/oauth-processes.ts"
import type { TestUser } from "../support/oauth-site.ts"
import { countFaultRounds } from "../support/rounds.ts"

const rounds = countFaultRounds({ usual: 3, soak: 150 })
const linesPerFile = 1500
const longestLifeMs = 1500
const number = "8887654321"

onEachEngine((engine) => {
  let port: string
  let merchant: TestUser
  let accountId: number
  before(async () => {
    const server = await startOAuthServer(engine.databaseUrl())
    port = String(server.port)
    await withGround(engine.databaseUrl(), server.url, async (ground) => {
      merchant = ground.merchant
      const account = { companyId: merchant.companyId, bank: "VCB", holderName: "A", mode: "live" as const }
      const { db, clock } = ground.app.context
      accountId = await createBankAccount(db, clock.now(), { ...account, accountNumber: number })
    })
    await server.stop()
  })
  const start = () => startOAuthServer(engine.databaseUrl(), { PORT: port })
  const inDatabase = <T>(url: string, use: (db: Database) => Promise<T>) =>
    withGround(engine.databaseUrl(), url, ({ app }) => use(app.context.db), merchant)

  function statement(round: number): string {
    const lines = Array.from({ length: linesPerFile }, (_, index): Line => {
      return { amount: 1000 + index, reference: `R${round}L${index}`, memo: `dong ${index}` }
    })
    return mt940(number, { number: `${round}/1`, opening: round * 10_000_000, lines })
  }

  /** Uploads, confirms, and sees the result: as a person would, who gives up when the server is gone. */
  async function importByHand(visitor: Visitor, url: string, round: number): Promise<void> {
    const file = { name: `${round}.sta`, content: statement(round) }
    const { location } = await uploadFile(url, visitor, accountId, file)
    for (;;) {
      const answer = await visitor.get(location ?? "")
      if (answer.status === 302) return
      const action = ["confirm", "check"].find((name) => answer.text.includes(`action="${location?.pathname}/${name}"`))
      // An import that another life made is final, and says so in place of a button to confirm.
      if (answer.text.includes("Tệp này đã được nhập trước đây")) return
      if (action === undefined) await sleep(50)
      else await visitor.submit(location ?? "", `${location?.pathname}/${action}`, {})
    }
  }

  it("kill -9 between upload, preview and import leaves a file whole or not at all, and nothing to clean by hand", {
    timeout: 3_000_000,
  }, async (t) => {
    let server = await start()
    let killedInWork = 0
    for (let round = 0; round < rounds; round++) {
      const visitor = await signedIn(server.url, merchant)
      const hand = importByHand(visitor, server.url, round).then(
        () => "done",
        () => "lost",
      )
      await sleep(Math.random() * longestLifeMs)
      await server.kill9()
      if ((await hand) === "lost") killedInWork += 1
      const recorded = await inDatabase(server.url, async (db) => {
        const like = `R${round}L%`
        const { rows } = await sql<{
          n: number
        }>`select count(*) as n from transactions where reference like ${like}`.execute(db)
        return Number(rows[0]?.n)
      })
      assert.ok(recorded === 0 || recorded === linesPerFile, `${recorded} of ${linesPerFile} lines were recorded`)
      server = await start()
      const again = await signedIn(server.url, merchant)
      await importByHand(again, server.url, round)
    }
    t.diagnostic(`${killedInWork} of ${rounds} kills hit a person at work`)
    await inDatabase(server.url, async (db) => {
      const count = await sql<{ n: number }>`select count(*) as n from transactions`.execute(db)
      assert.equal(Number(count.rows[0]?.n), rounds * linesPerFile)
      // What the dead left behind ages by a day at once: the sweep finds it all.
      await transaction(db, (tx) => tx.updateTable("statement_uploads").set({ progress_at: 0 }).execute())
      while ((await sweepUploads(db, systemClock.now())) > 0);
      for (const table of ["statement_uploads", "statement_upload_pieces"]) {
        const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(db)
        assert.equal(Number(rows[0]?.n), 0, table)
      }
    })
    await server.stop()
  })
})
