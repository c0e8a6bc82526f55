import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { queryOfPage } from "../http/language.hook.ts"
import { sendPage } from "../http/page-answer.ts"
import type { AuthorizationServer } from "./authorization-server.ts"
import { authorizeRoutes } from "./authorize.routes.ts"
import { authorizeErrorPage } from "./authorize-error.page.ts"
import { connectedAppsRoutes } from "./connected-apps.routes.ts"
import { consentRoutes } from "./consent.routes.ts"
import type { ListConsentAccounts } from "./consent.ts"
import { jsonEndpoints } from "./json-endpoint.hook.ts"
import { logoRoutes } from "./logo.routes.ts"
import { metadataRoutes } from "./metadata.routes.ts"
import { narrowGrantRoutes } from "./narrow-grant.routes.ts"
import { AuthorizationPageError } from "./oauth-error.ts"
import { logOAuthCalls, recordAuthorization } from "./request-log.hook.ts"
import { revokeRoutes } from "./revoke.routes.ts"
import { createClientGate, tokenRoutes } from "./token.routes.ts"

/** The JSON endpoints of the authorization server; its pages join the page scope with `oauthPages`. */
export function registerOAuth(app: FastifyInstance, context: Context, server: AuthorizationServer): void {
  const parts = {
    keys: server.keys,
    ensureFresh: server.ensureFresh,
    authenticate: createClientGate(context, server.lastUsed),
  }
  jsonEndpoints(app, context, (scope) => {
    logOAuthCalls(scope, { requestLog: server.requestLog, clock: context.clock })
    tokenRoutes(scope, context, parts)
    revokeRoutes(scope, context, parts)
  })
  jsonEndpoints(app, context, (scope) => metadataRoutes(scope, context, server.keys))
}

/** The pages of the authorization server, within the page scope and after identity's. */
export async function oauthPages(
  pages: FastifyInstance,
  context: Context,
  { requestLog }: Pick<AuthorizationServer, "requestLog">,
  listAccounts: ListConsentAccounts,
): Promise<void> {
  const logging = { requestLog, clock: context.clock }
  await pages.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => {
      if (!(error instanceof AuthorizationPageError)) throw error
      request.log.info({ reason: error.reason }, "authorization request refused")
      const { language } = request
      const status = error.reason === "client_not_approved" ? 403 : 400
      const { clientId: namedClientId, exact } = error.facts
      recordAuthorization(request, reply, logging, { namedClientId, exact, error: error.reason, status })
      const page = authorizeErrorPage({ ...error.facts, reason: error.reason, language, query: queryOfPage(request) })
      return sendPage(reply, page, status)
    })
    await authorizeRoutes(scope, context, logging)
    consentRoutes(scope, { ...context, requestLog }, listAccounts)
    connectedAppsRoutes(scope, context, listAccounts)
    logoRoutes(scope, context)
    narrowGrantRoutes(scope, context, listAccounts)
  })
}
