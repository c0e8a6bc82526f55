import { Readable } from "node:stream"
import type { FastifyInstance, FastifyReply } from "fastify"
import { listCompanyAccounts } from "../../banking/bank-account.ts"
import { type Cursor, readTransactions } from "../../banking/read-transactions.ts"
import type { Context } from "../../context.ts"
import { transaction } from "../../database/engine.ts"
import { queryOfPage } from "../../http/language.hook.ts"
import { sendPage } from "../../http/page-answer.ts"
import { recordAudit } from "../../identity/audit-log.ts"
import { whileAllowed } from "../../identity/lasting-session.ts"
import { isPermitted } from "../../identity/permission.ts"
import {
  type RequestSession,
  requirePermission,
  requireSession,
  sessionOf,
} from "../../identity/require-session.hook.ts"
import type { Session } from "../../identity/session.ts"
import type { UserId } from "../../ids.ts"
import { speak } from "../../messages/catalogue.ts"
import { csvMessages } from "../../messages/transactions.ts"
import { formatDay, vietnamDay } from "../../vietnam-time.ts"
import { exportBusyPage } from "./export-busy.page.ts"
import { type FilterReading, filterPath, readFilter } from "./transaction-filter.ts"
import { checkAccount } from "./transactions.routes.ts"
import { csvHead, csvLine } from "./transactions-csv.ts"

const rowsAtOnce = 500

/**
 * GET /transactions/export.csv: what the filter shows, all of it, streamed in batches: memory does not grow with it, and a
 * reader who is slow or goes away slows it down or ends it. One at a time for each user in this process.
 */
export function exportRoutes(pages: FastifyInstance, context: Context): void {
  const { db, clock } = context
  const guards = { onRequest: requireSession(context), preHandler: requirePermission("transaction.list") }
  const exporting = new Set<UserId>()

  // A HEAD would count as a download.
  pages.get("/transactions/export.csv", { ...guards, exposeHeadRoute: false }, async (request, reply) => {
    const { language } = request
    const session = sessionOf(request)
    const reading = readFilter(request.query as Readonly<Record<string, unknown>>)
    const accounts = (await listCompanyAccounts(db, session.companyId)).filter(({ mode }) => mode === reading.mode)
    checkAccount(reading, accounts)
    const list = filterPath("/transactions", reading)
    if (Object.keys(reading.problems).length > 0) return reply.redirect(list, 302)
    const { userId } = session
    if (exporting.has(userId)) {
      const busy = { language, user: session, list, query: queryOfPage(request) }
      return sendPage(reply.header("retry-after", "10"), exportBusyPage(busy), 429)
    }
    exporting.add(userId)
    const name = `${speak(csvMessages, language).fileName}-${formatDay(vietnamDay(clock.now()))}.csv`
    const lines = renderLines(context, session, reading, csvHead(language))
    const maySee = (now: Session) => isPermitted(now, "transaction.list")
    const stream = Readable.from(whileAllowed(context, session, maySee, lines), { objectMode: false })
    stream.once("close", () => exporting.delete(userId))
    endWithReader(reply, stream)
    return reply
      .headers({ "content-disposition": `attachment; filename="${name}"`, "x-accel-buffering": "no" })
      .type("text/csv; charset=utf-8")
      .send(stream)
  })
}

async function* renderLines(
  { db, clock, log }: Context,
  session: RequestSession,
  reading: FilterReading,
  head: string,
): AsyncGenerator<string> {
  const { companyId, userId } = session
  let count = 0
  let isWhole = false
  try {
    yield head
    let after: Cursor | undefined
    do {
      const sheet = await readTransactions(db, { companyId, mode: reading.mode }, reading.wish, {
        after,
        limit: rowsAtOnce,
      })
      count += sheet.transactions.length
      if (sheet.transactions.length > 0) yield sheet.transactions.map(csvLine).join("")
      after = sheet.next
    } while (after !== undefined)
    isWhole = true
  } catch (error) {
    log.error({ err: error, companyId }, "an export failed; the download is cut off")
    throw error
  } finally {
    // Also of one that was broken off: what it had sent, somebody has.
    const details = { mode: reading.mode, filter: reading.text, count, complete: isWhole }
    const actor = { kind: "user", id: userId } as const
    await transaction(db, (tx) =>
      recordAudit(tx, clock.now(), { companyId, actor, action: "transaction.export", subjectId: companyId, details }),
    )
  }
}

function endWithReader({ raw }: FastifyReply, stream: Readable): void {
  const end = () => void stream.destroy()
  if (raw.closed || raw.destroyed) end()
  else raw.once("close", end)
}
