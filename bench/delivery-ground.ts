import { createHmac } from "node:crypto"
import { findBankAccounts } from "../src/banking/account-lookup.ts"
import { createDefaultPaymentCodeTemplate } from "../src/banking/payment-code-settings.ts"
import { systemClock, unixSeconds } from "../src/clock.ts"
import { transaction } from "../src/database/engine.ts"
import { createFeed } from "../src/feeds/feed.ts"
import { importStatement } from "../src/feeds/import-statement.ts"
import { createUser } from "../src/identity/user.ts"
import type { CompanyId, WebhookId } from "../src/ids.ts"
import { createWebhook, updateWebhook } from "../src/webhooks/webhook-settings.ts"
import { wireRequest } from "./load-job.ts"
import { startAssistant } from "./pinned-process.ts"
import { type BenchDatabase, createBenchDatabase, type EngineName, type Platform, startPlatform } from "./platform.ts"
import type { Receiver, ReceiverAnswer, ReceiverJob } from "./receiver-job.ts"
import { accountNumberOf, linkAccounts } from "./statement-rows.ts"

export const webhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="

/** The platform with a worker, a company whose account has transactions to tell of, and a receiver. */
export interface DeliveryGround {
  readonly database: BenchDatabase
  readonly platform: Platform
  readonly receiver: Receiver
  readonly receiverUrl: string
  /** Makes a signed JSON webhook for a path of the receiver. */
  addWebhook(path: string): Promise<WebhookId>
  switchWebhook(id: WebhookId, active: boolean): Promise<void>
  /** Records transactions of these references in one database transaction: with its commit their deliveries are due. */
  queue(references: readonly string[]): Promise<void>
  /** A signed push of one transaction, as it goes over the wire. */
  pushOf(reference: string): string
  /** Resolves when nothing is left to deliver, and all of it is known as delivered with one attempt each. */
  checkDelivered(expected: number): Promise<void>
  stop(): Promise<void>
}

/** Starts the ground; `env` goes to the platform. */
export async function startDeliveryGround(
  engine: EngineName,
  env: Readonly<Record<string, string>>,
): Promise<DeliveryGround> {
  const database = await createBenchDatabase(engine)
  const { db, keyring } = database
  const now = systemClock.now()
  const { companyId } = await createUser(db, now, {
    email: "owner@bench.example",
    password: "a long word of the benchmark",
    company: { fullName: "Benchmark" },
  })
  await transaction(db, (tx) => createDefaultPaymentCodeTemplate(tx, companyId))
  const [accountId = 0] = await linkAccounts(database, companyId)
  const feed = await createFeed(db, now, keyring, { companyId, name: "Bench", kind: "push", test: false })
  const receiver = startAssistant<ReceiverJob, ReceiverAnswer>("measuring", "webhook-receiver")
  const receiverUrl = `http://127.0.0.1:${(await receiver.ask({ kind: "listen" })).port}`
  const outward = { OUTBOUND_ALLOW_HTTP: "on", OUTBOUND_ALLOW: "127.0.0.0/8", WEBHOOK_LIMIT: "1000" }
  const platform = await startPlatform(database, { ...outward, ...env })
  const webhooks = webhooksOf(database, companyId as CompanyId)
  return {
    ...{ database, platform, receiver, receiverUrl },
    addWebhook: (path) => webhooks.add(`${receiverUrl}${path}`),
    switchWebhook: webhooks.switch,
    queue: (references) => queueTransactions(database, accountId, references),
    pushOf: (reference) => signedPush(feed, reference),
    checkDelivered: (expected) => checkDelivered(database, expected),
    stop: async () => {
      await Promise.all([platform.stop(), receiver.stop()])
      await database.remove()
    },
  }
}

function webhooksOf({ db, keyring }: BenchDatabase, companyId: CompanyId) {
  const ground = { keyring, findBankAccounts, findUrlProblem: async () => undefined }
  const manager = { companyId, mode: "live", bankAccountIds: undefined, actor: { kind: "operator" } } as const
  return {
    add: async (webhookUrl: string): Promise<WebhookId> => {
      const plain = {
        ...({ name: "Receiver", webhookUrl, eventType: "All", isVerifyPayment: false } as const),
        authenType: "HMAC_SHA256" as const,
      }
      const draft = { plain, accounts: { bankMode: "all" as const }, credentials: { secretKey: webhookSecret } }
      const write = { manager, draft, faults: [], liveLimit: 1000 }
      return (await createWebhook(db, systemClock.now(), ground, write)).webhook.id
    },
    switch: async (id: WebhookId, active: boolean): Promise<void> => {
      const draft = { plain: { active }, accounts: {}, credentials: {} }
      await updateWebhook(db, systemClock.now(), ground, { id, manager, draft, faults: [] })
    },
  }
}

async function queueTransactions(
  { db }: BenchDatabase,
  accountId: number,
  references: readonly string[],
): Promise<void> {
  const lines = references.map((reference, index) => {
    return `:61:2512111211C${349_000 + index},NTRFNONREF//${reference}\n:86:DH${100_000 + index} tra tien hang\n`
  })
  const sum = references.reduce((total, _, index) => total + 349_000 + index, 0)
  const text = `:20:B\n:25:${accountNumberOf(0)}\n:28C:1/1\n:60F:C251210VND0,\n${lines.join("")}:62F:C251211VND${sum},\n-\n`
  const result = await importStatement(db, systemClock, {
    open: async function* () {
      yield Buffer.from(text)
    },
    ...{ fileName: "bench.sta", account: { id: accountId }, notify: "all", disjoint: true, importedBy: "bench" },
  })
  if (result.kind !== "imported") throw new Error(`The statement of the benchmark was ${JSON.stringify(result)}`)
}

function signedPush({ id, secret }: { readonly id: number; readonly secret: string }, reference: string): string {
  const now = systemClock.now()
  const item = {
    source_id: reference,
    account_number: accountNumberOf(0),
    transfer_type: "in",
    amount: 349_000,
    booked_at: new Date(now).toISOString(),
    content: "DH100245 tra tien hang",
    reference,
  }
  const body = JSON.stringify({ items: [item] })
  const timestamp = String(unixSeconds(now))
  const signature = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")
  const headers = {
    "content-type": "application/json",
    "x-feed-id": String(id),
    "x-feed-timestamp": timestamp,
    "x-feed-signature": `sha256=${signature}`,
  }
  return wireRequest("/feeds/v1/transactions", headers, body)
}

async function checkDelivered({ db }: BenchDatabase, expected: number): Promise<void> {
  const deadline = performance.now() + 30_000
  for (;;) {
    const due = await db.selectFrom("delivery_due").select("delivery_id").limit(1).executeTakeFirst()
    if (due === undefined) break
    if (performance.now() > deadline) throw new Error("Deliveries are due that nobody makes.")
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const { count } = await db
    .selectFrom("deliveries")
    .innerJoin("attempts", "attempts.delivery_id", "deliveries.id")
    .select((column) => column.fn.countAll<number>().as("count"))
    .where("deliveries.state", "=", "delivered")
    .where("deliveries.attempts", "=", 1)
    .executeTakeFirstOrThrow()
  if (Number(count) !== expected) throw new Error(`${count} of ${expected} deliveries were recorded as delivered.`)
}
