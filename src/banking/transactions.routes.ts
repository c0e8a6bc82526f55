import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { pathId, readQuery } from "../http/api-input.ts"
import { idPathParameter } from "../http/api-surface.ts"
import { idParams } from "../http/api-values.wire.ts"
import { pagination } from "../http/pagination.ts"
import { gates } from "../oauth/api-access.hook.ts"
import { transactionExample, transactionsExample } from "./api-examples.wire.ts"
import { listTransactions } from "./list-transactions.ts"
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
  v1.get("/transactions", { config, schema: list }, async (request) => {
    const query = readQuery(transactionsQuery, request.query)
    const { total, transactions } = await listTransactions(db, request.access, toTransactionFilter(query), query)
    return {
      status: "success",
      data: transactions.map(toTransactionBody),
      meta: { pagination: pagination(total, query) },
    }
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
