import assert from "node:assert/strict"
import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { pathId, readQuery } from "../http/api-input.ts"
import { idPathParameter } from "../http/api-surface.ts"
import { idParams } from "../http/api-values.wire.ts"
import { pagination } from "../http/pagination.ts"
import { gates } from "../oauth/api-access.hook.ts"
import { bankAccountExample, bankAccountsExample, subAccountsExample } from "./api-examples.wire.ts"
import { bankImages, findBank } from "./bank.ts"
import { type BankAccount, getBankAccount, listBankAccounts } from "./bank-account.ts"
import {
  type BankBody,
  bankAccountAnswer,
  bankAccountsAnswer,
  bankAccountsQuery,
  subAccountsAnswer,
  toBankAccountBody,
  toBankBody,
  toSubAccountBody,
} from "./bank-accounts.wire.ts"
import { listSubAccounts } from "./sub-account.ts"

/** Bank accounts and their sub-accounts (contract/api.md §6). */
export function bankAccountRoutes(v1: FastifyInstance, { db, config }: Context): void {
  const toBody = (account: BankAccount) => toBankAccountBody(account, bankBodyOf(account.bank, config.url))

  const list = {
    summary: "Bank accounts of the grant, newest first",
    querystring: bankAccountsQuery,
    response: { 200: bankAccountsAnswer },
    examples: { 200: bankAccountsExample },
    failures: [400],
  }
  const mayList = gates("bank-account:read", { permission: "bank_account.list" })
  v1.get("/bank-accounts", { config: mayList, schema: list }, async (request) => {
    const page = readQuery(bankAccountsQuery, request.query)
    const { total, accounts } = await listBankAccounts(db, request.access, page)
    return { status: "success", data: accounts.map(toBody), meta: { pagination: pagination(total, page) } }
  })

  const detail = {
    summary: "One bank account",
    params: idParams,
    response: { 200: bankAccountAnswer },
    examples: { 200: bankAccountExample },
  }
  const mayRead = gates("bank-account:read", { permission: "bank_account.detail" })
  v1.get(`/bank-accounts/${idPathParameter}`, { config: mayRead, schema: detail }, async (request) => {
    const account = await getBankAccount(db, request.access, pathId(request.params))
    return { status: "success", data: toBody(account) }
  })

  const subAccounts = {
    summary: "Virtual accounts of a bank account, newest first",
    params: idParams,
    querystring: bankAccountsQuery,
    response: { 200: subAccountsAnswer },
    examples: { 200: subAccountsExample },
    failures: [400],
  }
  v1.get(
    `/bank-accounts/${idPathParameter}/sub-accounts`,
    { config: mayList, schema: subAccounts },
    async (request) => {
      const account = await getBankAccount(db, request.access, pathId(request.params))
      const page = readQuery(bankAccountsQuery, request.query)
      const { total, subAccounts } = await listSubAccounts(db, account.id, page)
      return {
        status: "success",
        data: subAccounts.map(toSubAccountBody),
        meta: { pagination: pagination(total, page) },
      }
    },
  )
}

const bankBodies = new Map<string, BankBody>()

function bankBodyOf(shortName: string, url: string): BankBody {
  const key = `${url} ${shortName}`
  const known = bankBodies.get(key)
  if (known !== undefined) return known
  const bank = findBank(shortName)
  assert(bank !== undefined, `no bank is called ${shortName}`)
  const body = toBankBody(bank, bankImages(bank), url)
  bankBodies.set(key, body)
  return body
}
