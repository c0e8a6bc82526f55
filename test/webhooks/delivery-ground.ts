import { createHmac } from "node:crypto"
import { createBankAccount } from "../../src/banking/bank-account.ts"
import { type Clock, type Instant, unixSeconds } from "../../src/clock.ts"
import { createFeed } from "../../src/feeds/feed.ts"
import type { CompanyId, Mode } from "../../src/ids.ts"
import { startAuthorizationServer } from "../../src/oauth/authorization-server.ts"
import { aCaller, type Caller, type CallerOptions } from "../banking/api-site.ts"
import { startApp, type TestApp } from "../support/app.ts"
import { aCompany, aTemplate } from "../support/make.ts"

/** The whole platform with its worker, a company with an account, a bank that pushes, and an app that manages webhooks. */
export interface DeliveryGround {
  readonly app: TestApp
  readonly companyId: number
  readonly accountId: number
  readonly accountNumber: string
  readonly feed: PushingFeed
  readonly caller: Caller
  /** Somebody else of the company. */
  anotherCaller(options: Partial<CallerOptions>): Promise<Caller>
  /** Creates a webhook by the API and returns its id; `fields` override those of a plain one. */
  webhook(fields: Readonly<Record<string, unknown>>): Promise<number>
  /** Pushes transactions by the signed feed API, and returns their ids. */
  push(items: readonly Readonly<Record<string, unknown>>[]): Promise<readonly number[]>
  /** The log of a webhook, oldest first, once it has so many rows. */
  log(webhookId: number, atLeast: number): Promise<readonly LogRow[]>
  stop(): Promise<void>
}

export interface LogRow {
  readonly n: number
  readonly delivery_id: string
  readonly kind: string
  readonly attempt: number
  readonly class: string
  readonly status: string
  readonly http_status: number | null
  readonly error_code: number
  readonly message: string | null
  readonly next_retry_at: string | null
  readonly transaction_id: number | null
  readonly replay_of: number | null
}

/** A bank that pushes, and the account it pushes for. */
export interface PushingFeed {
  readonly id: number
  readonly secret: string
  readonly accountNumber: string
}

/** A signed call that pushes transactions; `items` override fields of plain ones. */
export function signedPush(
  feed: PushingFeed,
  items: readonly Readonly<Record<string, unknown>>[],
  now: Instant,
): { readonly headers: Record<string, string>; readonly body: string } {
  const body = JSON.stringify({
    items: items.map((item) => {
      serial += 1
      return {
        source_id: `P-${serial}`,
        account_number: feed.accountNumber,
        transfer_type: "in",
        amount: 349_000,
        booked_at: "2025-12-11T12:48:20+07:00",
        content: "DH100245 tra tien hang",
        ...item,
      }
    }),
  })
  const timestamp = String(unixSeconds(now))
  const signature = createHmac("sha256", feed.secret).update(`${timestamp}.${body}`).digest("hex")
  const headers = {
    "content-type": "application/json",
    "x-feed-id": String(feed.id),
    "x-feed-timestamp": timestamp,
    "x-feed-signature": `sha256=${signature}`,
  }
  return { headers, body }
}

let serial = 0

/** Starts the ground over a migrated database; `http` is allowed in live mode, so that receivers of the tests do. */
export async function startDeliveryGround(
  databaseUrl: string,
  options: { readonly clock?: Clock; readonly env?: Readonly<Record<string, string>>; readonly mode?: Mode } = {},
): Promise<DeliveryGround> {
  const { mode = "live", ...rest } = options
  const app = await startApp({ databaseUrl, ...rest, env: { OUTBOUND_ALLOW_HTTP: "on", ...options.env } })
  const { db, clock, config } = app.context
  const companyId = await aCompany(db)
  await aTemplate(db, { companyId, mode })
  serial += 1
  const accountNumber = `88${String(serial).padStart(8, "0")}`
  const account = { companyId: companyId as CompanyId, bank: "ACB", holderName: "NGUYEN VAN A", mode, accountNumber }
  const accountId = await createBankAccount(db, clock.now(), account)
  const feed = await createFeed(db, clock.now(), config.keyring, {
    ...{ companyId: companyId as CompanyId, name: "Bank", kind: "push" },
    test: mode === "test",
  })
  const pushing = { id: feed.id, secret: feed.secret, accountNumber }
  const server = await startAuthorizationServer(app.context)
  const site = { url: app.url, context: app.context, keys: server.keys }
  const caller = await aCaller(site, { companyId, mode })

  return {
    app,
    companyId,
    accountId,
    accountNumber,
    feed: pushing,
    caller,
    anotherCaller: (more) => aCaller(site, { companyId, mode, ...more }),
    webhook: async (fields) => {
      const plain = {
        name: "Shop",
        event_type: "All",
        authen_type: "No_Authen",
        is_verify_payment: 0,
        bank_mode: "all",
      }
      const answer = await caller.post("/webhooks", { ...plain, ...fields })
      if (answer.status !== 201) throw new Error(answer.text)
      return answer.json<{ id: number }>().id
    },
    push: async (items) => {
      const { headers, body } = signedPush(pushing, items, clock.now())
      const response = await fetch(`${app.url}/feeds/v1/transactions`, { method: "POST", body, headers })
      const answer = (await response.json()) as { data: { results: { result: string; transaction_id: number }[] } }
      if (response.status !== 200) throw new Error(JSON.stringify(answer))
      return answer.data.results.map((result) => result.transaction_id)
    },
    log: async (webhookId, atLeast) => {
      const deadline = performance.now() + 20_000
      for (;;) {
        const answer = await caller.get(`/webhooks/${webhookId}/logs?limit=100`)
        const rows = answer.json<{ data: LogRow[] }>().data.toReversed()
        if (rows.length >= atLeast) return rows
        if (performance.now() > deadline) throw new Error(`The log has only ${rows.length} rows: ${answer.text}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    stop: async () => {
      server.stop()
      await app.stop()
    },
  }
}
