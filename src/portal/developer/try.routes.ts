import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../../context.ts"
import { formValue } from "../../http/form-body.ts"
import { formOf, redirectTo, sendPage } from "../../http/page-answer.ts"
import { isPermitted } from "../../identity/permission.ts"
import {
  loadSession,
  requireForm,
  requirePermission,
  requireSession,
  sessionOf,
} from "../../identity/require-session.hook.ts"
import type { AuthorizationServer } from "../../oauth/authorization-server.ts"
import type { Client } from "../../oauth/client.ts"
import { getOwnClientOfRow } from "../../oauth/own-client.ts"
import { recordTrialCall } from "../../oauth/request-log.hook.ts"
import { beginTrial, endTrial, findTrial, findTrialOfState, type Trial } from "../../oauth/trial.ts"
import { trialCallbackPath } from "../../oauth/trial-door.ts"
import {
  exchangeCode,
  keepCall,
  refreshTokens,
  refusalNote,
  revokeTokens,
  type StepOutcome,
  takeAnswer,
} from "../../oauth/trial-steps.ts"
import { appPage, ownClientOf } from "./requests.routes.ts"
import { type TrialPlace, type TryPageData, tryPage } from "./try.page.ts"
import { readTriedAnswer } from "./try-callback.ts"
import { toTrialView, triedCalls } from "./try-view.ts"

type Server = Pick<AuthorizationServer, "keys" | "ensureFresh" | "requestLog">
type Notice = TryPageData["notice"]
const notices: readonly Notice[] = ["again", "lost", "refused"]

/** The Try it page of an app, its steps, and where its authorization responses come in (docs/decisions/0018-try-it.md). */
export function tryRoutes(pages: FastifyInstance, context: Context, server: Server): void {
  const permitted = requirePermission("application.manage")
  const reading = { onRequest: requireSession(context), preHandler: permitted }

  pages.get("/developer/apps/:client_id/try", reading, async (request, reply) => {
    const client = await ownClientOf(request, context)
    const { done } = request.query as { readonly done?: unknown }
    return show(context, request, reply, client, { notice: notices.find((notice) => notice === done) })
  })

  // Not by requireSession: the way back from the sign-in would carry the code in its address.
  pages.get(trialCallbackPath, { onRequest: loadSession(context) }, async (request, reply) =>
    receive(context, server, request, reply),
  )
  tryPosts(pages, context, server)
}

function tryPosts(pages: FastifyInstance, context: Context, server: Server): void {
  const { clock, config, db } = context
  const preHandler = [requirePermission("application.manage"), requireForm(context)]
  const options = { onRequest: requireSession(context), preHandler }
  const services = { db, config, keys: server.keys, ensureFresh: server.ensureFresh }

  pages.post("/developer/apps/:client_id/try/start", options, async (request, reply) => {
    const client = await ownClientOf(request, context)
    const chosen = formOf(request).get("scope") ?? []
    const scope = client.scopes.map((registered) => registered.scope).filter((one) => chosen.includes(one))
    if (scope.length === 0) return show(context, request, reply, client, { notice: "scopes", chosen, status: 400 })
    await beginTrial(db, config.keyring, { client, session: sessionOf(request), scope }, clock.now())
    await context.bus.announce("access-changed")
    return redirectTo(reply, pathOf(client))
  })

  pages.post("/developer/apps/:client_id/try/end", options, async (request, reply) => {
    const client = await ownClientOf(request, context)
    await endTrial(db, { client, session: sessionOf(request) }, clock.now())
    await context.bus.announce("access-changed")
    return redirectTo(reply, pathOf(client))
  })

  const onStep = (name: TrialPlace, endpoint: string | undefined, act: Act) => {
    pages.post(`/developer/apps/:client_id/try/${name}`, options, async (request, reply) => {
      const client = await ownClientOf(request, context)
      const trial = await findTrial(db, config.keyring, { client, session: sessionOf(request) }, clock.now())
      if (trial === undefined) return redirectTo(reply, `${pathOf(client)}?done=lost`)
      const outcome = await act({ client, trial, turn: Number(formValue(formOf(request), "turn")), request })
      return finish(context, server, request, reply, { client, outcome, endpoint, place: name })
    })
  }
  onStep("exchange", "/oauth/token", async ({ client, trial, turn }) => {
    if (trial.held.code === null) return { kind: "again" }
    const outcome = await exchangeCode(services, client, trial, turn, clock.now())
    countTokens(context, outcome, "authorization_code")
    return outcome
  })
  onStep("refresh", "/oauth/token", async ({ client, trial, turn }) => {
    if (trial.held.tokens === null) return { kind: "again" }
    const outcome = await refreshTokens(services, client, trial, turn, clock.now())
    countTokens(context, outcome, "refresh_token")
    return outcome
  })
  onStep("revoke", "/oauth/revoke", async ({ client, trial, turn }) =>
    trial.held.tokens === null ? { kind: "again" } : revokeTokens(services, client, trial, turn, clock.now()),
  )
  // The API logs the call by itself.
  onStep("call", undefined, async ({ trial, turn, request }) => {
    const path = triedCalls.find((known) => known === formValue(formOf(request), "path"))
    const token = trial.held.tokens?.access_token
    if (path === undefined || token === undefined) return { kind: "again" }
    return keepCall(services, trial, turn, () => callApi(pages, request, path, token))
  })
}

type Act = (step: {
  readonly client: Client
  readonly trial: Trial
  readonly turn: number
  readonly request: FastifyRequest
}) => Promise<StepOutcome>

function countTokens({ metrics }: Context, outcome: StepOutcome, grantType: string): void {
  if (outcome.kind === "done" && outcome.refusal === undefined) metrics.tokensIssued.inc({ grant_type: grantType })
}

function pathOf({ clientId }: Client): string {
  return `/developer/apps/${clientId}/try`
}

// The page grows with each step: it opens where the answer stands.
function placeOf(client: Client, place: TrialPlace): string {
  return `${pathOf(client)}#${place}`
}

async function show(
  { clock, config, db }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  client: Client,
  { notice, chosen, status = 200 }: { notice: Notice; chosen?: readonly string[]; status?: number },
): Promise<FastifyReply> {
  const scopes = client.scopes.map(({ scope }) => scope)
  const trial = await findTrial(db, config.keyring, { client, session: sessionOf(request) }, clock.now())
  const page = tryPage({
    ...appPage(request, client),
    suspended: client.state === "suspended",
    scopes,
    chosen: chosen ?? scopes,
    calls: triedCalls,
    trial: trial === undefined ? undefined : toTrialView(config.url, client, trial),
    notice,
  })
  return sendPage(reply, page, status)
}

// Whatever comes in, the answer leads to an address without it.
async function receive(
  { clock, config, db }: Context,
  { keys }: Server,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { session } = request
  const answer = readTriedAnswer(trialCallbackPath, request.query as Record<string, unknown>)
  if (session === undefined || !isPermitted(session, "application.manage") || answer.issuer !== config.url) {
    return redirectTo(reply, "/developer/apps")
  }
  const found = await findTrialOfState(db, config.keyring, { state: answer.state, session }, clock.now())
  if (found === undefined) return redirectTo(reply, "/developer/apps")
  const client = await getOwnClientOfRow(db, session.companyId, found.clientRowId)
  // Of an address that is loaded again, only the first time counts.
  const first = found.trial.held.steps.length === 0
  const outcome = first ? await takeAnswer({ db, config, keys }, found.trial, answer) : ({ kind: "again" } as const)
  const done = outcome.kind === "again" ? "again" : answer.code === undefined ? "refused" : undefined
  return redirectTo(reply, done === undefined ? placeOf(client, "exchange") : `${pathOf(client)}?done=${done}`)
}

async function finish(
  context: Context,
  { requestLog }: Server,
  request: FastifyRequest,
  reply: FastifyReply,
  step: {
    readonly client: Client
    readonly outcome: StepOutcome
    readonly endpoint: string | undefined
    readonly place: TrialPlace
  },
): Promise<FastifyReply> {
  const { client, outcome, endpoint, place } = step
  if (outcome.kind === "again") return redirectTo(reply, `${pathOf(client)}?done=again`)
  if (outcome.accessEnded) await context.bus.announce("access-changed")
  if (endpoint !== undefined) {
    const status = outcome.refusal === undefined ? 200 : 400
    const note = { client, ...refusalNote(outcome.refusal), status, endpoint }
    recordTrialCall(request, reply, { requestLog, clock: context.clock }, note)
  }
  return redirectTo(reply, placeOf(client, place))
}

const longestAnswer = 4000

// Through the very door that apps use, without leaving the process.
async function callApi(pages: FastifyInstance, request: FastifyRequest, path: string, token: string) {
  const { statusCode, body } = await pages.inject({
    method: "GET",
    url: path,
    headers: { authorization: `Bearer ${token}`, "x-request-id": request.id, "user-agent": "SePay Try it" },
    remoteAddress: request.ip,
  })
  const pretty = JSON.stringify(JSON.parse(body), null, 2)
  const answer = pretty.length <= longestAnswer ? pretty : `${pretty.slice(0, longestAnswer)}\n…`
  const shown = `GET ${path}\nAuthorization: Bearer ${token.slice(0, 13)}…`
  return { kind: "call", request: shown, status: statusCode, answer } as const
}
