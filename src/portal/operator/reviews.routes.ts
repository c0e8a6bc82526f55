import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../../context.ts"
import type { Queries } from "../../database/engine.ts"
import { formValue } from "../../http/form-body.ts"
import { formOf, redirectTo, sendPage } from "../../http/page-answer.ts"
import { requireForm, requireOperator, requireSession, sessionOf } from "../../identity/require-session.hook.ts"
import { writeDecisionMails } from "../../oauth/app-mails.ts"
import { countClientAccess } from "../../oauth/manage-client.ts"
import {
  type Decision,
  type DecisionTaken,
  decideOnClient,
  isReason,
  possibleDecisions,
} from "../../oauth/review-client.ts"
import { getReviewedClient, listReviews, type ReviewQuery } from "../../oauth/review-queue.ts"
import { toAccessCounts } from "../developer/access-counts.ts"
import { readClientId } from "../developer/send-overview.routes.ts"
import { type ReviewAppData, reviewAppPage, suspendAppPage } from "./review-app.page.ts"
import { reviewListPage, reviewStates } from "./review-list.page.ts"

const kinds = ["approve", "reject", "suspend", "reinstate"] as const

/** The operator's review of apps (contract/oauth.md §15, "Pages"); for anybody else these pages do not exist. */
export function reviewRoutes(pages: FastifyInstance, context: Context): void {
  const { db } = context
  const seen = { onRequest: requireSession(context), preHandler: requireOperator() }

  pages.get("/operator", seen, (_request, reply) => redirectTo(reply, "/operator/apps"))

  pages.get("/operator/apps", seen, async (request, reply) => {
    const query = readQuery(request.query as Readonly<Record<string, unknown>>)
    const found = await listReviews(db, query)
    return sendPage(reply, reviewListPage({ language: request.language, user: sessionOf(request), query, found }))
  })

  pages.get("/operator/apps/:clientId", seen, (request, reply) => {
    const { done } = request.query as { readonly done?: unknown }
    return sendReview(context, request, reply, { done: kinds.find((kind) => kind === done) })
  })

  pages.get("/operator/apps/:clientId/suspend", seen, async (request, reply) => {
    const data = await reviewData(context, request, {})
    if (data.possible.includes("suspend")) return sendPage(reply, suspendAppPage(data))
    return sendReview(context, request, reply, { problem: "not_possible" })
  })

  const sent = { onRequest: requireSession(context), preHandler: [requireOperator(), requireForm(context)] }
  for (const kind of kinds) {
    pages.post(`/operator/apps/:clientId/${kind}`, sent, (request, reply) => decide(context, request, reply, kind))
  }
}

async function decide(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  kind: (typeof kinds)[number],
): Promise<FastifyReply> {
  const { bus, clock, config, db, mail } = context
  const form = formOf(request)
  const clientId = readClientId(request)
  const reason = formValue(form, "reason") ?? ""
  const decision: Decision = kind === "reject" || kind === "suspend" ? { kind, reason } : { kind }
  if ("reason" in decision && !isReason(decision.reason)) {
    if (kind === "reject") return sendReview(context, request, reply, { problem: "reason", reason })
    const data = await reviewData(context, request, { problem: "reason", reason })
    return sendPage(reply, suspendAppPage(data), 400)
  }
  const version = readVersion(formValue(form, "version"))
  const tell = async (tx: Queries, taken: DecisionTaken) =>
    mail.keep(tx, await writeDecisionMails(tx, config.url, taken))
  const decided = await decideOnClient(db, sessionOf(request), { clientId, version, decision, tell }, clock.now())
  if (decided.kind !== "decided") return sendReview(context, request, reply, { problem: decided.kind, reason })
  await bus.announce("access-changed")
  mail.wake()
  request.log.info({ clientId, decision: kind, what: decided.what }, "app reviewed")
  return redirectTo(reply, `/operator/apps/${clientId}?done=${kind}`)
}

type Shown = Partial<Pick<ReviewAppData, "done" | "problem" | "reason">>

async function reviewData(
  { clock, db }: Context,
  request: FastifyRequest,
  { done, problem, reason = "" }: Shown,
): Promise<ReviewAppData> {
  const { language } = request
  const { client, owner } = await getReviewedClient(db, readClientId(request))
  const access = toAccessCounts(await countClientAccess(db, client, clock.now()), language)
  const possible = possibleDecisions(client)
  return { language, user: sessionOf(request), client, owner, access, possible, done, problem, reason }
}

async function sendReview(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  shown: Shown,
): Promise<FastifyReply> {
  const status = shown.problem === undefined ? 200 : shown.problem === "reason" ? 400 : 409
  return sendPage(reply, reviewAppPage(await reviewData(context, request, shown)), status)
}

function readVersion(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9][0-9]{0,15}$/.test(text) ? Number(text) : undefined
}

function readQuery({ state, q, after }: Readonly<Record<string, unknown>>): ReviewQuery {
  const position = typeof after === "string" ? /^([1-9][0-9]{0,15})\.([0-9]{1,15})$/.exec(after) : null
  return {
    state: reviewStates.find((one) => one === state) ?? "review",
    search: typeof q === "string" ? q : "",
    after: position === null ? undefined : { rowId: Number(position[1]), reviewSince: Number(position[2]) },
  }
}
