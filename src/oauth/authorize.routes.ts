import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { NotAForm } from "../http/form-body.ts"
import { redirectTo } from "../http/page-answer.ts"
import { pageBodyLimit } from "../http/page-surface.ts"
import { storeRequest } from "./authorization.ts"
import { checkAuthorizationRequest } from "./authorization-request.ts"
import { parseRawParameters } from "./raw-parameters.ts"
import { type LogParts, recordAuthorization } from "./request-log.hook.ts"
import { trialDoor } from "./trial.ts"

/**
 * GET and POST /oauth/authorize (RFC 6749 §3.1): the request is checked, kept under a handle, and goes on at the consent
 * page, which signs the user in first.
 */
export async function authorizeRoutes(pages: FastifyInstance, context: Context, logging: LogParts): Promise<void> {
  const { clock, config, db } = context
  const trials = trialDoor(config, clock)

  async function begin(request: FastifyRequest, reply: FastifyReply, encoded: string): Promise<FastifyReply> {
    const checked = await checkAuthorizationRequest(db, parseRawParameters(encoded), trials)
    const handle = await storeRequest(db, config.keyring, checked.request, clock.now())
    recordAuthorization(request, reply, logging, {
      namedClientId: checked.client.clientId,
      exact: checked.exact,
      status: request.method === "GET" ? 302 : 303,
      ...(checked.request.error !== null && { error: checked.request.error.code }),
    })
    return redirectTo(reply, `/oauth/consent?request=${handle}`)
  }

  await pages.register(async (scope) => {
    // As text: `state` goes back with the very percent-encoding that it came with.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      /^application\/x-www-form-urlencoded\s*(;.*)?$/i,
      { parseAs: "string", bodyLimit: pageBodyLimit },
      (_request, body, done) => done(null, body),
    )
    scope.addContentTypeParser("*", (_request, _payload, done) => done(new NotAForm()))
    scope.get("/oauth/authorize", (request, reply) => begin(request, reply, queryOf(request)))
    scope.post("/oauth/authorize", (request, reply) => begin(request, reply, String(request.body ?? "")))
  })
}

// Node hands out the bytes of a request line one by one; together they may be UTF-8.
function queryOf(request: FastifyRequest): string {
  const url = request.raw.url ?? ""
  const start = url.indexOf("?")
  return start < 0 ? "" : Buffer.from(url.slice(start + 1), "latin1").toString("utf8")
}
