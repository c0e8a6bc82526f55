import assert from "node:assert/strict"
import { createHmac } from "node:crypto"
import { transaction } from "../../src/database/engine.ts"
import { createFeed } from "../../src/feeds/feed.ts"
import type { CompanyId, WebhookId } from "../../src/ids.ts"
import { addWebhook } from "../../src/webhooks/add-webhook.ts"
import type { WebhookSettings } from "../../src/webhooks/webhook.ts"
import type { OAuthGround, TestUser } from "../support/oauth-site.ts"

/** What nobody should write into a memo or a name, and somebody does. */
export const ugly = `<script>alert(1)</script>"><img src=x onerror=alert(2)> ${"Đặng Thị Thanh Hằng chuyển khoản ".repeat(6)}`

/** Somebody who pushes transactions of a company. */
export interface Pusher {
  /** Pushes items that must all be taken, and returns the ids of their transactions. */
  push(...items: readonly Readonly<Record<string, unknown>>[]): Promise<number[]>
}

let lastSource = 0

/** Makes a feed of the user's company; items are of `accountNumber` and now unless they say otherwise. */
export async function aPusher(ground: OAuthGround, user: TestUser, accountNumber: string): Promise<Pusher> {
  const { db, clock, config } = ground.app.context
  const companyId = user.companyId as CompanyId
  const feed = await createFeed(db, clock.now(), config.keyring, {
    companyId,
    name: ugly.slice(0, 100),
    kind: "push",
    test: false,
  })
  ground.secrets.add(feed.secret)
  return {
    push: async (...items) => {
      const body = JSON.stringify({
        items: items.map((fields) => ({
          source_id: `M-${++lastSource}`,
          account_number: accountNumber,
          transfer_type: "in",
          amount: 349_000,
          booked_at: new Date(clock.now()).toISOString(),
          content: "DH100245 tra tien hang",
          ...fields,
        })),
      })
      const timestamp = String(Math.floor(clock.now() / 1000))
      const signature = createHmac("sha256", feed.secret).update(`${timestamp}.${body}`).digest("hex")
      const headers = {
        "content-type": "application/json",
        "x-feed-id": String(feed.id),
        "x-feed-timestamp": timestamp,
        "x-feed-signature": `sha256=${signature}`,
      }
      const answer = await fetch(`${ground.url}/feeds/v1/transactions`, { method: "POST", body, headers })
      const text = await answer.text()
      assert.equal(answer.status, 200, text)
      const { results } = (JSON.parse(text) as { data: { results: { result: string; transaction_id?: number }[] } })
        .data
      for (const { result } of results) assert.match(result, /^(created|updated)$/, text)
      return results.map((one) => one.transaction_id as number)
    },
  }
}

/** Gives the user's company a webhook for every account. */
export function aWebhook(
  ground: OAuthGround,
  user: TestUser,
  changes: Partial<WebhookSettings> = {},
): Promise<WebhookId> {
  const { db, clock } = ground.app.context
  const settings: WebhookSettings = {
    name: "Kho hàng",
    webhookUrl: "https://shop.example/hook",
    eventType: "All",
    bankMode: "all",
    bankAccountIds: [],
    accounts: [],
    onlyVa: false,
    vaMode: "all",
    bankSubAccountIds: [],
    skipIfNoCode: false,
    prefixFilters: [],
    authenType: "No_Authen",
    isVerifyPayment: false,
    requestContentType: "Json",
    retryNon2xx: true,
    retryWrongBody: false,
    disableOn410: false,
    longTail: false,
    alertThreshold: 1,
    alertEventTypes: [],
    alertChannelIds: [],
    active: true,
    ...changes,
  }
  const credentials = {
    sealedApiKey: undefined,
    apiKeyHash: undefined,
    oauth2AccessTokenUrl: undefined,
    oauth2ClientId: undefined,
    sealedOauth2ClientSecret: undefined,
    oauth2Dialect: undefined,
    sealedSecret: undefined,
    sealedNewSecret: undefined,
    newSecretActive: false,
    rollEndsAt: undefined,
  }
  const manager = {
    companyId: user.companyId as CompanyId,
    mode: "live",
    bankAccountIds: undefined,
    actor: { kind: "user", id: user.id },
  } as const
  const addition = { manager, action: "webhook.create", details: {}, liveLimit: 100 }
  return transaction(db, async (tx) => (await addWebhook(tx, clock.now(), { settings, credentials }, addition)).id)
}
