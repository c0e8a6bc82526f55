import type { FastifyInstance, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { redirectTo, sendPage } from "../http/page-answer.ts"
import { requireForm, requireSession, sessionOf } from "../identity/require-session.hook.ts"
import { Refusal } from "../refusal.ts"
import { connectedAppsPage, revokeGrantPage } from "./connected-apps.page.ts"
import { toConnectedApp } from "./connected-apps-view.ts"
import type { ListConsentAccounts } from "./consent.ts"
import { findConnectedAppName, getConnectedApp, listConnectedApps, revokeGrant } from "./grant.ts"

const grantIdPattern = /^[1-9][0-9]{0,15}$/

/** The connected apps: what they may do, and taking it back after a confirmation (contract/oauth.md §16). */
export function connectedAppsRoutes(pages: FastifyInstance, context: Context, listAccounts: ListConsentAccounts): void {
  const { clock, db, bus } = context
  const onRequest = requireSession(context)

  pages.get("/connected-apps", { onRequest }, async (request, reply) => {
    const session = sessionOf(request)
    const [grants, accounts] = await Promise.all([
      listConnectedApps(db, session, clock.now()),
      listAccounts(db, session.companyId),
    ])
    const { revoked } = request.query as { readonly revoked?: unknown }
    // The name comes from the database: an address that somebody made up must not put words on this page.
    const revokedId = typeof revoked === "string" && grantIdPattern.test(revoked) ? Number(revoked) : undefined
    const revokedApp = revokedId === undefined ? undefined : await findConnectedAppName(db, session, revokedId)
    const apps = grants.map((grant) => toConnectedApp(grant, accounts, session.userId))
    return sendPage(reply, connectedAppsPage({ apps, user: session, language: request.language, revokedApp }))
  })

  pages.get("/connected-apps/:grantId/revoke", { onRequest }, async (request, reply) => {
    const session = sessionOf(request)
    const grant = await getConnectedApp(db, session, readGrantId(request), clock.now())
    const accounts = await listAccounts(db, session.companyId)
    const app = toConnectedApp(grant, accounts, session.userId)
    return sendPage(reply, revokeGrantPage({ app, user: session, language: request.language }))
  })

  pages.post(
    "/connected-apps/:grantId/revoke",
    { onRequest, preHandler: requireForm(context) },
    async (request, reply) => {
      const grant = await revokeGrant(db, sessionOf(request), readGrantId(request), clock.now())
      await bus.announce("access-changed")
      request.log.info({ grantId: grant.id, clientId: grant.clientId }, "grant revoked")
      return redirectTo(reply, `/connected-apps?revoked=${grant.id}`)
    },
  )
}

function readGrantId(request: FastifyRequest): number {
  const { grantId } = request.params as { readonly grantId: string }
  if (grantIdPattern.test(grantId)) return Number(grantId)
  throw new Refusal("not_found", "There is no such connected app.")
}
