import { request } from "node:http"
import { sql } from "kysely"
import { indexChanges } from "../src/banking/search-index.ts"
import { systemClock } from "../src/clock.ts"
import { transaction } from "../src/database/engine.ts"
import { createUser } from "../src/identity/user.ts"
import { signIn } from "../test/support/oauth-pages.ts"
import { type BenchDatabase, createBenchDatabase, type EngineName, type Platform, startPlatform } from "./platform.ts"
import { formatNumber, type Report, targetOn } from "./result.ts"
import { fillTransactions, linkAccounts } from "./statement-rows.ts"
import { fillWebhook } from "./webhook-rows.ts"

const rows = Number(process.env["BENCH_PAGES_ROWS"] ?? 1_000_000)
const samples = 200
const warmUps = 20
const mostMs = 50
const password = "a long word of the benchmark"
const email = "owner@bench.example"

/** What the addresses of pages are made from. */
interface PageGround {
  readonly accountId: number
  /** A transaction in the middle. */
  readonly transactionId: number
  readonly lastPage: number
  /** Called once for each transaction. */
  readonly webhookId: number
}

const longAgo = "from=2024-06-01T00:00&to=2024-06-02T00:00"

/** Every page that is measured; a new page is one more line. */
const pages: readonly (readonly [name: string, path: (ground: PageGround) => string])[] = [
  ["overview", () => "/"],
  ["transactions, first page", () => "/transactions"],
  ["transactions, last page", ({ lastPage }) => `/transactions?page=${lastPage}`],
  ["transactions, middle page", ({ lastPage }) => `/transactions?page=${Math.floor(lastPage / 2)}`],
  ["transactions of an account, money out", ({ accountId }) => `/transactions?account=${accountId}&direction=out`],
  ["transactions by reference", ({ transactionId }) => `/transactions?reference=FT${1_000_000_000 + transactionId}`],
  ["transactions by a range of amounts", () => "/transactions?amount_from=1000000&amount_to=1200000"],
  ["transactions by an amount nobody has", () => "/transactions?amount_from=99999999"],
  ["search, a word that all have", () => "/transactions?q=thanh"],
  ["search, two words that all have", () => "/transactions?q=thanh+toan"],
  ["search, the beginning of a code", () => "/transactions?q=dh1234"],
  ["search, a word that nobody has", () => "/transactions?q=khongaico"],
  ["search, a rare word and an account", ({ accountId }) => `/transactions?q=dh12345&account=${accountId}`],
  ["transactions by payment code", () => "/transactions?code=DH123456"],
  ["a transaction", ({ transactionId }) => `/transactions/${transactionId}`],
  ["webhooks", () => "/webhooks"],
  ["a webhook", ({ webhookId }) => `/webhooks/${webhookId}`],
  ["a new webhook", () => "/webhooks/new"],
  ["delivery log, first page", ({ webhookId }) => `/webhooks/${webhookId}/log`],
  ["delivery log, from the middle", ({ webhookId }) => `/webhooks/${webhookId}/log?below=${Math.floor(rows / 2)}`],
  ["delivery log, failures", ({ webhookId }) => `/webhooks/${webhookId}/log?outcome=failed`],
  ["delivery log, an outcome nobody has", ({ webhookId }) => `/webhooks/${webhookId}/log?outcome=timeout`],
  [
    "delivery log, failures of a status nobody has",
    ({ webhookId }) => `/webhooks/${webhookId}/log?outcome=failed&status=201`,
  ],
  ["delivery log, a status nobody has", ({ webhookId }) => `/webhooks/${webhookId}/log?status=201`],
  ["delivery log, a day long ago", ({ webhookId }) => `/webhooks/${webhookId}/log?${longAgo}`],
  [
    "delivery log of a transaction",
    ({ webhookId, transactionId }) => `/webhooks/${webhookId}/log?transaction=${transactionId}`,
  ],
  [
    "replay of all that failed, preview",
    ({ webhookId }) => `/webhooks/${webhookId}/replay?from=2000-01-01T00:00&before=2100-01-01T00:00&states=failed`,
  ],
]

/** The first byte of each page of a merchant with a million transactions, one caller. */
export async function benchPages(engine: EngineName, report: Report): Promise<void> {
  const database = await createBenchDatabase(engine)
  const ground = await fill(database)
  const platform = await startPlatform(database)
  try {
    const cookies = (await signIn(`http://localhost:${platform.port}`, { email, password })).cookies
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ")
    for (const [name, path] of pages) {
      const times = await measure(platform, path(ground), cookie)
      report({
        name: "pages",
        value: percentile(times, 0.95),
        unit: "ms p95 to the first byte",
        against: `${name}, ${formatNumber(rows)} transactions`,
        againstValue: null,
        ratio: null,
        target: targetOn(engine, mostMs),
        engine,
        bound: "most",
        noise: `p50 ${formatNumber(percentile(times, 0.5))}, most ${formatNumber(percentile(times, 1))} ms`,
      })
    }
  } finally {
    await platform.stop()
    await database.remove()
  }
}

async function fill(database: BenchDatabase): Promise<PageGround> {
  const { db } = database
  const user = { email, password, company: { fullName: "Benchmark" }, role: "SuperAdmin" }
  const { companyId } = await createUser(db, systemClock.now(), user)
  const accountIds = await linkAccounts(database, companyId)
  await fillTransactions(database, companyId, accountIds, rows)
  const webhookId = await fillWebhook(database, companyId)
  // As recording would have left them: the index of words is made from the changes.
  await transaction(db, async (tx) => {
    await sql`insert into changes (company_id, sequence, kind, transaction_id, bank_account_id, changed_at)
      select company_id, row_number() over (order by id), 'created', id, bank_account_id, recorded_at
      from transactions`.execute(tx)
    await sql`insert into change_heads (company_id, last) select company_id, count(*) from transactions
      group by company_id`.execute(tx)
  })
  const startedAt = performance.now()
  while ((await indexChanges(db, 2000)) > 0);
  const seconds = (performance.now() - startedAt) / 1000
  process.stderr.write(`${formatNumber(rows)} transactions took ${formatNumber(seconds)} s to index.\n`)
  if (db.engine.name === "postgres") await sql`vacuum analyze`.execute(db)
  const [accountId = 0] = accountIds
  return { accountId, webhookId, transactionId: Math.floor(rows / 2), lastPage: Math.ceil(rows / 50) }
}

async function measure({ port }: Platform, path: string, cookie: string): Promise<readonly number[]> {
  const times: number[] = []
  for (let index = 0; index < warmUps + samples; index++) {
    const ms = await firstByte({ port, path, cookie })
    if (index >= warmUps) times.push(ms)
  }
  return times.sort((a, b) => a - b)
}

function firstByte(asked: { readonly port: number; readonly path: string; readonly cookie: string }): Promise<number> {
  const { port, path, cookie } = asked
  return new Promise((resolve, reject) => {
    const startedAt = performance.now()
    let ms = 0
    const call = request({ host: "127.0.0.1", port, path, headers: { cookie } }, (response) => {
      response.once("data", () => {
        ms = performance.now() - startedAt
      })
      response.resume().once("end", () => {
        if (response.statusCode === 200) resolve(ms)
        else reject(new Error(`${path} answered ${response.statusCode}.`))
      })
    })
    call.once("error", reject).end()
  })
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
