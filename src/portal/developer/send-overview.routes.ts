import type { FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../../context.ts"
import { sendPage } from "../../http/page-answer.ts"
import { sessionOf } from "../../identity/require-session.hook.ts"
import type { ClientDraft } from "../../oauth/client-draft.ts"
import { wantedValues } from "../../oauth/edit-client.ts"
import { countClientAccess, type ManagedClient } from "../../oauth/manage-client.ts"
import { toAccessCounts } from "./access-counts.ts"
import { toAppForm } from "./app-form.wire.ts"
import { type AppOverviewData, appOverviewPage, type OverviewCode, overviewCodes } from "./app-overview.page.ts"
import type { FormProblems } from "./form-problems.ts"

interface Overview {
  readonly client: ManagedClient
  /** What was typed, when the form comes back. */
  readonly draft?: ClientDraft
  /** What it was filled in over, when it comes back with wrong fields: a change in another tab is still to be found out. */
  readonly version?: number
  readonly problems?: FormProblems
  readonly problem?: AppOverviewData["problem"]
  readonly done?: OverviewCode | undefined
}

const statuses = { form: 400, website_missing: 400, changed_meanwhile: 409, not_possible: 409 } as const

/** Sends the page of an app, with what went wrong if something did. */
export async function sendOverview(
  { clock, db }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  overview: Overview,
): Promise<FastifyReply> {
  const {
    client,
    problem,
    draft = toAppForm(wantedValues(client)),
    version = client.version,
    problems,
    done,
  } = overview
  const { language } = request
  const access = toAccessCounts(await countClientAccess(db, client, clock.now()), language)
  const user = sessionOf(request)
  const page = appOverviewPage({ language, user, client, access, draft, version, problems, problem, done })
  return sendPage(reply, page, problem === undefined ? 200 : statuses[problem])
}

/** The `client_id` in the path of a request; one that cannot be is found nowhere. */
export function readClientId(request: FastifyRequest): string {
  return (request.params as { readonly clientId: string }).clientId
}

/** What just happened, by the address of a request. */
export function readOverviewCode(request: FastifyRequest): OverviewCode | undefined {
  const { done } = request.query as { readonly done?: unknown }
  return overviewCodes.find((code) => code === done)
}
