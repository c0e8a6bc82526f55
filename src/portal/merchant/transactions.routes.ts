import type { FastifyInstance } from "fastify"
import { listCompanyAccounts } from "../../banking/bank-account.ts"
import { listTransactions } from "../../banking/list-transactions.ts"
import { type Cursor, readTransactions, type TransactionWish } from "../../banking/read-transactions.ts"
import type { Context } from "../../context.ts"
import { queryOfPage } from "../../http/language.hook.ts"
import { sendPage } from "../../http/page-answer.ts"
import { requirePermission, requireSession, sessionOf } from "../../identity/require-session.hook.ts"
import type { CompanyId } from "../../ids.ts"
import { Refusal } from "../../refusal.ts"
import { toNamedAccount } from "./named-accounts.ts"
import { type FilterReading, filterPath, isCounted, readFilter } from "./transaction-filter.ts"
import { type PageLinks, transactionsPage } from "./transactions.page.ts"

const rowsAPage = 50
const pagePattern = /^[1-9][0-9]{0,8}$/
const cursorPattern = /^(-?[0-9]{1,16})\.([0-9]{1,16})$/

type Answer = Pick<Parameters<typeof transactionsPage>[0], "transactions" | "pages" | "links" | "isBehind">

/** GET /transactions: the list with its filters, by page where it is counted and else by cursor. */
export function transactionsRoutes(pages: FastifyInstance, context: Context): void {
  const { db } = context
  const guards = { onRequest: requireSession(context), preHandler: requirePermission("transaction.list") }

  pages.get("/transactions", guards, async (request, reply) => {
    const { language } = request
    const session = sessionOf(request)
    const query = request.query as Readonly<Record<string, unknown>>
    const reading = readFilter(query)
    const accounts = (await listCompanyAccounts(db, session.companyId)).filter(({ mode }) => mode === reading.mode)
    checkAccount(reading, accounts)
    const { companyId } = session
    const hasProblems = Object.keys(reading.problems).length > 0
    const answer = hasProblems ? nothing : await readPage(context, { companyId, reading, query })
    const paths = {
      live: filterPath("/transactions", { ...reading, text: withoutAccount(reading), mode: "live" }),
      test: filterPath("/transactions", { ...reading, text: withoutAccount(reading), mode: "test" }),
      clear: filterPath("/transactions", { ...reading, text: {} }),
      export: filterPath("/transactions/export.csv", reading),
    }
    const data = { language, user: session, reading, accounts: accounts.map(toNamedAccount), paths, ...answer }
    return sendPage(reply, transactionsPage({ ...data, query: queryOfPage(request) }), hasProblems ? 400 : 200)
  })
}

const nothing: Answer = { transactions: [], pages: undefined, links: {}, isBehind: false }

// An account belongs to one mode.
function withoutAccount({ text }: FilterReading): FilterReading["text"] {
  const { account: _account, ...rest } = text
  return rest
}

/** Throws Refusal not_found when the filter names an account that is not among the company's. */
export function checkAccount(
  { wish, hasUnknownAccount }: FilterReading,
  accounts: readonly { readonly id: number }[],
): void {
  const { bankAccountId } = wish
  if (hasUnknownAccount || (bankAccountId !== undefined && !accounts.some(({ id }) => id === bankAccountId))) {
    throw new Refusal("not_found", "There is no such bank account")
  }
}

interface Asked {
  readonly companyId: CompanyId
  readonly reading: FilterReading
  readonly query: Readonly<Record<string, unknown>>
}

async function readPage({ db }: Context, { companyId, reading, query }: Asked): Promise<Answer> {
  const { mode, wish } = reading
  if (isCounted(wish)) {
    const page = typeof query["page"] === "string" && pagePattern.test(query["page"]) ? Number(query["page"]) : 1
    const viewer = { companyId, mode, bankAccountIds: undefined }
    const found = await listTransactions(db, viewer, toListFilter(wish), { page, limit: rowsAPage })
    const last = Math.max(1, Math.ceil(found.total / rowsAPage))
    const pages = { total: found.total, page: Math.min(page, last), last }
    return { transactions: found.transactions, pages, links: linksOf(reading, pages), isBehind: false }
  }
  const after = readCursor(query["after"])
  const sheet = await readTransactions(db, { companyId, mode }, wish, { after, limit: rowsAPage })
  const links: PageLinks = {
    newest: after === undefined ? undefined : filterPath("/transactions", reading),
    older: sheet.next && filterPath("/transactions", reading, { after: `${sheet.next.at}.${sheet.next.id}` }),
  }
  return { transactions: sheet.transactions, pages: undefined, links, isBehind: sheet.isBehind }
}

function toListFilter({ bankAccountId, direction, fromDay, toDay, reference }: TransactionWish) {
  const amountIn = direction === "out" ? 0 : undefined
  const amountOut = direction === "in" ? 0 : undefined
  return { bankAccountId, fromDay, toDay, reference, amountIn, amountOut }
}

function linksOf(reading: FilterReading, { page, last }: { readonly page: number; readonly last: number }): PageLinks {
  const to = (number: number) =>
    filterPath("/transactions", reading, { page: number === 1 ? undefined : String(number) })
  return {
    newest: page > 2 ? to(1) : undefined,
    newer: page > 1 ? to(page - 1) : undefined,
    older: page < last ? to(page + 1) : undefined,
    oldest: page < last - 1 ? to(last) : undefined,
  }
}

function readCursor(text: unknown): Cursor | undefined {
  const match = typeof text === "string" ? cursorPattern.exec(text) : null
  const [at, id] = [Number(match?.[1]), Number(match?.[2])]
  return match !== null && Number.isSafeInteger(at) && Number.isSafeInteger(id) ? { at, id } : undefined
}
