import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../../context.ts"
import { formValue } from "../../http/form-body.ts"
import { formOf, redirectTo, sendPage } from "../../http/page-answer.ts"
import { newFormKey, onceOnly } from "../../identity/form-once.ts"
import { requireForm, requirePermission, requireSession, sessionOf } from "../../identity/require-session.hook.ts"
import {
  createClient,
  editClient,
  hasAllClients,
  mostClients,
  prepareClient,
  wantedValues,
} from "../../oauth/edit-client.ts"
import { getManagedClient, listCompanyClients } from "../../oauth/manage-client.ts"
import { Refusal } from "../../refusal.ts"
import { emptyAppForm, readAppForm } from "./app-form.wire.ts"
import { appListPage } from "./app-list.page.ts"
import { newAppPage } from "./app-new.page.ts"
import { appSecretsRoutes } from "./app-secrets.routes.ts"
import { appStepRoutes } from "./app-steps.routes.ts"
import { toFormProblems } from "./form-problems.ts"
import { readClientId, readOverviewCode, sendOverview } from "./send-overview.routes.ts"

const pageSize = 60

/** The developer's pages about apps (contract/oauth.md §15, "Pages"). */
export function developerAppRoutes(pages: FastifyInstance, context: Context): void {
  listRoute(pages, context)
  newRoutes(pages, context)
  overviewRoutes(pages, context)
  appStepRoutes(pages, context)
  appSecretsRoutes(pages, context)
}

function listRoute(pages: FastifyInstance, context: Context): void {
  const onRequest = requireSession(context)
  const preHandler = requirePermission("application.manage")
  pages.get("/developer/apps", { onRequest, preHandler }, async (request, reply) => {
    const user = sessionOf(request)
    const { below, done } = request.query as { readonly below?: unknown; readonly done?: unknown }
    const belowId = typeof below === "string" && /^[1-9][0-9]{0,15}$/.test(below) ? Number(below) : undefined
    const found = await listCompanyClients(context.db, user, { below: belowId, limit: pageSize + 1 })
    const apps = found.slice(0, pageSize)
    const olderBelow = found.length > pageSize ? apps.at(-1)?.rowId : undefined
    const { language } = request
    return sendPage(reply, appListPage({ language, user, apps, olderBelow, deleted: done === "deleted" }))
  })
}

function newRoutes(pages: FastifyInstance, context: Context): void {
  const { db } = context
  const onRequest = requireSession(context)
  const permitted = requirePermission("application.manage")

  pages.get("/developer/apps/new", { onRequest, preHandler: permitted }, async (request, reply) => {
    const user = sessionOf(request)
    const most = (await hasAllClients(db, user)) ? mostClients : undefined
    const form = { draft: emptyAppForm, problems: undefined, formKey: newFormKey() }
    return sendPage(reply, newAppPage({ ...form, most, language: request.language, user }))
  })

  pages.post("/developer/apps/new", { onRequest, preHandler: [permitted, requireForm(context)] }, (request, reply) =>
    register(context, request, reply),
  )
}

async function register(context: Context, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { clock, config, db, outbound } = context
  const user = sessionOf(request)
  const form = formOf(request)
  const formKey = formValue(form, "form_key")
  const draft = readAppForm(form)
  const again = { language: request.language, user, draft, formKey: formKey ?? newFormKey() }
  const prepared = await prepareClient(outbound, user, draft, undefined)
  if ("faults" in prepared) {
    const problems = toFormProblems(prepared.faults, request.language)
    return sendPage(reply, newAppPage({ ...again, problems }), 400)
  }
  const now = clock.now()
  try {
    const { ledTo } = await onceOnly(db, { userId: user.userId, formKey, now }, async (tx) => {
      const clientId = await createClient(tx, config.keyring, user, prepared, now)
      const page = prepared.values.clientType === "public" ? "?done=created" : "/secrets?done=made"
      return `/developer/apps/${clientId}${page}`
    })
    return redirectTo(reply, ledTo)
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== "quota_exceeded") throw error
    return sendPage(reply, newAppPage({ ...again, problems: undefined, most: mostClients }), 409)
  }
}

function overviewRoutes(pages: FastifyInstance, context: Context): void {
  const onRequest = requireSession(context)
  const permitted = requirePermission("application.manage")

  pages.get("/developer/apps/:clientId", { onRequest, preHandler: permitted }, async (request, reply) => {
    const client = await getManagedClient(context.db, sessionOf(request), readClientId(request))
    return sendOverview(context, request, reply, { client, done: readOverviewCode(request) })
  })

  pages.post(
    "/developer/apps/:clientId",
    { onRequest, preHandler: [permitted, requireForm(context)] },
    (request, reply) => saveEdit(context, request, reply),
  )
}

async function saveEdit(context: Context, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { bus, clock, db, outbound } = context
  const user = sessionOf(request)
  const form = formOf(request)
  const before = await getManagedClient(db, user, readClientId(request))
  const draft = readAppForm(form)
  const version = readVersion(formValue(form, "version"))
  const prepared = await prepareClient(outbound, user, draft, wantedValues(before))
  if ("faults" in prepared) return again(before, "form", prepared.faults)
  const edit = { clientId: before.clientId, version, prepared }
  const result = await editClient(db, user, edit, clock.now())
  switch (result.kind) {
    case "faults":
      return again(before, "form", result.faults)
    case "changed_meanwhile":
      return again(await getManagedClient(db, user, before.clientId), "changed_meanwhile", [])
    case "saved": {
      await bus.announce("access-changed")
      request.log.info({ clientId: before.clientId, waits: result.waits }, "app changed")
      const done = result.tokensEnded ? "tokens-ended" : result.waits ? "waits" : "saved"
      return redirectTo(reply, `/developer/apps/${before.clientId}?done=${done}`)
    }
  }

  function again(
    client: typeof before,
    problem: "form" | "changed_meanwhile",
    faults: Parameters<typeof toFormProblems>[0],
  ): Promise<FastifyReply> {
    const problems = toFormProblems(faults, request.language)
    const shown = { client, draft, problems, problem, ...(problem === "form" && { version }) }
    return sendOverview(context, request, reply, shown)
  }
}

// 0 is the version of no app.
function readVersion(text: string | undefined): number {
  return text !== undefined && /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : 0
}
