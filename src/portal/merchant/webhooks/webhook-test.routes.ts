import type { FastifyInstance } from "fastify"
import type { Context } from "../../../context.ts"
import type { Queries } from "../../../database/engine.ts"
import { redirectTo, sendPage } from "../../../http/page-answer.ts"
import { newFormKey, onceOnly } from "../../../identity/form-once.ts"
import { isPermitted } from "../../../identity/permission.ts"
import type { WebhookId } from "../../../ids.ts"
import type { Language } from "../../../messages/catalogue.ts"
import { findTestAttempt } from "../../../webhooks/browse-log.ts"
import type { ClaimedDelivery } from "../../../webhooks/delivery.ts"
import { getAttempt } from "../../../webhooks/delivery-log.ts"
import { prepareTrial, sendTrial } from "../../../webhooks/test-send.ts"
import type { WebhookOwner } from "../../../webhooks/webhook-visibility.ts"
import { toHeaded } from "./headed-webhook.ts"
import { type ShownAttempt, toShownAttempt } from "./to-shown-attempt.ts"
import {
  answerLimit,
  formKeyOf,
  onePath,
  openWebhook,
  posting,
  queryValue,
  reading,
  visitorOf,
  type WebhookPageParts,
} from "./webhook-requests.routes.ts"
import { webhookTestPage } from "./webhook-test.page.ts"

const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The test send of a webhook, with its answer (contract/webhooks.md §9). */
export function webhookTestRoutes(pages: FastifyInstance, context: Context, { tools }: WebhookPageParts): void {
  const { db, clock, config } = context
  pages.get(`${onePath}/test`, reading(context, "webhook.update"), async (request, reply) => {
    const { session, webhook, owner } = await openWebhook(db, request)
    const sent = queryValue(request, "sent") ?? ""
    const deliveryUuid = uuidShape.test(sent) ? sent : undefined
    const page = webhookTestPage({
      ...visitorOf(request),
      ...toHeaded(webhook, session),
      formKey: newFormKey(),
      result:
        deliveryUuid === undefined
          ? undefined
          : await findResult(db, owner, webhook.id, deliveryUuid, request.language),
      self: `/webhooks/${webhook.id}/test?sent=${deliveryUuid ?? ""}`,
      maySeeTransactions: isPermitted(session, "transaction.list"),
    })
    return sendPage(reply, page)
  })

  pages.post(`${onePath}/test`, posting(context, "webhook.update"), async (request, reply) => {
    const { session, webhook, manager } = await openWebhook(db, request)
    const path = `/webhooks/${webhook.id}/test`
    const now = clock.now()
    let trial: ClaimedDelivery | undefined
    try {
      const form = { userId: session.userId, formKey: formKeyOf(request), now }
      const { ledTo } = await onceOnly(db, form, async (tx) => {
        trial = await prepareTrial(tx, config.keyring, now, { manager, webhookId: webhook.id })
        return `${path}?sent=${trial.uuid}`
      })
      // The second click of two waits on the page for the answer to the first.
      if (trial !== undefined) await sendTrial(db, tools, trial)
      return redirectTo(reply, ledTo)
    } catch (error) {
      return answerLimit(request, reply, error, path)
    }
  })
}

async function findResult(
  db: Queries,
  owner: WebhookOwner,
  webhookId: WebhookId,
  deliveryUuid: string,
  language: Language,
): Promise<ShownAttempt | "under-way"> {
  const n = await findTestAttempt(db, { webhookId, deliveryUuid })
  return n === undefined ? "under-way" : toShownAttempt(await getAttempt(db, owner, n), language)
}
