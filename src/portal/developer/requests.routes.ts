import type { FastifyInstance, FastifyRequest } from "fastify"
import type { Context } from "../../context.ts"
import { queryOfPage } from "../../http/language.hook.ts"
import { sendPage } from "../../http/page-answer.ts"
import { requirePermission, requireSession, sessionOf } from "../../identity/require-session.hook.ts"
import type { Client } from "../../oauth/client.ts"
import { getClientRequest, listClientRequests } from "../../oauth/client-requests.ts"
import { listUsedEndpoints, readClientUsage } from "../../oauth/client-usage.ts"
import { getOwnClient } from "../../oauth/own-client.ts"
import type { AppPageData } from "./app-frame.page.ts"
import { requestPage } from "./request.page.ts"
import { filterQuery, readRequestFilter } from "./request-filter.ts"
import { loggedErrors, rulesOf } from "./request-rules.ts"
import { requestsPage } from "./requests.page.ts"
import { usagePage } from "./usage.page.ts"
import { periods, readPeriod } from "./usage-period.ts"
import { toUsageView } from "./usage-view.ts"

/** GET the request log of an app, one of its calls, and its usage (permission `application.manage`). */
export function appRequestRoutes(pages: FastifyInstance, context: Context): void {
  const { clock, db } = context
  const options = { onRequest: requireSession(context), preHandler: requirePermission("application.manage") }

  pages.get("/developer/apps/:client_id/requests", options, async (request, reply) => {
    const client = await ownClientOf(request, context)
    const asked = readRequestFilter(request.query as Record<string, unknown>)
    const [{ requests, next }, used] = await Promise.all([
      listClientRequests(db, client.rowId, asked.filter, asked.before),
      listUsedEndpoints(db, client.rowId, clock.now()),
    ])
    const { endpoint, error } = asked.fields
    const page = requestsPage({
      ...appPage(request, client),
      asked,
      requests,
      olderQuery: next === undefined ? undefined : filterQuery(asked.fields, next),
      endpoints: withChosen(used, endpoint),
      errors: withChosen(loggedErrors, error),
    })
    return sendPage(reply, page, Object.keys(asked.problems).length === 0 ? 200 : 400)
  })

  pages.get("/developer/apps/:client_id/requests/:id(^[1-9][0-9]{0,15}$)", options, async (request, reply) => {
    const client = await ownClientOf(request, context)
    const { id } = request.params as { readonly id: string }
    const logged = await getClientRequest(db, client.rowId, Number(id))
    const rules = rulesOf(logged.endpoint, client.clientId)
    return sendPage(reply, requestPage({ ...appPage(request, client), request: logged, rules }))
  })

  pages.get("/developer/apps/:client_id/usage", options, async (request, reply) => {
    const client = await ownClientOf(request, context)
    const period = readPeriod((request.query as Record<string, unknown>)["days"])
    const usage = await readClientUsage(db, client.rowId, period, clock.now())
    return sendPage(
      reply,
      usagePage({ ...appPage(request, client), period, periods, usage: toUsageView(usage, request.language) }),
    )
  })
}

/** The app that a page is about, of the company of whoever looks. @throws Refusal not_found */
export function ownClientOf(request: FastifyRequest, { db }: Context): Promise<Client> {
  const { client_id: clientId } = request.params as { readonly client_id: string }
  return getOwnClient(db, sessionOf(request).companyId, clientId)
}

/** What every page of an app shows around its content. */
export function appPage(request: FastifyRequest, { clientId, name, state, logoUrl }: Client): AppPageData {
  return {
    language: request.language,
    user: sessionOf(request),
    app: { clientId, name, state, logoUrl },
    query: queryOfPage(request),
  }
}

function withChosen(offered: readonly string[], chosen: string): readonly string[] {
  return chosen === "" || offered.includes(chosen) ? offered : [...offered, chosen]
}
