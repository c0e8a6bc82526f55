import type { FastifyInstance } from "fastify"
import type { z } from "zod"
import type { Context } from "../context.ts"
import { pathId, readQuery } from "../http/api-input.ts"
import { idPathParameter } from "../http/api-surface.ts"
import { idParams } from "../http/api-values.wire.ts"
import { pagination } from "../http/pagination.ts"
import type { Access } from "../oauth/access.ts"
import { gates } from "../oauth/api-access.hook.ts"
import { transactionExample, transactionsExample } from "./api-examples.wire.ts"
import { findListVersion, listTransactions } from "./list-transactions.ts"
import { createPageCache } from "./page-cache.ts"
import { getTransaction } from "./transaction.ts"
import {
  toTransactionBody,
  toTransactionFilter,
  transactionAnswer,
  transactionsAnswer,
  transactionsQuery,
} from "./transactions.wire.ts"

/** Transactions, listed and by id (contract/api.md §7). */
export function transactionRoutes(v1: FastifyInstance, { db }: Context): void {
  const config = gates("transaction:read", { permission: "transaction.list" })

  const list = {
    summary: "Transactions of the grant, newest first",
    description: "Filters are joined by AND. Days are Vietnam time and inclusive.",
    querystring: transactionsQuery,
    response: { 200: transactionsAnswer },
    examples: { 200: transactionsExample },
    failures: [400],
  }
  const pages = createPageCache()
  v1.get("/transactions", { config, schema: list }, async (request, reply) => {
    const { access } = request
    const key = pageKey(access, request.url)
    // Read before the rows: a change that comes in between makes the page younger than its number, never older.
    const version = await findListVersion(db, access)
    const known = pages.find(key, version)
    reply.header("content-type", "application/json; charset=utf-8")
    if (known !== undefined) return known
    const query = readQuery(transactionsQuery, request.query)
    const { total, transactions } = await listTransactions(db, access, toTransactionFilter(query), query)
    const answer = JSON.stringify({
      status: "success",
      data: transactions.map(toTransactionBody),
      meta: { pagination: pagination(total, query) },
    } satisfies z.infer<typeof transactionsAnswer>)
    pages.keep(key, version, answer)
    return answer
  })

  const detail = {
    summary: "One transaction, also one withdrawn by its feed",
    params: idParams,
    response: { 200: transactionAnswer },
    examples: { 200: transactionExample },
  }
  v1.get(`/transactions/${idPathParameter}`, { config, schema: detail }, async (request) => {
    const { transaction, removed } = await getTransaction(db, request.access, pathId(request.params))
    return { status: "success", data: { ...toTransactionBody(transaction), removed } }
  })
}

// All that the answer depends on besides the rows: whose they are, which accounts the consent names, what is asked.
function pageKey({ companyId, mode, bankAccountIds }: Access, url: string): string {
  const query = url.indexOf("?")
  return `${companyId} ${mode} ${bankAccountIds?.join() ?? "all"} ${query < 0 ? "" : url.slice(query)}`
}
