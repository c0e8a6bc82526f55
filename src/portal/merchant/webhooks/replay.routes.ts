import type { FastifyInstance, FastifyRequest } from "fastify"
import { type Instant, instantAfter } from "../../../clock.ts"
import type { Context } from "../../../context.ts"
import { type Form, formValue } from "../../../http/form-body.ts"
import { formOf, redirectTo, sendPage } from "../../../http/page-answer.ts"
import { newFormKey, onceOnly } from "../../../identity/form-once.ts"
import { formatVietnamTime } from "../../../vietnam-time.ts"
import { getActivity } from "../../../webhooks/activity.ts"
import {
  continueReplay,
  getReplay,
  mostPreviewed,
  previewReplay,
  type ReplayWindow,
  startReplay,
} from "../../../webhooks/replay-run.ts"
import { toHeaded } from "./headed-webhook.ts"
import { parseLocalTime } from "./log-wish.ts"
import { replayProgressPage, replayWindowPage, type TypedWindow, type WindowProblems } from "./replay.page.ts"
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

/** Replays by filter: the window, its preview, and how far it has come (contract/webhooks.md §9). */
export function replayRoutes(pages: FastifyInstance, context: Context): void {
  windowRoute(pages, context)
  startRoute(pages, context)
  progressRoute(pages, context)
}

function windowRoute(pages: FastifyInstance, context: Context): void {
  const { db, clock } = context
  pages.get(`${onePath}/replay`, reading(context, "webhook.update"), async (request, reply) => {
    const { session, webhook, owner } = await openWebhook(db, request)
    const isAsked = queryValue(request, "from") !== undefined
    const typed = isAsked ? typedQuery(request) : proposed(clock.now())
    const { window, problems } = readWindow(typed)
    const count = isAsked && window !== undefined ? await previewReplay(db, owner, webhook.id, window) : undefined
    const page = replayWindowPage({
      ...visitorOf(request),
      ...toHeaded(webhook, session),
      typed,
      problems: isAsked ? problems : {},
      preview:
        count === undefined ? undefined : { count: Math.min(count, mostPreviewed), isMore: count > mostPreviewed },
      formKey: newFormKey(),
    })
    return sendPage(reply, page, isAsked && window === undefined ? 400 : 200)
  })
}

function startRoute(pages: FastifyInstance, context: Context): void {
  const { db, clock } = context
  pages.post(`${onePath}/replay`, posting(context, "webhook.update"), async (request, reply) => {
    const { session, webhook, owner } = await openWebhook(db, request)
    const typed = typedForm(formOf(request))
    const { window, problems } = readWindow(typed)
    if (window === undefined) {
      const page = { ...visitorOf(request), ...toHeaded(webhook, session), typed, problems, preview: undefined }
      return sendPage(reply, replayWindowPage({ ...page, formKey: newFormKey() }), 400)
    }
    const now = clock.now()
    const { userId } = session
    let started: number | undefined
    try {
      const form = { userId, formKey: formKeyOf(request), now }
      const { ledTo, again } = await onceOnly(db, form, async (tx) => {
        started = await startReplay(tx, now, owner, { webhookId: webhook.id, userId, window })
        return `/webhooks/${webhook.id}/replays/${started}`
      })
      // Most are done with one step; the others go on behind the page.
      if (started !== undefined) await continueReplay(db, clock, started, 1)
      return redirectTo(reply, again ? `${ledTo}?again=1` : ledTo)
    } catch (error) {
      return answerLimit(request, reply, error, `/webhooks/${webhook.id}/replay`)
    }
  })
}

function progressRoute(pages: FastifyInstance, context: Context): void {
  const { db, clock } = context
  const path = `${onePath}/replays/:replay(^[1-9][0-9]{0,14}$)`
  pages.get(path, reading(context, "webhook.list"), async (request, reply) => {
    const { session, webhook, owner } = await openWebhook(db, request, { deletedToo: true })
    const id = Number((request.params as { readonly replay: string }).replay)
    const replay = await getReplay(db, owner, { webhookId: webhook.id, id })
    const now = clock.now()
    const { waiting } = toWaiting(await getActivity(db, now, webhook.id), now, request.language)
    const isAgain = queryValue(request, "again") !== undefined
    const page = { ...visitorOf(request), ...toHeaded(webhook, session), replay, waiting, isAgain }
    return sendPage(reply, replayProgressPage(page))
  })
}

const dayMs = 24 * 3_600_000

// The last day; the end is rounded up, so that what failed just now is in it.
function proposed(now: Instant): TypedWindow {
  return {
    from: localText(instantAfter(now, -dayMs)),
    before: localText(instantAfter(now, 60_000)),
    states: ["failed"],
  }
}

function localText(at: Instant): string {
  return formatVietnamTime(at).replace(" ", "T").slice(0, 16)
}

function typedQuery(request: FastifyRequest): TypedWindow {
  const { states } = request.query as { readonly states?: string | readonly string[] }
  const text = (name: string) => (queryValue(request, name) ?? "").trim().slice(0, 40)
  return { from: text("from"), before: text("before"), states: typeof states === "string" ? [states] : (states ?? []) }
}

function typedForm(form: Form): TypedWindow {
  const text = (name: string) => (formValue(form, name) ?? "").trim().slice(0, 40)
  return { from: text("from"), before: text("before"), states: form.get("states") ?? [] }
}

function readWindow({ from, before, states }: TypedWindow): {
  readonly window: ReplayWindow | undefined
  readonly problems: WindowProblems
} {
  const fromAt = parseLocalTime(from)
  const beforeAt = parseLocalTime(before)
  const chosen = (["failed", "cancelled"] as const).filter((state) => states.includes(state))
  const problems: WindowProblems = {}
  if (fromAt === undefined) problems.from = "time"
  if (beforeAt === undefined) problems.before = "time"
  else if (fromAt !== undefined && beforeAt <= fromAt) problems.before = "order"
  if (chosen.length === 0) problems.states = "states"
  if (fromAt === undefined || beforeAt === undefined || Object.keys(problems).length > 0) {
    return { window: undefined, problems }
  }
  return { window: { from: fromAt, before: beforeAt, states: chosen }, problems }
}
