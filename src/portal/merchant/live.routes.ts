import { setTimeout as sleep } from "node:timers/promises"
import type { FastifyInstance, FastifyRequest } from "fastify"
import { listCompanyAccounts } from "../../banking/bank-account.ts"
import { type FollowedTransaction, followTransactions } from "../../banking/follow-transactions.ts"
import { findListVersion } from "../../banking/list-transactions.ts"
import type { Context } from "../../context.ts"
import { createSlots, eventStreams } from "../../http/event-stream.ts"
import { renderHtml } from "../../http/html.ts"
import { isPermitted } from "../../identity/permission.ts"
import {
  type RequestSession,
  requirePermission,
  requireSession,
  sessionOf,
} from "../../identity/require-session.hook.ts"
import { findSessionAgain } from "../../identity/session.ts"
import type { Mode } from "../../ids.ts"
import type { Language } from "../../messages/catalogue.ts"
import { Refusal } from "../../refusal.ts"
import { toNamedAccount } from "./named-accounts.ts"
import { transactionRow } from "./transaction-row.page.ts"

const lookEveryMs = 500
const authenticateEveryMs = 3000
const heartbeatEveryMs = 15_000
const mostStreams = 200
const mostStreamsOfUser = 6
const positionPattern = /^[0-9]{1,15}$/

/**
 * GET /transactions/live: the rows of transactions as server-sent events, as they are recorded by whichever process. The id
 * of an event is the number of its change, by which a reader goes on without missing or repeating one. It lasts until the
 * reader goes, the session or the permission ends, or the process drains.
 */
export function liveRoutes(pages: FastifyInstance, context: Context): void {
  const { db } = context
  const slots = createSlots({ ofOwner: mostStreamsOfUser, all: mostStreams })
  const sendEvents = eventStreams(pages)
  const guards = { onRequest: requireSession(context), preHandler: requirePermission("transaction.list") }

  // A HEAD of it would never end.
  pages.get("/transactions/live", { ...guards, exposeHeadRoute: false }, async (request, reply) => {
    const session = sessionOf(request)
    const query = request.query as { readonly mode?: unknown; readonly after?: unknown }
    const mode: Mode = query.mode === "test" ? "test" : "live"
    const from = readPosition(request, query.after) ?? (await findListVersion(db, ownerOf(session, mode)))
    const onClose = slots.take(session.userId)
    if (onClose === undefined) {
      throw new Refusal("too_many", "Too many pages follow the transactions.", { retryAfterSeconds: 15 })
    }
    const parts = { context, session, mode, language: request.language, from }
    return sendEvents(reply, { events: ({ stopped }) => renderStream({ ...parts, stopped }), onClose })
  })
}

function ownerOf({ companyId }: RequestSession, mode: Mode) {
  return { companyId, mode, bankAccountIds: undefined }
}

// What the browser says it has seen is newer than what the page was made with.
function readPosition({ headers }: FastifyRequest, after: unknown): number | undefined {
  for (const text of [headers["last-event-id"], after]) {
    if (typeof text === "string" && positionPattern.test(text)) return Number(text)
  }
  return undefined
}

interface StreamParts {
  readonly context: Context
  readonly session: RequestSession
  readonly mode: Mode
  readonly language: Language
  readonly from: number
  readonly stopped: AbortSignal
}

async function* renderStream(parts: StreamParts): AsyncGenerator<string> {
  try {
    yield* renderEvents(parts)
  } catch (error) {
    // The browser comes back by itself and goes on where it was.
    parts.context.log.warn({ err: error }, "a stream of transactions failed; it ends")
  }
}

async function* renderEvents({ context, session, mode, language, from, stopped }: StreamParts): AsyncGenerator<string> {
  const { db } = context
  let position = from
  let authenticatedAt = performance.now()
  let wroteAt = performance.now()
  yield `retry: 3000\nid: ${position}\n\n`
  while (!stopped.aborted) {
    if (performance.now() - authenticatedAt >= authenticateEveryMs) {
      if (!(await mayStillSee(context, session))) {
        yield "event: end\ndata: {}\n\n"
        return
      }
      authenticatedAt = performance.now()
    }
    const { happened, upto, missed } = await followTransactions(db, ownerOf(session, mode), position)
    position = upto
    if (missed) yield `id: ${position}\nevent: missed\ndata: {}\n\n`
    if (happened.length > 0) yield await renderRows(context, session, happened, language)
    if (missed || happened.length > 0) wroteAt = performance.now()
    if (performance.now() - wroteAt >= heartbeatEveryMs) {
      yield `id: ${position}\n\n`
      wroteAt = performance.now()
    }
    await sleep(lookEveryMs, undefined, { signal: stopped }).catch(() => {})
  }
}

async function mayStillSee({ db, clock }: Context, { publicId }: RequestSession): Promise<boolean> {
  const session = await findSessionAgain(db, publicId, clock.now())
  return session !== undefined && isPermitted(session, "transaction.list")
}

async function renderRows(
  { db }: Context,
  { companyId }: RequestSession,
  happened: readonly FollowedTransaction[],
  language: Language,
): Promise<string> {
  const accounts = new Map((await listCompanyAccounts(db, companyId)).map((one) => [one.id, toNamedAccount(one)]))
  return happened
    .map((one) => {
      const account = one.kind === "removed" ? undefined : accounts.get(one.transaction.bankAccountId)
      const markup = one.kind === "removed" ? "" : renderHtml(transactionRow(one.transaction, { language, account }))
      return `id: ${one.sequence}\nevent: ${one.kind}\ndata: ${JSON.stringify({ id: one.id, html: markup })}\n\n`
    })
    .join("")
}
