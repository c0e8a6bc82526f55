import type { FastifyInstance } from "fastify"
import { listCompanyAccounts } from "../../../banking/bank-account.ts"
import type { Context } from "../../../context.ts"
import type { Queries } from "../../../database/engine.ts"
import { formValue } from "../../../http/form-body.ts"
import { formOf, redirectTo, sendPage } from "../../../http/page-answer.ts"
import { newFormKey, onceOnly } from "../../../identity/form-once.ts"
import { isPermitted } from "../../../identity/permission.ts"
import type { RequestSession } from "../../../identity/require-session.hook.ts"
import type { TransactionId } from "../../../ids.ts"
import { Refusal } from "../../../refusal.ts"
import { explain } from "../../../webhooks/explain.ts"
import { sendTransaction } from "../../../webhooks/send-transaction.ts"
import { explainPage } from "./explain.page.ts"
import { toHeaded } from "./headed-webhook.ts"
import { type AccountNames, toShownExplanation } from "./to-shown-explanation.ts"
import {
  answerLimit,
  formKeyOf,
  onePath,
  openWebhook,
  posting,
  queryValue,
  reading,
  visitorOf,
} from "./webhook-requests.routes.ts"

const idShape = /^[1-9][0-9]{0,14}$/

/** "Why was this not sent?", and "send to this webhook" (contract/webhooks.md §6). */
export function explainRoutes(pages: FastifyInstance, context: Context): void {
  const { db, clock } = context
  pages.get(`${onePath}/explain`, reading(context, "webhook.list"), async (request, reply) => {
    const { session, webhook, owner } = await openWebhook(db, request)
    const typed = (queryValue(request, "transaction") ?? "").trim().slice(0, 40)
    const isBadId = typed !== "" && !idShape.test(typed)
    const found =
      typed === "" || isBadId
        ? undefined
        : await explain(db, owner, { transactionId: Number(typed), webhookId: webhook.id })
    const page = explainPage({
      ...visitorOf(request),
      ...toHeaded(webhook, session),
      typed,
      isBadId,
      explanation: found && toShownExplanation(found, request.language, await nameAccounts(db, session)),
      formKey: newFormKey(),
      isSent: queryValue(request, "done") === "sent",
      isAgain: queryValue(request, "done") === "again",
    })
    return sendPage(reply, page, isBadId ? 400 : 200)
  })

  pages.post(`${onePath}/explain`, posting(context, "webhook.update"), async (request, reply) => {
    const { session, webhook, manager } = await openWebhook(db, request)
    const text = formValue(formOf(request), "transaction") ?? ""
    if (!idShape.test(text)) throw new Refusal("not_found", "There is no such transaction")
    const transactionId = Number(text) as TransactionId
    const now = clock.now()
    const path = `/webhooks/${webhook.id}/explain?transaction=${transactionId}`
    try {
      const form = { userId: session.userId, formKey: formKeyOf(request), now }
      const { again } = await onceOnly(db, form, async (tx) => {
        await sendTransaction(tx, now, manager, { transactionId, webhookId: webhook.id })
        return path
      })
      return redirectTo(reply, `${path}&done=${again ? "again" : "sent"}`)
    } catch (error) {
      return answerLimit(request, reply, error, path)
    }
  })
}

async function nameAccounts(db: Queries, session: RequestSession): Promise<AccountNames> {
  const maySee = isPermitted(session, "bank_account.list")
  const accounts = maySee ? await listCompanyAccounts(db, session.companyId) : []
  return (id) => {
    const account = accounts.find((one) => one.id === id)
    return account === undefined
      ? `#${id}`
      : `${account.label ?? account.brandName ?? account.bank} · ${account.accountNumber}`
  }
}
