import type { FastifyInstance, FastifyRequest } from "fastify"
import { listCompanyAccounts } from "../../banking/bank-account.ts"
import { tellTransaction } from "../../banking/transaction-story.ts"
import type { Context } from "../../context.ts"
import { readRawItem } from "../../feeds/raw-item.ts"
import { queryOfPage } from "../../http/language.hook.ts"
import { sendPage } from "../../http/page-answer.ts"
import { recordSensitiveRead } from "../../identity/audit-log.ts"
import { isPermitted } from "../../identity/permission.ts"
import { requirePermission, requireSession, sessionOf } from "../../identity/require-session.hook.ts"
import { Refusal } from "../../refusal.ts"
import { explainAll } from "../../webhooks/explain.ts"
import { webhookExplanations } from "./explanation.page.ts"
import { toNamedAccount } from "./named-accounts.ts"
import { rawItemPage } from "./raw-item.page.ts"
import { transactionPage } from "./transaction.page.ts"

const idPattern = /^[1-9][0-9]{0,15}$/
const placePattern = /^[1-9][0-9]?$/

/** GET /transactions/:id and the original it came from; reading that is noted in the audit log. */
export function transactionRoutes(pages: FastifyInstance, context: Context): void {
  const { db, clock } = context
  const guards = { onRequest: requireSession(context), preHandler: requirePermission("transaction.list") }

  pages.get("/transactions/:id", guards, async (request, reply) => {
    const { language } = request
    const session = sessionOf(request)
    const story = await tellTransaction(db, session, readId(request))
    const accounts = await listCompanyAccounts(db, session.companyId)
    const account = accounts.find(({ id }) => id === story.transaction.bankAccountId)
    const owner = { companyId: session.companyId, mode: story.mode, bankAccountIds: undefined }
    const webhooks = isPermitted(session, "webhook.list")
      ? webhookExplanations(await explainAll(db, owner, story.transaction.id), {
          language,
          mayCreate: isPermitted(session, "webhook.create"),
        })
      : undefined
    const named = account && toNamedAccount(account)
    return sendPage(reply, transactionPage({ language, user: session, story, account: named, webhooks }))
  })

  pages.get("/transactions/:id/raw", guards, async (request, reply) => {
    const { language } = request
    const session = sessionOf(request)
    const { companyId } = session
    const { transaction, places } = await tellTransaction(db, session, readId(request))
    const { n = "1" } = request.query as { readonly n?: unknown }
    const place = typeof n === "string" && placePattern.test(n) ? places[Number(n) - 1] : undefined
    if (place === undefined) throw new Refusal("not_found", "There is no such item.")
    const item = await readRawItem(db, companyId, place)
    // A HEAD shows nothing of it.
    if (request.method !== "HEAD") {
      await recordSensitiveRead(db, clock.now(), {
        companyId,
        actor: { kind: "user", id: session.userId },
        action: "transaction.raw_read",
        subjectId: transaction.id,
        details: { raw_item_id: place.rawItemId },
      })
    }
    const query = queryOfPage(request)
    return sendPage(reply, rawItemPage({ language, user: session, transactionId: transaction.id, item, query }))
  })
}

function readId(request: FastifyRequest): number {
  const { id } = request.params as { readonly id: string }
  if (!idPattern.test(id) || !Number.isSafeInteger(Number(id))) {
    throw new Refusal("not_found", "There is no such transaction")
  }
  return Number(id)
}
