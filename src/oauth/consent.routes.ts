import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { DatabaseBusy, DatabaseUnavailable } from "../database/engine.ts"
import { formValue } from "../http/form-body.ts"
import { languageOfPage } from "../http/language.hook.ts"
import { formOf, redirectTo, sendPage } from "../http/page-answer.ts"
import { findCompany } from "../identity/company.ts"
import { loginPath } from "../identity/login-path.ts"
import { isSessionForm, loadSession, type RequestSession } from "../identity/require-session.hook.ts"
import { chooseLanguage } from "../messages/catalogue.ts"
import { codeRedirect, errorRedirect, getRequest, isOpen, keepChoices, storeRequest } from "./authorization.ts"
import { type AuthorizationRequest, requireUsableClient } from "./authorization-request.ts"
import { consentPage } from "./consent.page.ts"
import {
  type ConsentCase,
  checkDecision,
  type Decision,
  findKnownConsent,
  type Grant,
  issueUnderKnownConsent,
  type ListConsentAccounts,
  recordConsent,
  recordRefusal,
} from "./consent.ts"
import { readDecision, readOwnChoices } from "./consent-form.hook.ts"
import { type ConsentQuestion, toConsentPage } from "./consent-view.ts"
import { exactly } from "./exact-reason.ts"
import type { KeptChoices } from "./kept-choices.ts"
import { AuthorizationPageError } from "./oauth-error.ts"
import { type CallNote, type LogParts, recordAuthorization } from "./request-log.hook.ts"
import { requireOwnTrial } from "./trial.ts"

type ConsentContext = Context & Pick<LogParts, "requestLog">

/** GET and POST /oauth/consent: sign-in, the app's state, the question, the answer (contract/oauth.md §5, steps 5 to 7). */
export function consentRoutes(
  pages: FastifyInstance,
  context: ConsentContext,
  listAccounts: ListConsentAccounts,
): void {
  const options = { onRequest: loadSession(context) }

  pages.get("/oauth/consent", options, async (request, reply) => {
    const { request: handle } = request.query as { readonly request?: unknown }
    const opened = await openCase(context, request, reply, typeof handle === "string" ? handle : undefined)
    if (opened === undefined) return reply
    return orTellApp(context, request, reply, opened, async () => {
      const kept = choicesOf(opened)
      // Whoever had begun to choose is asked on, also where an earlier consent would do.
      if (kept !== undefined) {
        const refused = { problem: kept.reason, choices: kept.choices }
        return show(request, reply, { ...(await toQuestion(context, opened, listAccounts)), refused })
      }
      const known = await findKnownConsent(context.db, opened.consentCase)
      if (known !== undefined) return issueKnown(context, request, reply, opened.consentCase, known)
      return show(request, reply, await toQuestion(context, opened, listAccounts))
    })
  })

  pages.post("/oauth/consent", options, async (request, reply) => {
    const form = formOf(request)
    const opened = await openCase(context, request, reply, formValue(form, "request"))
    if (opened === undefined) return reply
    return orTellApp(context, request, reply, opened, async () => {
      const question = await toQuestion(context, opened, listAccounts)
      if (!isSessionForm(context, request)) {
        // Older than the sign-in; somebody else's choices, or those of another site's form, are not shown.
        const own = readOwnChoices(context, request)
        const choices = own?.userId === opened.session.userId ? own.choices : undefined
        return show(request, reply, { ...question, refused: { problem: "form_expired", choices } })
      }
      const decision = readDecision(form)
      if (!form.has("decision")) return show(request, reply, { ...question, refused: { choices: decision } })
      return decide(context, request, reply, question, decision)
    })
  })
}

// Once user and app are known to be right, it is the app that waits: it hears of a failure too (RFC 6749 §4.1.2.1).
async function orTellApp(
  context: ConsentContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { consentCase: { stored, client } }: OpenCase,
  answer: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    return await answer()
  } catch (error) {
    request.log.error({ err: error }, "authorization failed")
    const passes = error instanceof DatabaseUnavailable || error instanceof DatabaseBusy
    const problem = passes
      ? ({ code: "temporarily_unavailable", description: "Try again in a moment" } as const)
      : ({ code: "server_error", description: "Something failed here" } as const)
    const exact = exactly(passes ? "unavailable" : "server_error")
    recordAuthorization(request, reply, context, { client, error: problem.code, exact, status: statusOf(request) })
    return redirectTo(reply, errorRedirect(stored.request, context.config.url, problem))
  }
}

interface OpenCase {
  readonly consentCase: ConsentCase
  readonly session: RequestSession
  readonly handle: string
}

/** Step 1 again, then 5 and 6. Answers by itself, and returns nothing, when the request cannot go on here and now. */
async function openCase(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  givenHandle: string | undefined,
): Promise<OpenCase | undefined> {
  const { clock, config, db } = context
  const { stored, handle } = await getRequest(db, config.keyring, givenHandle)
  const client = await requireUsableClient(db, stored.request.clientId)
  const { session } = request
  if (session === undefined || (stored.request.promptLogin && session.startedAt < stored.createdAt)) {
    const own = readOwnChoices(context, request)
    if (own !== undefined) await keepChoices(db, stored, { ...own, reason: "signed_out" })
    sendToSignIn(reply, stored.request, { handle, again: session !== undefined, isKept: own !== undefined })
    return undefined
  }
  if (client.state !== "approved" && client.companyId !== session.companyId) {
    throw new AuthorizationPageError("client_not_approved", {
      appName: client.name,
      clientId: client.clientId,
      exact: exactly("app_not_approved"),
    })
  }
  await requireOwnTrial(db, stored.request, session, clock.now())
  if (!isOpen(stored, clock.now())) {
    const own = readOwnChoices(context, request)
    const sent = own && ({ ...own, reason: "form_expired" } as const)
    await restart(context, reply, stored.request, stored.decidedAt === null ? (sent ?? stored.choices) : null)
    return undefined
  }
  if (stored.request.error !== null) {
    await recordRefusal(db, stored, clock.now())
    redirectTo(reply, errorRedirect(stored.request, config.url, stored.request.error))
    return undefined
  }
  const { userId, companyId } = session
  return { consentCase: { stored, client, userId, companyId }, session, handle }
}

async function toQuestion(
  { db }: Context,
  opened: OpenCase,
  listAccounts: ListConsentAccounts,
): Promise<ConsentQuestion> {
  const [accounts, company] = await Promise.all([
    listAccounts(db, opened.session.companyId),
    findCompany(db, opened.consentCase.client.companyId),
  ])
  return { ...opened, accounts, developer: company?.fullName ?? "" }
}

function choicesOf({ consentCase: { stored }, session }: OpenCase): KeptChoices | undefined {
  return stored.choices?.userId === session.userId ? stored.choices : undefined
}

function sendToSignIn(
  reply: FastifyReply,
  request: AuthorizationRequest,
  { handle, again, isKept }: { readonly handle: string; readonly again: boolean; readonly isKept: boolean },
): void {
  const path = loginPath({
    done: isKept ? "choices_kept" : undefined,
    next: `/oauth/consent?request=${handle}`,
    reauthenticate: again,
    uiLocales: request.uiLocales ?? undefined,
    loginHint: request.loginHint ?? undefined,
  })
  redirectTo(reply, path)
}

async function restart(
  context: Context,
  reply: FastifyReply,
  request: AuthorizationRequest,
  choices: KeptChoices | null = null,
): Promise<FastifyReply> {
  // Whoever came this far has signed in for this request already.
  const again = { ...request, promptLogin: false }
  const handle = await storeRequest(context.db, context.config.keyring, again, context.clock.now(), choices)
  return redirectTo(reply, `/oauth/consent?request=${handle}`)
}

async function issueKnown(
  context: ConsentContext,
  request: FastifyRequest,
  reply: FastifyReply,
  consentCase: ConsentCase,
  known: Grant,
): Promise<FastifyReply> {
  const { db, config, clock } = context
  const code = await issueUnderKnownConsent(db, config.keyring, consentCase, known, clock.now())
  const exact = exactly("authorization_known")
  if (code !== undefined) noteOutcome(context, request, reply, consentCase, { exact, mode: known.mode })
  return answerCode(context, reply, consentCase, code)
}

function noteOutcome(
  context: ConsentContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { client }: ConsentCase,
  note: CallNote,
): void {
  recordAuthorization(request, reply, context, { client, ...note, status: statusOf(request) })
}

function statusOf({ method }: FastifyRequest): number {
  return method === "GET" ? 302 : 303
}

// No code: the request was decided meanwhile, by a second submit. It starts anew, so that nobody sees an error.
function answerCode(context: Context, reply: FastifyReply, { stored }: ConsentCase, code: string | undefined) {
  if (code === undefined) return restart(context, reply, stored.request)
  return redirectTo(reply, codeRedirect(stored.request, context.config.url, code))
}

async function decide(
  context: ConsentContext,
  request: FastifyRequest,
  reply: FastifyReply,
  question: ConsentQuestion,
  decision: Decision,
): Promise<FastifyReply> {
  const { clock, config, db } = context
  const { consentCase, accounts } = question
  const { stored, client } = consentCase
  const checked = checkDecision(stored.request, client, accounts, decision)
  switch (checked.kind) {
    case "problem":
      return show(request, reply, { ...question, refused: { choices: decision, problem: checked.problem } })
    case "denied": {
      await recordRefusal(db, stored, clock.now())
      const error = { code: "access_denied", description: "The user refused" } as const
      noteOutcome(context, request, reply, consentCase, { error: error.code, exact: exactly("user_refused") })
      return redirectTo(reply, errorRedirect(stored.request, config.url, error))
    }
    case "granted": {
      const code = await recordConsent(db, config.keyring, consentCase, checked.choice, clock.now())
      if (code !== undefined) {
        await context.bus.announce("access-changed")
        const { mode } = checked.choice
        noteOutcome(context, request, reply, consentCase, { exact: exactly("authorization_approved"), mode })
      }
      return answerCode(context, reply, consentCase, code)
    }
  }
}

function show(request: FastifyRequest, reply: FastifyReply, question: ConsentQuestion): FastifyReply {
  const uiLocales = question.consentCase.stored.request.uiLocales ?? undefined
  // Whoever used the switch on the page itself outranks what the app asked for.
  const language =
    languageOfPage(request, formOf(request)) ??
    chooseLanguage({ uiLocales, userSetting: request.language, acceptLanguage: undefined })
  const page = consentPage(toConsentPage(question, language))
  return sendPage(reply, page, request.method === "GET" ? 200 : 400)
}
