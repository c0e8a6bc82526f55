import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { type BankAccount, listCompanyAccounts } from "../../banking/bank-account.ts"
import { listTurnover } from "../../banking/day-sums.ts"
import { findListVersion } from "../../banking/list-transactions.ts"
import { readTransactions } from "../../banking/read-transactions.ts"
import type { Context } from "../../context.ts"
import { queryOfPage } from "../../http/language.hook.ts"
import { sendPage } from "../../http/page-answer.ts"
import { isPermitted } from "../../identity/permission.ts"
import { loadSession, type RequestSession, requireSession, sessionOf } from "../../identity/require-session.hook.ts"
import type { Mode } from "../../ids.ts"
import { listConnectedApps } from "../../oauth/grant.ts"
import { countWaitingReviews } from "../../oauth/review-queue.ts"
import { listFailing, mostCounted } from "../../webhooks/failing.ts"
import { welcomePage } from "../home.page.ts"
import { toNamedAccount } from "./named-accounts.ts"
import { type OverviewData, overviewPage } from "./overview.page.ts"

const chartDays = 30
const latestRows = 10

/** GET /: what this is, or the overview for whoever is signed in; GET /dashboard: the overview. */
export function overviewRoutes(pages: FastifyInstance, context: Context): void {
  pages.get("/", { onRequest: loadSession(context) }, async (request, reply) => {
    const { session, language } = request
    return session === undefined
      ? sendPage(reply, welcomePage({ language, offersSignUp: context.config.signUp === "open" }))
      : sendOverview(request, reply, { context, session })
  })
  pages.get("/dashboard", { onRequest: requireSession(context) }, (request, reply) =>
    sendOverview(request, reply, { context, session: sessionOf(request) }),
  )
}

interface Visit {
  readonly context: Context
  readonly session: RequestSession
}

async function sendOverview(request: FastifyRequest, reply: FastifyReply, visit: Visit): Promise<FastifyReply> {
  const { context, session } = visit
  const { db, clock } = context
  const { language } = request
  const all = await listCompanyAccounts(db, session.companyId)
  const mode = readMode(request, all)
  const accounts = all.filter((account) => account.mode === mode)
  const owner = { companyId: session.companyId, mode, bankAccountIds: undefined }
  const apps = await listConnectedApps(db, session, clock.now())
  const data: OverviewData = {
    ...{ language, user: session, mode, query: queryOfPage(request) },
    hasTest: all.some((account) => account.mode === "test"),
    maySeeAccounts: isPermitted(session, "bank_account.detail"),
    mayLink: session.navigation.includes("company"),
    accounts: isPermitted(session, "bank_account.list")
      ? accounts.map((account) => ({ ...account, ...toNamedAccount(account) }))
      : undefined,
    money: isPermitted(session, "transaction.list") ? await readMoney(visit, mode, accounts) : undefined,
    webhooks: isPermitted(session, "webhook.list")
      ? { ...(await listFailing(db, owner, clock.now())), mostCounted }
      : undefined,
    connectedApps: apps.length,
    waitingReviews: session.isOperator ? await countWaitingReviews(db) : undefined,
  }
  return sendPage(reply, overviewPage(data))
}

// Whoever has only tried things out so far sees those.
function readMode(request: FastifyRequest, accounts: readonly BankAccount[]): Mode {
  const { mode } = request.query as { readonly mode?: unknown }
  if (mode === "test" || mode === "live") return mode
  return accounts.length > 0 && accounts.every((account) => account.mode === "test") ? "test" : "live"
}

async function readMoney(
  { context: { db, clock }, session: { companyId } }: Visit,
  mode: Mode,
  accounts: readonly BankAccount[],
): Promise<OverviewData["money"]> {
  const viewer = { companyId, mode, bankAccountIds: undefined }
  // Before the rows: what is recorded meanwhile arrives once more, and a row that is there is not put there again.
  const asOf = await findListVersion(db, viewer)
  const { transactions: latest } = await readTransactions(db, viewer, {}, { after: undefined, limit: latestRows })
  const turnover = await listTurnover(db, viewer, clock.now(), chartDays)
  return { asOf, latest, turnover, names: new Map(accounts.map((account) => [account.id, toNamedAccount(account)])) }
}
