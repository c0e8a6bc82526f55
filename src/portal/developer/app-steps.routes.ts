import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../../context.ts"
import { redirectTo, sendPage } from "../../http/page-answer.ts"
import { requireForm, requirePermission, requireSession, sessionOf } from "../../identity/require-session.hook.ts"
import {
  countClientAccess,
  deleteClient,
  getManagedClient,
  type StepResult,
  submitClient,
  withdrawClient,
} from "../../oauth/manage-client.ts"
import { toAccessCounts } from "./access-counts.ts"
import { deleteAppPage } from "./app-delete.page.ts"
import type { OverviewCode } from "./app-overview.page.ts"
import { toFormProblems } from "./form-problems.ts"
import { readClientId, sendOverview } from "./send-overview.routes.ts"

/** Submit, withdraw and delete an app (contract/oauth.md §15). */
export function appStepRoutes(pages: FastifyInstance, context: Context): void {
  const { bus, clock, db } = context
  const onRequest = requireSession(context)
  const permitted = requirePermission("application.manage")
  const post = { onRequest, preHandler: [permitted, requireForm(context)] }

  pages.post("/developer/apps/:clientId/submit", post, async (request, reply) => {
    const result = await submitClient(db, sessionOf(request), readClientId(request), clock.now())
    return answerStep(context, request, reply, { result, done: "submitted" })
  })

  pages.post("/developer/apps/:clientId/withdraw", post, async (request, reply) => {
    const result = await withdrawClient(db, sessionOf(request), readClientId(request), clock.now())
    return answerStep(context, request, reply, { result, done: "withdrawn" })
  })

  pages.get("/developer/apps/:clientId/delete", { onRequest, preHandler: permitted }, async (request, reply) => {
    const user = sessionOf(request)
    const client = await getManagedClient(db, user, readClientId(request))
    const { language } = request
    const access = toAccessCounts(await countClientAccess(db, client, clock.now()), language)
    return sendPage(reply, deleteAppPage({ language, user, client, access }))
  })

  pages.post("/developer/apps/:clientId/delete", post, async (request, reply) => {
    const client = await deleteClient(db, sessionOf(request), readClientId(request), clock.now())
    await bus.announce("access-changed")
    request.log.info({ clientId: client.clientId }, "app deleted")
    return redirectTo(reply, "/developer/apps?done=deleted")
  })
}

async function answerStep(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  step: { readonly result: StepResult; readonly done: OverviewCode },
): Promise<FastifyReply> {
  const { result, done } = step
  const client = await getManagedClient(context.db, sessionOf(request), readClientId(request))
  if (result === "done") {
    request.log.info({ clientId: client.clientId }, `app ${done}`)
    return redirectTo(reply, `/developer/apps/${client.clientId}?done=${done}`)
  }
  if (result === "not_possible") return sendOverview(context, request, reply, { client, problem: result })
  const problems = toFormProblems([{ field: "website", kind: "needed_for_review" }], request.language)
  return sendOverview(context, request, reply, { client, problem: result, problems })
}
