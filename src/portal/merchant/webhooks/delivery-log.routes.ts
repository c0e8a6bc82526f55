import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../../../context.ts"
import { formOf, redirectTo, sendPage } from "../../../http/page-answer.ts"
import { newFormKey, onceOnly } from "../../../identity/form-once.ts"
import { isPermitted } from "../../../identity/permission.ts"
import type { Language } from "../../../messages/catalogue.ts"
import { Refusal } from "../../../refusal.ts"
import { getActivity } from "../../../webhooks/activity.ts"
import { shownStatusText } from "../../../webhooks/attempt-class.ts"
import { browseLog } from "../../../webhooks/browse-log.ts"
import { getAttempt, type LoggedAttempt } from "../../../webhooks/delivery-log.ts"
import { mostReplayedAtOnce, replayAttemptsWithin } from "../../../webhooks/replay.ts"
import { attemptPage } from "./attempt.page.ts"
import { deliveryLogPage, type LogDone, type LogLine } from "./delivery-log.page.ts"
import { toHeaded } from "./headed-webhook.ts"
import { outcomes, readWish, type TypedWish } from "./log-wish.ts"
import { outcomeName } from "./outcome-names.ts"
import { toShownAttempt } from "./to-shown-attempt.ts"
import { toWaiting } from "./to-waiting.ts"
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

/** The delivery log of a webhook, each call in detail, and replays of chosen calls (contract/webhooks.md §9). */
export function deliveryLogRoutes(pages: FastifyInstance, context: Context): void {
  logRoute(pages, context)
  attemptRoute(pages, context)
  replayRoute(pages, context)
}

function logRoute(pages: FastifyInstance, context: Context): void {
  const { db, clock } = context
  pages.get(`${onePath}/log`, reading(context, "webhook.list"), async (request, reply) => {
    const { session, webhook, owner } = await openWebhook(db, request, { deletedToo: true })
    const { language } = request
    const typed = readTyped(request)
    const { wish, isWhole } = readWish(typed)
    const below = readBelow(queryValue(request, "below"))
    // As many as one replay takes, so that a whole page can be chosen.
    const found = await browseLog(db, owner, webhook.id, { wish, below, limit: mostReplayedAtOnce })
    const now = clock.now()
    const page = deliveryLogPage({
      ...visitorOf(request),
      ...toHeaded(webhook, session),
      ...{ typed, isWhole, next: found.next, searchedBackTo: found.searchedBackTo },
      lines: found.attempts.map((attempt) => toLine(attempt, language)),
      isFiltered: Object.values(typed).some((text) => text !== ""),
      isFirst: below === undefined,
      outcomes: outcomes.map((value) => ({ value, text: outcomeName(value, language) })),
      waiting: toWaiting(await getActivity(db, now, webhook.id), now, language),
      done: readDone(request),
      formKey: newFormKey(),
      maySeeTransactions: isPermitted(session, "transaction.list"),
    })
    return sendPage(reply, page)
  })
}

function attemptRoute(pages: FastifyInstance, context: Context): void {
  const { db } = context
  const path = `${onePath}/log/:n(^[1-9][0-9]{0,15}$)`
  pages.get(path, reading(context, "webhook.list"), async (request, reply) => {
    const { session, webhook, owner } = await openWebhook(db, request, { deletedToo: true })
    const record = await getAttempt(db, owner, readNumber((request.params as { readonly n: string }).n))
    if (record.webhookId !== webhook.id) throw new Refusal("not_found", "The row is of another webhook")
    const page = attemptPage({
      ...visitorOf(request),
      ...toHeaded(webhook, session),
      attempt: toShownAttempt(record, request.language),
      formKey: newFormKey(),
      maySeeTransactions: isPermitted(session, "transaction.list"),
    })
    return sendPage(reply, page)
  })
}

function replayRoute(pages: FastifyInstance, context: Context): void {
  const { db, clock } = context
  pages.post(`${onePath}/log/replay`, posting(context, "webhook.update"), async (request, reply) => {
    const { session, webhook, owner, manager } = await openWebhook(db, request, { deletedToo: true })
    const log = `/webhooks/${webhook.id}/log`
    if (webhook.deletedAt !== undefined) return redirectTo(reply, `${log}?done=deleted`)
    const numbers = [...new Set(formOf(request).get("n"))]
    if (numbers.length === 0 || numbers.length > mostReplayedAtOnce) return redirectTo(reply, `${log}?done=none`)
    const rows = numbers.map(readNumber)
    for (const n of rows) {
      const { webhookId } = await getAttempt(db, owner, n)
      if (webhookId !== webhook.id) throw new Refusal("not_found", "The row is of another webhook")
    }
    const now = clock.now()
    try {
      const form = { userId: session.userId, formKey: formKeyOf(request), now }
      const { ledTo, again } = await onceOnly(db, form, async (tx) => {
        await replayAttemptsWithin(tx, now, manager, rows)
        return `${log}?done=replayed&count=${rows.length}`
      })
      return redirectTo(reply, again ? `${log}?done=again` : ledTo)
    } catch (error) {
      return answerLimit(request, reply, error, log) satisfies FastifyReply
    }
  })
}

function readTyped(request: FastifyRequest): TypedWish {
  const text = (name: string) => (queryValue(request, name) ?? "").trim().slice(0, 40)
  return {
    outcome: text("outcome"),
    kind: text("kind"),
    status: text("status"),
    transaction: text("transaction"),
    from: text("from"),
    to: text("to"),
  }
}

function readBelow(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : undefined
}

function readNumber(text: string): number {
  const number = Number(text)
  if (/^[1-9][0-9]{0,15}$/.test(text) && Number.isSafeInteger(number)) return number
  throw new Refusal("not_found", "There is no such log row")
}

function readDone(request: FastifyRequest): LogDone | undefined {
  const done = queryValue(request, "done")
  const count = Number(queryValue(request, "count") ?? "")
  if (done === "replayed" && Number.isInteger(count) && count >= 1 && count <= mostReplayedAtOnce) return count
  return (["again", "none", "deleted"] as const).find((one) => one === done)
}

function toLine(attempt: LoggedAttempt, language: Language): LogLine {
  const { n, httpStatus, kind, attemptNumber, transactionId, responseTimeMs, nextRetryAt } = attempt
  return {
    ...{ n, httpStatus, kind, attemptNumber, transactionId, responseTimeMs, nextRetryAt },
    startedAt: attempt.startedAt,
    good: attempt.class === "ok",
    result: shownStatusText(attempt.class)[language],
  }
}
