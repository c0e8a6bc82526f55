import { listCompanyAccounts } from "../../banking/bank-account.ts"
import { readCompanyTransactions } from "../../banking/company-data.ts"
import { listPaymentCodeTemplates } from "../../banking/payment-code-settings.ts"
import { listSubAccounts } from "../../banking/sub-account.ts"
import type { Instant } from "../../clock.ts"
import type { Queries } from "../../database/engine.ts"
import { findCompany } from "../../identity/company.ts"
import { listUsers } from "../../identity/user.ts"
import { listCompanyGrants } from "../../oauth/grant.ts"
import { formatVietnamTime } from "../../vietnam-time.ts"
import { listEveryWebhook } from "../../webhooks/operator-view.ts"
import { settingsOf } from "../../webhooks/webhook.ts"

const inABatch = 1000

/**
 * All data of a company as lines of JSON, each with its `type`, read while it is sent. Nothing in it opens anything: no
 * password, no secret, no token, and of a webhook's URL neither query nor user part, where keys are put.
 */
export async function* exportCompany(db: Queries, companyId: number, now: Instant): AsyncGenerator<string> {
  const company = await findCompany(db, companyId)
  yield line("company", { ...company, exported_at: formatVietnamTime(now) })
  for (const mode of ["live", "test"] as const) {
    for (const template of await listPaymentCodeTemplates(db, companyId, mode)) {
      yield line("payment_code_format", { mode, ...template })
    }
  }
  yield* exportUsers(db, companyId)
  yield* exportAccounts(db, companyId)
  yield* exportWebhooks(db, companyId)
  for (const grant of await listCompanyGrants(db, companyId, now)) yield line("grant", grant)
  for await (const batch of readCompanyTransactions(db, companyId)) {
    yield batch.map((transaction) => line("transaction", transaction)).join("")
  }
}

async function* exportUsers(db: Queries, companyId: number): AsyncGenerator<string> {
  let after = 0
  for (;;) {
    const users = await listUsers(db, { companyId, after, limit: inABatch })
    for (const user of users) yield line("user", user)
    after = users.at(-1)?.id ?? after
    if (users.length < inABatch) return
  }
}

async function* exportAccounts(db: Queries, companyId: number): AsyncGenerator<string> {
  for (const account of await listCompanyAccounts(db, companyId)) {
    yield line("bank_account", account)
    for (let page = 1; ; page++) {
      const { subAccounts } = await listSubAccounts(db, account.id, { page, limit: inABatch })
      for (const sub of subAccounts) yield line("sub_account", sub)
      if (subAccounts.length < inABatch) break
    }
  }
}

async function* exportWebhooks(db: Queries, companyId: number): AsyncGenerator<string> {
  let after = 0
  for (;;) {
    const webhooks = await listEveryWebhook(db, { companyId, after })
    for (const webhook of webhooks) {
      const { id, mode, createdAt } = webhook
      const settings = { ...settingsOf(webhook), webhookUrl: withoutQuery(webhook.webhookUrl) }
      yield line("webhook", { id, mode, createdAt, ...settings })
    }
    after = webhooks.at(-1)?.id ?? after
    if (webhooks.length < 500) return
  }
}

function withoutQuery(address: string): string {
  const url = new URL(address)
  return `${url.protocol}//${url.host}${url.pathname}`
}

function line(type: string, record: Readonly<Record<string, unknown>> | object): string {
  const fields = Object.entries(record).map(([key, value]) => [snakeCase(key), value] as const)
  const readable = fields.map(([key, value]) => [key, isTime(key, value) ? formatVietnamTime(value as Instant) : value])
  return `${JSON.stringify({ type, ...Object.fromEntries(readable) })}\n`
}

function isTime(key: string, value: unknown): boolean {
  return typeof value === "number" && key.endsWith("_at")
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
