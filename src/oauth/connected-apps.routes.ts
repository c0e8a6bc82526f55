import type { FastifyInstance, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { redirectTo, sendPage } from "../http/page-answer.ts"
import { requireForm, requireSession, sessionOf } from "../identity/require-session.hook.ts"
import { Refusal } from "../refusal.ts"
import { connectedAppPage, type GrantDone } from "./connected-app.page.ts"
import { connectedAppsPage, revokeGrantPage } from "./connected-apps.page.ts"
import { toConnectedApp, toGrantEvents } from "./connected-apps-view.ts"
import type { ListConsentAccounts } from "./consent.ts"
import { findConnectedAppName, getConnectedApp, listConnectedApps, listGrantHistory, revokeGrant } from "./grant.ts"

const idPattern = /^[1-9][0-9]{0,15}$/
const shownAtOnce = 50
const doneCodes: readonly string[] = ["narrowed", "unchanged", "ended"] satisfies readonly GrantDone[]

/** The connected apps: what they may do and once did, and taking it back after a confirmation (contract/oauth.md §16). */
export function connectedAppsRoutes(pages: FastifyInstance, context: Context, listAccounts: ListConsentAccounts): void {
  const { clock, db, bus } = context
  const onRequest = requireSession(context)

  pages.get("/connected-apps", { onRequest }, async (request, reply) => {
    const session = sessionOf(request)
    const query = request.query as Readonly<Record<string, unknown>>
    const state = query["ended"] === "1" ? "ended" : "alive"
    const which = { state, before: readId(query["before"]), limit: shownAtOnce + 1 } as const
    const [grants, accounts] = await Promise.all([
      listConnectedApps(db, session, clock.now(), which),
      listAccounts(db, session.companyId),
    ])
    // The name comes from the database: an address that somebody made up must not put words on this page.
    const revokedId = readId(query["revoked"])
    const revokedApp = revokedId === undefined ? undefined : await findConnectedAppName(db, session, revokedId)
    const { language } = request
    const viewer = { userId: session.userId, language }
    const apps = grants.slice(0, shownAtOnce).map((grant) => toConnectedApp(grant, accounts, viewer))
    const olderThan = grants.length > shownAtOnce ? apps.at(-1)?.grantId : undefined
    return sendPage(reply, connectedAppsPage({ apps, user: session, language, revokedApp, state, olderThan }))
  })

  pages.get("/connected-apps/:grantId", { onRequest }, async (request, reply) => {
    const session = sessionOf(request)
    const grant = await getConnectedApp(db, session, readGrantId(request), clock.now())
    const [accounts, history] = await Promise.all([
      listAccounts(db, session.companyId),
      listGrantHistory(db, session, grant.id),
    ])
    const { done } = request.query as { readonly done?: unknown }
    const data = {
      app: toConnectedApp(grant, accounts, { userId: session.userId, language: request.language }),
      events: toGrantEvents(grant, history, { accounts, language: request.language }),
      done: typeof done === "string" && doneCodes.includes(done) ? (done as GrantDone) : undefined,
    }
    return sendPage(reply, connectedAppPage({ ...data, user: session, language: request.language }))
  })

  pages.get("/connected-apps/:grantId/revoke", { onRequest }, async (request, reply) => {
    const session = sessionOf(request)
    const grant = await getConnectedApp(db, session, readGrantId(request), clock.now())
    if (grant.endedAt !== null) return redirectTo(reply, `/connected-apps/${grant.id}`)
    const accounts = await listAccounts(db, session.companyId)
    const app = toConnectedApp(grant, accounts, { userId: session.userId, language: request.language })
    return sendPage(reply, revokeGrantPage({ app, user: session, language: request.language }))
  })

  pages.post(
    "/connected-apps/:grantId/revoke",
    { onRequest, preHandler: requireForm(context) },
    async (request, reply) => {
      const grantId = readGrantId(request)
      await revokeGrant(db, sessionOf(request), grantId, clock.now())
      await bus.announce("access-changed")
      request.log.info({ grantId }, "grant revoked")
      return redirectTo(reply, `/connected-apps?revoked=${grantId}`)
    },
  )
}

/**
 * The grant that the path names.
 *
 * @throws Refusal not_found
 */
export function readGrantId(request: FastifyRequest): number {
  const id = readId((request.params as { readonly grantId?: unknown }).grantId)
  if (id !== undefined) return id
  throw new Refusal("not_found", "There is no such connected app.")
}

function readId(text: unknown): number | undefined {
  return typeof text === "string" && idPattern.test(text) ? Number(text) : undefined
}
