import { request } from "node:http"
import { sql } from "kysely"
import { indexChanges } from "../src/banking/search-index.ts"
import { systemClock } from "../src/clock.ts"
import { transaction } from "../src/database/engine.ts"
import { createUser, listUsers } from "../src/identity/user.ts"
import { signIn } from "../test/support/oauth-pages.ts"
import { fillApps } from "./app-rows.ts"
import { fillDesk } from "./desk-rows.ts"
import { openPages, operatorPages, ownerPages, type PageGround } from "./page-list.ts"
import { fillPeople } from "./people-rows.ts"
import { processorSeconds } from "./pinned-process.ts"
import { type BenchDatabase, createBenchDatabase, type EngineName, type Platform, startPlatform } from "./platform.ts"
import { formatNumber, type Report, targetOn } from "./result.ts"
import { fillTransactions, linkAccounts } from "./statement-rows.ts"
import { fillWebhook } from "./webhook-rows.ts"

const rows = Number(process.env["BENCH_PAGES_ROWS"] ?? 1_000_000)
const samples = Number(process.env["BENCH_PAGES_SAMPLES"] ?? 200)
const warmUps = 20
const mostMs = 50
const password = "a long word of the benchmark"
const ownerEmail = "owner@bench.example"
const operatorEmail = "operator@bench.example"

/** The first byte of each page of a company with a million transactions, and of the operator's, one caller. */
export async function benchPages(engine: EngineName, report: Report): Promise<void> {
  const database = await createBenchDatabase(engine)
  const ground = await fill(database)
  const platform = await startPlatform(database)
  try {
    for (const [email, pages] of [
      [ownerEmail, [...ownerPages, ...openPages]],
      [operatorEmail, operatorPages],
    ] as const) {
      const cookies = (await signIn(`http://localhost:${platform.port}`, { email, password })).cookies
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ")
      for (const [name, path] of pages) {
        reportPage({ engine, name, ...(await measure(platform, path(ground), cookie)) }, report)
      }
    }
  } finally {
    await platform.stop()
    await database.remove()
  }
}

/** How long the calls of a page took, shortest first, and what one cost the process. */
interface Measured {
  readonly times: readonly number[]
  /** Milliseconds; of PostgreSQL's work nothing is in it. */
  readonly processorMs: number
}

function reportPage(
  { engine, name, times, processorMs }: Measured & { readonly engine: EngineName; readonly name: string },
  report: Report,
): void {
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
    noise:
      `p50 ${formatNumber(percentile(times, 0.5))}, least ${formatNumber(percentile(times, 0))}, ` +
      `most ${formatNumber(percentile(times, 1))} ms; ${formatNumber(processorMs)} ms of the processor`,
  })
}

async function fill(database: BenchDatabase): Promise<PageGround> {
  const { db } = database
  const now = systemClock.now()
  const owner = { email: ownerEmail, password, company: { fullName: "Benchmark" }, role: "SuperAdmin" }
  const { companyId, id: ownerId } = await createUser(db, now, owner)
  const operator = { email: operatorEmail, password, company: { fullName: "The operator" }, isOperator: true }
  const { id: operatorId } = await createUser(db, now, operator)
  const accountIds = await linkAccounts(database, companyId)
  const [accountId = 0] = accountIds
  await fillTransactions(database, companyId, accountIds, rows)
  const people = { companyId, ownerId, operatorId, rows, now }
  await fillPeople(database, people)
  const app = await fillApps(database, people, ownerEmail)
  const desk = await fillDesk(database, people, accountId)
  const webhookId = await fillWebhook(database, companyId)
  await fillSearchIndex(database)
  if (db.engine.name === "postgres") await sql`vacuum analyze`.execute(db)
  const [colleague] = (await listUsers(db, { companyId })).slice(-1)
  return {
    ...{ ...app, ...desk, rows, companyId, ownerId, accountId, webhookId, now },
    colleagueId: colleague?.id ?? 0,
    transactionId: Math.floor(rows / 2),
  }
}

/** As recording would have left it: the index of words is made from the changes. */
async function fillSearchIndex({ db }: BenchDatabase): Promise<void> {
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
}

async function measure({ port, pid }: Platform, path: string, cookie: string): Promise<Measured> {
  for (let index = 0; index < warmUps; index++) await firstByte({ port, path, cookie })
  const times: number[] = []
  const before = processorSeconds(pid) ?? Number.NaN
  for (let index = 0; index < samples; index++) times.push(await firstByte({ port, path, cookie }))
  const processorMs = (((processorSeconds(pid) ?? Number.NaN) - before) * 1000) / samples
  return { times: times.sort((a, b) => a - b), processorMs }
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
