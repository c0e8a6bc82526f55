import assert from "node:assert/strict"
import { createBankAccount } from "../../../src/banking/bank-account.ts"
import { createSubAccount } from "../../../src/banking/sub-account.ts"
import { transaction } from "../../../src/database/engine.ts"
import { createFeed } from "../../../src/feeds/feed.ts"
import type { Permission } from "../../../src/identity/permission.ts"
import type { CompanyId } from "../../../src/ids.ts"
import { makeFakeClock } from "../../support/clock.ts"
import type { Answer, FormFields, Visitor } from "../../support/http.ts"
import { signIn } from "../../support/oauth-pages.ts"
import { addUser, type OAuthSite, startOAuthSite, type TestUser } from "../../support/oauth-site.ts"
import { type Receiver, startReceiver } from "../../support/receiver.ts"
import { signedPush } from "../../webhooks/delivery-ground.ts"

/** The platform with its worker, a company with two accounts that a bank pushes to, and a receiver on loopback. */
export interface WebhookSite {
  readonly site: OAuthSite
  readonly receiver: Receiver
  readonly merchant: Visitor
  readonly accountId: number
  readonly otherAccountId: number
  readonly vaIds: readonly number[]
  /** Records transactions by the signed feed API, and returns their ids. */
  push(items: readonly Readonly<Record<string, unknown>>[]): Promise<readonly number[]>
  /** Creates a webhook by its form and returns its id; `fields` override those of a plain one. */
  create(fields?: FormFields, visitor?: Visitor): Promise<number>
  /** A page, which must be answered with this status. */
  page(path: string, status?: number, visitor?: Visitor): Promise<string>
  /** Waits until the log of a webhook has so many rows, and returns their numbers, newest first. */
  log(id: number, atLeast: number): Promise<readonly number[]>
  /** A minute later the limits of replays and test sends are as new. */
  nextMinute(): void
  /** Somebody of the company with these permissions alone. */
  clerk(permissions: readonly Permission[]): Promise<Visitor>
  stop(): Promise<void>
}

/** Fields of the form that a browser would send. */
export const plainForm: FormFields = {
  mode: "live",
  event_type: "All",
  covers: "all",
  all_vas: "everything",
  authen_type: "No_Authen",
  request_content_type: "Json",
  retry_non_2xx: "1",
  disable_on_410: "1",
  active: "1",
  name: "Website",
}

export async function startWebhookSite(databaseUrl: string): Promise<WebhookSite> {
  const clock = makeFakeClock()
  const site = await startOAuthSite(databaseUrl, { clock, env: { OUTBOUND_ALLOW_HTTP: "on" } })
  const receiver = await startReceiver()
  const { db, config } = site.app.context
  const companyId = site.merchant.companyId as CompanyId
  const link = (accountNumber: string) =>
    createBankAccount(db, clock.now(), {
      companyId,
      bank: "ACB",
      accountNumber,
      holderName: "CONG TY MAU",
      mode: "live",
    })
  const accountId = await link("8800000001")
  const otherAccountId = await link("8800000002")
  const sub = (number: string) => createSubAccount(db, clock.now(), { accountId, accountNumber: number })
  const vaIds = [await sub("TKP001"), await sub("TKP002")]
  const feed = await createFeed(db, clock.now(), config.keyring, { companyId, name: "Bank", kind: "push", test: false })
  const pushing = { id: feed.id, secret: feed.secret, accountNumber: "8800000001" }
  const merchant = await signIn(site.url, site.merchant)
  site.app.worker.start()

  const page: WebhookSite["page"] = async (path, status = 200, visitor = merchant) => {
    const answer = await visitor.get(path, { "accept-language": "en" })
    assert.equal(answer.status, status, `${path}: ${answer.status} ${answer.location ?? ""} ${textOf(answer.text)}`)
    return answer.text
  }
  return {
    ...{ site, receiver, merchant, accountId, otherAccountId, vaIds, page },
    push: async (items) => {
      const { headers, body } = signedPush(pushing, items, clock.now())
      const answer = await site.caller.send("/feeds/v1/transactions", { method: "POST", body, headers })
      assert.equal(answer.status, 200, answer.text)
      const { data } = answer.json<{ data: { results: { transaction_id: number }[] } }>()
      return data.results.map((result) => result.transaction_id)
    },
    create: async (fields = {}, visitor = merchant) => {
      const answer = await submitNew(visitor, { webhook_url: receiver.url, ...fields })
      assert.equal(answer.status, 303, textOf(answer.text))
      return idIn(answer)
    },
    log: async (id, atLeast) => {
      const deadline = performance.now() + 20_000
      for (;;) {
        const text = await page(`/webhooks/${id}/log`)
        const numbers = [...text.matchAll(/\/log\/(\d+)"/g)].map(([, n]) => Number(n))
        if (numbers.length >= atLeast) return numbers
        assert.ok(performance.now() < deadline, `the log has only ${numbers.length} rows`)
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
    },
    nextMinute: () => clock.advance({ seconds: 61 }),
    clerk: async (permissions) => {
      const user = await addUser(site.app, companyId, "User")
      await givePermissions(site, user, permissions)
      return signIn(site.url, user)
    },
    stop: async () => {
      await site.stop()
      await receiver.close()
    },
  }
}

async function givePermissions(site: OAuthSite, user: TestUser, permissions: readonly Permission[]): Promise<void> {
  await transaction(site.app.context.db, (tx) =>
    tx
      .updateTable("users")
      .set({ permissions: JSON.stringify(permissions) })
      .where("id", "=", user.id)
      .execute(),
  )
}

/** Opens the form of a new webhook and sends it with these fields. */
export async function submitNew(visitor: Visitor, fields: FormFields): Promise<Answer> {
  const { text } = await visitor.get("/webhooks/new", { "accept-language": "en" })
  return visitor.postForm("/webhooks", { ...keysOf(text), ...plainForm, ...fields }, { "accept-language": "en" })
}

/** The tokens of the first form of a page that has them: csrf_token, form_key, config_version. */
export function keysOf(text: string): FormFields {
  const main = text.slice(text.indexOf("<main"))
  const value = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(main)?.[1]
  return { csrf_token: value("csrf_token"), form_key: value("form_key"), config_version: value("config_version") }
}

/** The id in the address that an answer leads to. */
export function idIn(answer: Answer): number {
  return Number(/^\/webhooks\/(\d+)/.exec(answer.location?.pathname ?? "")?.[1])
}

/** What a person reads of a page. */
export function textOf(page: string): string {
  const main = page.slice(page.indexOf("<main"), page.indexOf("</main>"))
  return main
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/&#39;/g, "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replaceAll(/\s+/g, " ")
}
