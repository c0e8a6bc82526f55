import type { FastifyReply, FastifyRequest } from "fastify"
import { type BankAccount, getCompanyAccount } from "../../banking/bank-account.ts"
import { listSubAccounts } from "../../banking/sub-account.ts"
import type { Context } from "../../context.ts"
import { listFeeds } from "../../feeds/feed.ts"
import { listGaps } from "../../feeds/gaps.ts"
import { listImports } from "../../feeds/import-log.ts"
import type { Html } from "../../http/html.ts"
import { sendPage } from "../../http/page-answer.ts"
import { isAdministrator } from "../../identity/permission.ts"
import { sessionOf } from "../../identity/require-session.hook.ts"
import type { CompanyId } from "../../ids.ts"
import type { Language } from "../../messages/catalogue.ts"
import { bankAccountPage, isAccountDone, type LabelForm } from "./bank-account.page.ts"
import { toAccountView } from "./bank-account-view.ts"
import { accountFeedSection } from "./feeds.page.ts"
import { toGapView } from "./gap-view.ts"
import { gapSection } from "./gaps.page.ts"
import { importSection } from "./import-result.page.ts"
import { frameOf, queryText, toId } from "./page-request.hook.ts"
import { subAccountSection } from "./sub-accounts.page.ts"

const subAccountsAPage = 20
const importsShown = 5
const gapsShown = 20

/**
 * Answers with the page of an account: facts, and what belongs to it.
 *
 * @throws Refusal not_found
 */
export async function sendAccount(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  id: number,
  refused?: { readonly form: LabelForm; readonly status: number },
): Promise<FastifyReply> {
  const session = sessionOf(request)
  const account = await getCompanyAccount(context.db, session.companyId, id)
  const doneCode = queryText(request, "done")
  const of = { language: request.language, account, isAdministrator: isAdministrator(session) }
  const sections = await Promise.all([
    subAccounts(context, of, toId(queryText(request, "sub_page")) ?? 1),
    imports(context, of),
    gaps(context, of),
    feeds(context, of),
  ])
  const page = bankAccountPage({
    ...frameOf(request),
    account: toAccountView(account),
    isAdministrator: of.isAdministrator,
    done: isAccountDone(doneCode) ? doneCode : undefined,
    labelForm: refused?.form,
    sections,
  })
  return sendPage(reply, page, refused?.status)
}

interface Section {
  readonly language: Language
  readonly account: BankAccount
  readonly isAdministrator: boolean
}

async function subAccounts({ db }: Context, { account, ...of }: Section, wanted: number): Promise<Html> {
  const page = Math.min(wanted, 1_000_000)
  const { total, subAccounts } = await listSubAccounts(db, account.id, { page, limit: subAccountsAPage })
  const hasMore = page * subAccountsAPage < total
  return subAccountSection({ ...of, accountId: account.id, subAccounts, page, hasMore })
}

async function imports({ db }: Context, { account, ...of }: Section): Promise<Html> {
  const { id, companyId } = account
  const found = await listImports(db, { companyId, bankAccountId: id }, importsShown)
  return importSection({ ...of, accountId: id, imports: found, isActive: account.isActive })
}

async function gaps({ db }: Context, { account, ...of }: Section): Promise<Html> {
  const found = await listGaps(db, account.id, gapsShown)
  return gapSection({ ...of, accountId: account.id, gaps: found.map(toGapView) })
}

async function feeds({ db }: Context, { account, ...of }: Section): Promise<Html> {
  const all = await listFeeds(db, account.companyId as CompanyId)
  const writing = all.filter(({ mode, bankAccountIds }) => {
    return mode === account.mode && bankAccountIds?.includes(account.id) !== false
  })
  return accountFeedSection({ ...of, feeds: writing, isTest: account.mode === "test", accountId: account.id })
}
