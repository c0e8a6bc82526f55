import assert from "node:assert/strict"
import { createHmac, randomBytes } from "node:crypto"
import Fastify from "fastify"
import { sql } from "kysely"
import { pino } from "pino"
import { accountKeyOf } from "../../src/banking/account-draft.ts"
import { bareAccountNumber } from "../../src/banking/virtual-account.ts"
import { readConfig } from "../../src/config.ts"
import type { Context } from "../../src/context.ts"
import { type Database, transaction } from "../../src/database/engine.ts"
import { openDatabase } from "../../src/database/open-database.ts"
import { createFeed } from "../../src/feeds/feed.ts"
import { registerFeeds } from "../../src/feeds/feeds.routes.ts"
import type { BankAccountId, CompanyId, Mode } from "../../src/ids.ts"
import { createInstanceBus } from "../../src/instance-bus.ts"
import { createMailer } from "../../src/mail.ts"
import { createMetrics } from "../../src/metrics.ts"
import { createOutbound } from "../../src/outbound/guarded-request.ts"
import { type FakeClock, makeFakeClock } from "../support/clock.ts"

/** A database, a clock and the feed API, for the tests of money in. */
export interface FeedGround {
  readonly db: Database
  readonly clock: FakeClock
  readonly context: Context
  readonly app: ReturnType<typeof Fastify>
  stop(): Promise<void>
}

/** Opens the ground over a migrated database. */
export async function openGround(databaseUrl: string, env: Record<string, string> = {}): Promise<FeedGround> {
  const clock = makeFakeClock("2025-12-11T06:00:00Z")
  const config = readConfig({
    SEPAY_SECRET: "a secret of the tests that is long enough",
    DATABASE_URL: databaseUrl,
    RATE_LIMIT_FEED: "off",
    ...env,
  })
  const db = await openDatabase({ url: databaseUrl })
  const log = pino({ level: "silent" })
  const outbound = createOutbound(config.outbound)
  const mail = createMailer({ config, clock, log, db })
  const context: Context = {
    ...{ config, clock, db, log, outbound, mail },
    metrics: createMetrics(),
    bus: createInstanceBus(),
  }
  const app = Fastify()
  registerFeeds(app, context)
  await app.ready()
  return {
    db,
    clock,
    context,
    app,
    stop: async () => {
      await app.close()
      await outbound.close()
      await db.engine.close()
    },
  }
}

/** A company with the default code format, as sign-up makes it. */
export async function aCompany(db: Database): Promise<CompanyId> {
  const id = await transaction(db, async (tx) => {
    const row = await tx
      .insertInto("companies")
      .values({
        full_name: "Công ty Thử",
        short_name: "Thử",
        subscription: "Free",
        status: "Active",
        sub_accounts_on: 1,
        payment_codes_on: 1,
        separator_tolerant: 1,
        data_storage_days: 90,
        created_at: 0,
      })
      .returning("id")
      .executeTakeFirstOrThrow()
    for (const mode of ["live", "test"]) {
      await tx
        .insertInto("payment_code_formats")
        .values({
          company_id: row.id,
          mode,
          position: 0,
          prefix: "DH",
          suffix_from: 6,
          suffix_to: 8,
          character_type: "NumberOnly",
          is_active: 1,
        })
        .execute()
    }
    return row.id
  })
  return id as CompanyId
}

/** A linked account. */
export async function anAccount(
  db: Database,
  companyId: CompanyId,
  given: { readonly number?: string; readonly bank?: string; readonly mode?: Mode; readonly active?: 0 | 1 } = {},
): Promise<{ readonly id: BankAccountId; readonly number: string }> {
  const number = given.number ?? `88${randomBytes(4).readUInt32BE().toString().padStart(10, "0")}`
  const row = await transaction(db, (tx) =>
    tx
      .insertInto("bank_accounts")
      .values({
        company_id: companyId,
        mode: given.mode ?? "live",
        bank: given.bank ?? "ACB",
        account_number: number,
        account_key: accountKeyOf(number),
        holder_name: "LE THI HOA",
        active: given.active ?? 1,
        count_in: 0,
        count_out: 0,
        created_at: 0,
      })
      .returning("id")
      .executeTakeFirstOrThrow(),
  )
  return { id: row.id as BankAccountId, number }
}

/** A virtual account. */
export async function aVirtualAccount(
  db: Database,
  bankAccountId: BankAccountId,
  given: { readonly number: string; readonly active?: 0 | 1 },
): Promise<number> {
  const row = await transaction(db, (tx) =>
    tx
      .insertInto("sub_accounts")
      .values({
        bank_account_id: bankAccountId,
        kind: given.number.startsWith("TKP") ? "memo" : "official",
        account_number: given.number,
        account_key: bareAccountNumber(given.number).toUpperCase(),
        active: given.active ?? 1,
        created_at: 0,
      })
      .returning("id")
      .executeTakeFirstOrThrow(),
  )
  return row.id
}

/** A feed that signs its calls. */
export interface TestFeed {
  readonly id: number
  readonly secret: string
  readonly companyId: CompanyId
}

/** A feed with its secret. */
export async function aFeed(
  ground: FeedGround,
  companyId: CompanyId,
  given: { readonly kind?: "push" | "simulator"; readonly test?: boolean; readonly accounts?: BankAccountId[] } = {},
): Promise<TestFeed> {
  const { kind = "push", test = false, accounts } = given
  const request = { companyId, name: "Ngân hàng", kind, test, ...(accounts && { bankAccountIds: accounts }) }
  const feed = await createFeed(ground.db, ground.clock.now(), ground.context.config.keyring, request)
  return { ...feed, companyId }
}

/** How a call differs from a rightly signed one. */
export interface CallOptions {
  readonly timestamp?: number | string
  readonly secret?: string
  readonly headers?: Record<string, string | undefined>
  readonly path?: string
}

/** Answer of the feed API. */
export interface FeedAnswer {
  readonly status: number
  readonly headers: Record<string, unknown>
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: bodies are compared field by field
  readonly body: any
}

/** Posts a body, signed. */
export async function post(
  ground: FeedGround,
  feed: TestFeed,
  body: unknown,
  options: CallOptions = {},
): Promise<FeedAnswer> {
  const text =
    typeof body === "string" || body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(JSON.stringify(body))
  const timestamp = String(options.timestamp ?? Math.floor(ground.clock.now() / 1000))
  const signature = createHmac("sha256", options.secret ?? feed.secret)
    .update(`${timestamp}.`)
    .update(text)
    .digest("hex")
  const headers = Object.fromEntries(
    Object.entries({
      "content-type": "application/json",
      "x-feed-id": String(feed.id),
      "x-feed-timestamp": timestamp,
      "x-feed-signature": `sha256=${signature}`,
      ...options.headers,
    }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  const url = `/feeds/v1${options.path ?? "/transactions"}`
  const response = await ground.app.inject({ method: "POST", url, headers, payload: text })
  return {
    status: response.statusCode,
    headers: response.headers,
    text: response.body,
    body: JSON.parse(response.body),
  }
}

let lastSource = 0

/** A pushed item that is right, changed by `fields`. */
export function anItem(account: { readonly number: string }, fields: Record<string, unknown> = {}) {
  lastSource += 1
  return {
    source_id: `P-${lastSource}`,
    account_number: account.number,
    transfer_type: "in",
    amount: 349_000,
    booked_at: "2025-12-11T12:48:20+07:00",
    content: "DH100245 tra tien hang",
    reference: "FT25345778812",
    ...fields,
  }
}

/** Rows of a table, in the order of its ids or of everything it has. */
export async function rowsOf(db: Database, table: string): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(db)
  const keyOf = (row: Record<string, unknown>) => String(row["id"] ?? JSON.stringify(row)).padStart(12, "0")
  const keyed = rows.map((row) => ({ key: keyOf(row), row: { ...row } }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ row }) => row)
}

const recordTables = [
  "transactions",
  "transaction_revisions",
  "transaction_day_counts",
  "observations",
  "events",
  "changes",
  "change_heads",
  "bank_accounts",
  "statements",
  "staged_lines",
  "gaps",
]

/** All that recording can change, to compare before and after. */
export async function dumpRecords(db: Database): Promise<string> {
  const tables = []
  for (const table of recordTables) tables.push([table, await rowsOf(db, table)])
  return JSON.stringify(tables)
}

/** Checks what must hold after whatever was recorded: counts, events, change sequence. */
export async function checkInvariants(db: Database): Promise<void> {
  const transactions = await rowsOf(db, "transactions")
  const listed = transactions.filter((row) => row["listed"] === 1)
  const recount = new Map<string, number>()
  const count = (key: string, by = 1) =>
    recount.set(key, Math.min((recount.get(key) ?? 0) + by, Number.MAX_SAFE_INTEGER))
  for (const row of listed) {
    const direction = (row["amount"] as number) > 0 ? "in" : "out"
    count(`${row["bank_account_id"]} ${row["booked_day"]} ${direction}`)
    count(`${row["bank_account_id"]} all ${direction}`)
    count(`${row["bank_account_id"]} ${row["booked_day"]} đồng ${direction}`, Math.abs(row["amount"] as number))
  }
  const kept = new Map<string, number>()
  const keep = (key: string, value: unknown) => value !== 0 && kept.set(key, value as number)
  for (const row of await rowsOf(db, "transaction_day_counts")) {
    keep(`${row["bank_account_id"]} ${row["day"]} in`, row["count_in"])
    keep(`${row["bank_account_id"]} ${row["day"]} out`, row["count_out"])
    keep(`${row["bank_account_id"]} ${row["day"]} đồng in`, row["sum_in"])
    keep(`${row["bank_account_id"]} ${row["day"]} đồng out`, row["sum_out"])
  }
  for (const row of await rowsOf(db, "bank_accounts")) {
    keep(`${row["id"]} all in`, row["count_in"])
    keep(`${row["id"]} all out`, row["count_out"])
  }
  assert.deepEqual(new Map([...kept].sort()), new Map([...recount].sort()), "day counts and sums equal a recount")

  const events = await rowsOf(db, "events")
  assert.deepEqual(
    events.map((row) => row["transaction_id"]).sort(byNumber),
    transactions.map((row) => row["id"]).sort(byNumber),
    "every transaction has one event",
  )
  for (const event of events) {
    assert.equal((JSON.parse(event["payload"] as string) as { id: number }).id, event["transaction_id"])
  }
  const observed = new Set((await rowsOf(db, "observations")).map((row) => row["transaction_id"]))
  for (const row of transactions) assert.ok(observed.has(row["id"]), "every transaction has an observation")

  const changes = await rowsOf(db, "changes")
  for (const head of await rowsOf(db, "change_heads")) {
    const sequences = changes.filter((row) => row["company_id"] === head["company_id"]).map((row) => row["sequence"])
    const wanted = Array.from({ length: head["last"] as number }, (_, index) => index + 1)
    assert.deepEqual(sequences.sort(byNumber), wanted, "the change sequence has no hole")
  }
}

function byNumber(a: unknown, b: unknown): number {
  return (a as number) - (b as number)
}
