import assert from "node:assert/strict"
import { errorAnswer } from "../../src/http/api-values.wire.ts"
import type { Mode } from "../../src/ids.ts"
import { newWebhookAnswer, type WebhookBody, webhookAnswer } from "../../src/webhooks/webhooks.wire.ts"
import { type ApiSite, aCaller, type Caller } from "../banking/api-site.ts"
import type { Answer } from "../support/http.ts"
import { aBankAccount, aCompany, aSubAccount } from "../support/make.ts"

/** A company with two accounts, two sub-accounts on the first and one on the second, and somebody who may do all. */
export interface Shop {
  readonly companyId: number
  readonly first: number
  readonly second: number
  readonly subsOfFirst: readonly number[]
  readonly subOfSecond: number
  readonly caller: Caller
}

export async function aShop(site: ApiSite, mode: Mode = "live"): Promise<Shop> {
  const { db } = site.context
  const companyId = await aCompany(db)
  const first = await aBankAccount(db, { companyId, mode })
  const second = await aBankAccount(db, { companyId, mode })
  const sub = (bankAccountId: number, number: string) => aSubAccount(db, { bankAccountId, number })
  return {
    companyId,
    first,
    second,
    subsOfFirst: [await sub(first, "VA1"), await sub(first, "VA2")],
    subOfSecond: await sub(second, "VA3"),
    caller: await aCaller(site, { companyId, mode }),
  }
}

/** The body of a webhook for the shop's first account, without authentication. */
export function aBody({ first }: Pick<Shop, "first">, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    name: "Shop webhook",
    event_type: "All",
    webhook_url: "https://shop.example/hook",
    authen_type: "No_Authen",
    is_verify_payment: 0,
    bank_account_id: first,
    ...changes,
  }
}

/** Creates a webhook that must be taken, and checks the form of the answer. */
export async function create(caller: Caller, body: unknown): Promise<WebhookBody> {
  const answer = await caller.post("/webhooks", body)
  assert.equal(answer.status, 201, answer.text)
  const { id, data } = newWebhookAnswer.parse(answer.json())
  assert.equal(id, data.id)
  assert.equal(answer.headers.get("location"), `/api/v1/webhooks/${id}`)
  return data
}

/** Changes a webhook; the change must be taken. */
export async function change(caller: Caller, id: number, body: unknown): Promise<WebhookBody> {
  const answer = await caller.patch(`/webhooks/${id}`, body)
  assert.equal(answer.status, 200, answer.text)
  return webhookAnswer.parse(answer.json()).data
}

export async function read(caller: Caller, id: number): Promise<WebhookBody> {
  const answer = await caller.get(`/webhooks/${id}`)
  assert.equal(answer.status, 200, answer.text)
  return webhookAnswer.parse(answer.json()).data
}

/** The fields that a refused write names, after checking the form of the answer. */
export function faultyFields(answer: Answer, what = ""): string[] {
  assert.equal(answer.status, 400, `${what} ${answer.text}`)
  const body = errorAnswer.parse(answer.json())
  assert.equal(body.error, "invalid_request", what)
  const { errors = {} } = body
  for (const [name, [text = ""] = []] of Object.entries(errors)) {
    if (name !== "body") assert(text.startsWith(`${name} `), text)
    assert.match(text, /^[\x20-\x7e]+$/)
  }
  assert.equal(body.message, Object.values(errors)[0]?.[0], what)
  return Object.keys(errors).sort()
}

/** What the audit log has of a webhook: `webhook.create …`, oldest first. */
export async function auditOf({ context: { db } }: ApiSite, id: number) {
  const query = db.selectFrom("audit_entries").selectAll().where("subject_id", "=", id).orderBy("id")
  return (await query.execute()).filter(({ action }) => action.startsWith("webhook."))
}

export async function versionOf({ context: { db } }: ApiSite, id: number): Promise<number> {
  const query = db.selectFrom("webhooks").select("config_version").where("id", "=", id)
  return (await query.executeTakeFirstOrThrow()).config_version
}
