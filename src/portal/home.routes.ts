import type { FastifyInstance } from "fastify"
import { bankImages, findBank } from "../banking/bank.ts"
import { type BankAccount, listCompanyAccounts } from "../banking/bank-account.ts"
import type { Context } from "../context.ts"
import { sendPage } from "../http/page-answer.ts"
import { isPermitted } from "../identity/permission.ts"
import { loadSession } from "../identity/require-session.hook.ts"
import { listConnectedApps } from "../oauth/grant.ts"
import { type OverviewAccount, overviewPage, welcomePage } from "./home.page.ts"

/** GET /: what this is, or the company's accounts for whoever is signed in and may see them. */
export function homeRoutes(pages: FastifyInstance, context: Context): void {
  const { clock, db } = context
  pages.get("/", { onRequest: loadSession(context) }, async (request, reply) => {
    const { session, language } = request
    if (session === undefined) return sendPage(reply, welcomePage({ language }))
    const apps = await listConnectedApps(db, session, clock.now())
    const maySee = isPermitted(session, "bank_account.list")
    const accounts = maySee ? await listCompanyAccounts(db, session.companyId) : undefined
    return sendPage(
      reply,
      overviewPage({ language, user: session, accounts: accounts?.map(toOverview), connectedApps: apps.length }),
    )
  })
}

function toOverview(account: BankAccount): OverviewAccount {
  const bank = findBank(account.bank)
  return {
    bankName: account.brandName ?? account.bank,
    bankIcon: bank === undefined ? "" : `/assets/images/banklogo/${bankImages(bank).icon}`,
    label: account.label,
    accountNumber: account.accountNumber,
    holderName: account.holderName,
    balance: account.balance ?? undefined,
    transactions: account.transactionCount,
    mode: account.mode,
    active: account.isActive,
  }
}
