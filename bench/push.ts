import { createHmac } from "node:crypto"
import { join } from "node:path"
import { createDefaultPaymentCodeTemplate } from "../src/banking/payment-code-settings.ts"
import { systemClock, unixSeconds } from "../src/clock.ts"
import { transaction } from "../src/database/engine.ts"
import { createFeed, type FeedWithSecret } from "../src/feeds/feed.ts"
import { createUser } from "../src/identity/user.ts"
import type { InsertJob } from "./bare-inserts.ts"
import { type LoadJob, type LoadReport, wireRequest } from "./load-job.ts"
import { startAssistant } from "./pinned-process.ts"
import { type BenchDatabase, createBenchDatabase, type EngineName, startPlatform } from "./platform.ts"
import { compareRates, formatSpread, type Report, targetOn } from "./result.ts"
import { alternate, type Contestant, type Round } from "./rounds.ts"
import { accountNumberOf, linkAccounts } from "./statement-rows.ts"

const rounds = 5
const batchSize = 100
// An item is a transaction of its own, and PostgreSQL commits them one by one.
const batchesPerRound: Readonly<Record<EngineName, number>> = { sqlite: 40, postgres: 5 }
const connections = 2
const accountCount = 5

/** Signed batches of 100 items, durable, against bare inserts of the rows they become, in the same batches. */
export async function benchPush(engine: EngineName, report: Report): Promise<void> {
  const database = await createBenchDatabase(engine)
  const feed = await prepareFeed(database)
  const batches = batchesPerRound[engine]
  const target = join(database.directory, "ceiling.db")
  if (engine === "sqlite") await database.db.engine.backup(target)
  const platform = await startPlatform(database)
  const generator = startAssistant<LoadJob, LoadReport>("measuring", "load-generator")
  const inserter = startAssistant<InsertJob, Round>("measured", "bare-inserts")
  try {
    let round = 0
    let afterId = 0
    let requests: readonly string[] = []
    const ours: Contestant = {
      pid: platform.pid,
      prepare: async () => {
        afterId = await newestTransaction(database)
        requests = signedBatches(feed, batches, round++ * batches)
      },
      run: async () => {
        const job = { port: platform.port, connections, seconds: 60, requests: { kind: "once", requests } } as const
        const { done, elapsedMs, failure } = await generator.ask(job)
        if (failure !== undefined) throw new Error(`A push of the benchmark failed: ${failure}`)
        return { done: done * batchSize, elapsedMs }
      },
    }
    const shown = { name: "push", unit: "rows/s", engine, target: targetOn(engine, 0.35) }
    if (engine === "sqlite") {
      const source = database.url.replace("sqlite:", "")
      const bare: Contestant = {
        pid: inserter.pid,
        prepare: async () => void (await inserter.ask({ kind: "read", source, afterId })),
        run: () => inserter.ask({ kind: "write", target, batchSize }),
      }
      const rates = await alternate(rounds, { ours, bare })
      report(
        compareRates({ ...shown, against: "bare prepared inserts, same rows and batches" }, rates.ours, rates.bare),
      )
    } else {
      const { perSecond } = (await alternate(rounds, { ours })).ours
      const nothing = { against: "nothing", againstValue: null, ratio: null, bound: "least" } as const
      report({ ...shown, ...nothing, value: perSecond.median, noise: formatSpread(perSecond) })
    }
    await checkRecorded(database, (rounds + 1) * batches * batchSize)
  } finally {
    await Promise.all([platform.stop(), generator.stop(), inserter.stop()])
    await database.remove()
  }
}

async function prepareFeed(database: BenchDatabase): Promise<FeedWithSecret> {
  const { db, keyring } = database
  const now = systemClock.now()
  const { companyId } = await createUser(db, now, {
    email: "owner@bench.example",
    password: "a long word of the benchmark",
    company: { fullName: "Benchmark" },
  })
  await transaction(db, (tx) => createDefaultPaymentCodeTemplate(tx, companyId))
  await linkAccounts(database, companyId)
  return createFeed(db, now, keyring, { companyId, name: "Benchmark", kind: "push", test: false })
}

function signedBatches({ id, secret }: FeedWithSecret, count: number, firstBatch: number): readonly string[] {
  const timestamp = String(unixSeconds(systemClock.now()))
  return Array.from({ length: count }, (_, batch) => {
    const first = (firstBatch + batch) * batchSize
    const items = Array.from({ length: batchSize }, (_, index) => item(first + index))
    const body = JSON.stringify({ items })
    const signature = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")
    const headers = {
      "content-type": "application/json",
      "x-feed-id": String(id),
      "x-feed-timestamp": timestamp,
      "x-feed-signature": `sha256=${signature}`,
    }
    return wireRequest("/feeds/v1/transactions", headers, body)
  })
}

function item(number: number): object {
  return {
    source_id: `P-${number}`,
    account_number: accountNumberOf(number % accountCount),
    transfer_type: number % 3 === 0 ? "out" : "in",
    amount: ((number * 7919) % 900) * 10_000 + 10_000,
    booked_at: new Date(systemClock.now() - (number % 86_400) * 1000).toISOString(),
    content: `DH${100_000 + (number % 900_000)} tra tien hang`,
    reference: `FT${1_000_000_000 + number}`,
    balance_after: 50_000_000 + (number % 1000) * 10_000,
  }
}

async function newestTransaction({ db }: BenchDatabase): Promise<number> {
  const row = await db
    .selectFrom("transactions")
    .select((column) => column.fn.max("id").as("id"))
    .executeTakeFirst()
  return row?.id ?? 0
}

async function checkRecorded({ db }: BenchDatabase, expected: number): Promise<void> {
  const row = await db
    .selectFrom("transactions")
    .select((column) => column.fn.countAll().as("count"))
    .executeTakeFirst()
  if (Number(row?.count) !== expected) throw new Error(`${row?.count} of ${expected} pushed transactions are there.`)
}
