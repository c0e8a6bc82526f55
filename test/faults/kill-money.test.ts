import assert from "node:assert/strict"
import { createHmac } from "node:crypto"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { before, it } from "node:test"
import { createBankAccount } from "../../src/banking/bank-account.ts"
import { systemClock, unixSeconds } from "../../src/clock.ts"
import type { Database } from "../../src/database/engine.ts"
import { createFeed } from "../../src/feeds/feed.ts"
import type { CompanyId } from "../../src/ids.ts"
import { type Line, mt940 } from "../feeds/made-statement.ts"
import { onEachEngine } from "../support/engines.ts"
import { type RawAnswer, sendAlone, startOAuthServer, withGround } from "../support/oauth-processes.ts"
import type { TestUser } from "../support/oauth-site.ts"
import { type RunningServer, runCli, startProgram, TEST_SECRET } from "../support/processes.ts"
import { countFaultRounds } from "../support/rounds.ts"
import { makeTemporaryDirectory } from "../support/temporary-directory.ts"

// Half of them on each engine: a thousand kills in a soak.
const rounds = countFaultRounds({ usual: 3, soak: 500 })
const pushers = 3
const itemsPerCall = 4
const linesPerFile = 60
const longestLifeMs = 300

interface Result {
  readonly source_id: string
  readonly result: string
  readonly transaction_id: number
}

/** A partner that pushes batch after batch until the server dies. */
interface Pusher {
  readonly answered: Result[]
  lost: readonly string[] | undefined
}

onEachEngine((engine) => {
  const counts = { kills: 0, pushed: 0, pushesLost: 0, lostButDone: 0, importsKilled: 0, killedButDone: 0 }
  let port: string
  let url: string
  let merchant: TestUser
  let feed: { readonly id: number; readonly secret: string }
  let pushAccountId: number
  let fileAccountId: number
  const pushNumber = "8812345678"
  const fileNumber = "8887654321"
  const env = { SEPAY_SECRET: TEST_SECRET }
  before(async () => {
    const server = await startOAuthServer(engine.databaseUrl())
    port = String(server.port)
    url = server.url
    await withGround(engine.databaseUrl(), url, async (ground) => {
      merchant = ground.merchant
      const { db, config, clock } = ground.app.context
      const account = { companyId: merchant.companyId, bank: "VCB", holderName: "NGUYEN VAN A", mode: "live" as const }
      pushAccountId = await createBankAccount(db, clock.now(), { ...account, accountNumber: pushNumber })
      fileAccountId = await createBankAccount(db, clock.now(), { ...account, accountNumber: fileNumber })
      const companyId = merchant.companyId as CompanyId
      const request = { companyId, name: "Bank", kind: "push" as const, test: false }
      feed = await createFeed(db, clock.now(), config.keyring, request)
    })
    await server.stop()
  })

  const start = (): Promise<RunningServer> => startOAuthServer(engine.databaseUrl(), { PORT: port })

  function push(sourceIds: readonly string[]): Promise<RawAnswer | undefined> {
    const items = sourceIds.map((source_id) => ({
      source_id,
      account_number: pushNumber,
      transfer_type: "in",
      amount: 349_000,
      booked_at: "2025-12-11T12:48:20+07:00",
      content: `chuyen tien ${source_id}`,
    }))
    const body = JSON.stringify({ items })
    const timestamp = String(unixSeconds(systemClock.now()))
    const signature = createHmac("sha256", feed.secret).update(`${timestamp}.${body}`).digest("hex")
    const headers = {
      "content-type": "application/json",
      "x-feed-id": String(feed.id),
      "x-feed-timestamp": timestamp,
      "x-feed-signature": `sha256=${signature}`,
    }
    return sendAlone(`${url}/feeds/v1/transactions`, "POST", headers, body)
  }
  function resultsOf(answer: RawAnswer | undefined): readonly Result[] {
    assert.equal(answer?.status, 200, answer?.text ?? "no answer")
    return JSON.parse(answer?.text ?? "").data.results
  }

  async function pushOn(name: string, pusher: Pusher): Promise<void> {
    for (let call = 0; ; call++) {
      const sourceIds = Array.from({ length: itemsPerCall }, (_, index) => `${name}-${call}-${index}`)
      const answer = await push(sourceIds)
      if (answer === undefined) {
        pusher.lost = sourceIds
        return
      }
      pusher.answered.push(...resultsOf(answer))
    }
  }

  /** A file of its own for each round; each line has a reference that names the round. */
  function writeStatement(round: number): string {
    const lines = Array.from({ length: linesPerFile }, (_, index): Line => {
      return { amount: 1000 + index, reference: `R${round}L${index}`, memo: `dong ${index}` }
    })
    const file = join(makeTemporaryDirectory(), "statement.sta")
    writeFileSync(file, mt940(fileNumber, { number: `${round}/1`, opening: round * 1_000_000, lines }))
    return file
  }
  const importArguments = (file: string) => ["import", file, "--account-id", String(fileAccountId)]

  it("kill -9 in the midst of pushes and imports loses nothing that was answered", {
    timeout: 7_000_000,
  }, async (t) => {
    let server = await start()
    for (let round = 0; round < rounds; round++) {
      const pushing: Pusher[] = []
      for (let index = 0; index < pushers; index++) {
        pushing.push({ answered: [...resultsOf(await push([`${round}-${index}-first`]))], lost: undefined })
      }
      const file = writeStatement(round)
      const importing = startProgram(importArguments(file), { env: { ...env, DATABASE_URL: engine.databaseUrl() } })
      const killing = new Promise((resolve) => setTimeout(resolve, Math.random() * longestLifeMs)).then(server.kill9)
      // The import needs longer to begin with its work.
      const killingImport = new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 700)).then(
        importing.kill9,
      )
      await Promise.all([
        killing,
        killingImport,
        ...pushing.map((pusher, index) => pushOn(`${round}-${index}`, pusher)),
      ])
      counts.kills++
      const imported = await inDatabase((db) => countOfFile(db, round))
      assert.ok(imported === 0 || imported === linesPerFile, `${imported} of ${linesPerFile} lines were recorded`)
      if ((await importing.waitForExit()) === null) counts.importsKilled++
      if (imported > 0) counts.killedButDone++
      server = await start()
      await Promise.all(pushing.map(checkPusher))
      const again = await runCli(importArguments(file), { env: { ...env, DATABASE_URL: engine.databaseUrl() } })
      assert.equal(again.code, 0, `${again.stdout}\n${again.stderr}`)
      await inDatabase(async (db) => {
        assert.equal(await countOfFile(db, round), linesPerFile)
        await checkWhole(db)
      })
    }
    assert.equal(await server.stop(), 0)
    t.diagnostic(`${engine.name}: ${JSON.stringify(counts)}`)
    assert.ok(counts.pushed > 0 && counts.pushesLost > 0, "the kills came at no interesting time")
  })

  async function checkPusher({ answered, lost }: Pusher): Promise<void> {
    counts.pushed += answered.length
    const ids = new Map(answered.map((item) => [item.source_id, item.transaction_id]))
    for (const item of answered) assert.equal(item.result, "created")
    if (answered.length > 0) {
      for (const item of resultsOf(await push([...ids.keys()].slice(-100)))) {
        assert.deepEqual([item.result, item.transaction_id], ["duplicate", ids.get(item.source_id)])
      }
    }
    if (lost === undefined) return
    counts.pushesLost++
    const retried = resultsOf(await push(lost))
    for (const item of retried) assert.match(item.result, /^(created|duplicate)$/)
    if (retried.some((item) => item.result === "duplicate")) counts.lostButDone++
    const again = resultsOf(await push(lost))
    assert.deepEqual(
      again.map((item) => item.transaction_id),
      retried.map((item) => item.transaction_id),
    )
  }

  const inDatabase = <T>(look: (db: Database) => Promise<T>): Promise<T> =>
    withGround(engine.databaseUrl(), url, (ground) => look(ground.app.context.db), merchant)

  async function countOfFile(db: Database, round: number): Promise<number> {
    const rows = await db
      .selectFrom("transactions")
      .select("id")
      .where("bank_account_id", "=", fileAccountId)
      .where("reference", "like", `R${round}L%`)
      .execute()
    return rows.length
  }

  /** Each transaction has its observation, its event and its change, and the counts agree with the rows. */
  async function checkWhole(db: Database): Promise<void> {
    const transactions = await db.selectFrom("transactions").select(["id", "bank_account_id"]).execute()
    const ids = transactions.map(({ id }) => id).toSorted((a, b) => a - b)
    for (const table of ["observations", "events", "changes"] as const) {
      const rows = await db.selectFrom(table).select("transaction_id").where("transaction_id", "is not", null).execute()
      const named = rows.map(({ transaction_id }) => Number(transaction_id)).toSorted((a, b) => a - b)
      assert.deepEqual(named, ids, table)
    }
    for (const id of [pushAccountId, fileAccountId]) {
      const count = transactions.filter((row) => row.bank_account_id === id).length
      const account = await db.selectFrom("bank_accounts").select("count_in").where("id", "=", id).executeTakeFirst()
      const days = await db
        .selectFrom("transaction_day_counts")
        .select("count_in")
        .where("bank_account_id", "=", id)
        .execute()
      assert.deepEqual([account?.count_in, days.reduce((sum, day) => sum + day.count_in, 0)], [count, count])
    }
  }
})
