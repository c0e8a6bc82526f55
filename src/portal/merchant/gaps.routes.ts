import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { getCompanyAccount } from "../../banking/bank-account.ts"
import type { Context } from "../../context.ts"
import { closeGap, getGap } from "../../feeds/gaps.ts"
import { sendPage } from "../../http/page-answer.ts"
import { requireAdministrator, requireForm, requireSession, sessionOf } from "../../identity/require-session.hook.ts"
import { toAccountView } from "./bank-account-view.ts"
import { toGapView } from "./gap-view.ts"
import { closeGapPage } from "./gaps.page.ts"
import { done, fieldOf, frameOf, isRefused, managerOf, pathId, refusedFields } from "./page-request.hook.ts"

/** Closing a gap with a note. */
export function gapRoutes(pages: FastifyInstance, context: Context): void {
  const { db, clock } = context
  const onRequest = requireSession(context)
  const path = "/bank-accounts/:id/gaps/:gapId/close"

  pages.get(path, { onRequest, preHandler: requireAdministrator() }, (request, reply) =>
    sendGap(context, request, reply),
  )

  pages.post(
    path,
    { onRequest, preHandler: [requireAdministrator(), requireForm(context)] },
    async (request, reply) => {
      const { companyId, actor } = managerOf(request)
      const bankAccountId = pathId(request, "id")
      const close = { companyId, actor, bankAccountId, id: pathId(request, "gapId"), note: fieldOf(request, "note") }
      try {
        await closeGap(db, clock.now(), close)
        return done(reply, `/bank-accounts/${bankAccountId}`, "gap-closed")
      } catch (error) {
        if (isRefused(error, "conflict")) return sendGap(context, request, reply, 409)
        if (refusedFields(error)?.["note"] === undefined) throw error
        return sendGap(context, request, reply, 400)
      }
    },
  )
}

async function sendGap(
  { db }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  status = 200,
): Promise<FastifyReply> {
  const account = await getCompanyAccount(db, sessionOf(request).companyId, pathId(request, "id"))
  const place = { companyId: account.companyId, bankAccountId: account.id, id: pathId(request, "gapId") }
  const page = closeGapPage({
    ...frameOf(request),
    account: toAccountView(account),
    gap: toGapView(await getGap(db, place)),
    note: fieldOf(request, "note"),
    isWrong: status === 400,
  })
  return sendPage(reply, page, status)
}
