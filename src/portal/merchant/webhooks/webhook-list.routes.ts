import type { FastifyInstance, FastifyRequest } from "fastify"
import type { Context } from "../../../context.ts"
import { sendPage } from "../../../http/page-answer.ts"
import { isPermitted } from "../../../identity/permission.ts"
import { sessionOf } from "../../../identity/require-session.hook.ts"
import type { Language } from "../../../messages/catalogue.ts"
import { countUpTo } from "../../../messages/count.ts"
import { findClientNames } from "../../../oauth/client-names.ts"
import { type ActiveWebhook, listActiveWebhooks, mostCounted } from "../../../webhooks/activity.ts"
import { shownStatusText } from "../../../webhooks/attempt-class.ts"
import { type ListedWebhook, type ListFilter, webhookListPage } from "./webhook-list.page.ts"
import { queryValue, reading, visitorOf } from "./webhook-requests.routes.ts"

/** GET /webhooks: the webhooks of the company, those of apps too. */
export function webhookListRoutes(pages: FastifyInstance, context: Context): void {
  const { db, clock } = context
  pages.get("/webhooks", reading(context, "webhook.list"), async (request, reply) => {
    const session = sessionOf(request)
    const all = await listActiveWebhooks(db, clock.now(), session.companyId)
    const creators = all.flatMap(({ webhook: { creator } }) => (creator?.kind === "client" ? creator.id : []))
    const apps = await findClientNames(db, creators)
    const filter = readFilter(request)
    const page = webhookListPage({
      ...visitorOf(request),
      webhooks: all.filter((one) => matches(one, filter)).map((one) => toListed(one, apps, request.language)),
      filter,
      hasAny: all.length > 0,
      mayCreate: isPermitted(session, "webhook.create"),
      deletedId: readDeleted(request),
    })
    return sendPage(reply, page)
  })
}

function readFilter(request: FastifyRequest): ListFilter {
  const mode = queryValue(request, "mode")
  const state = queryValue(request, "state")
  return {
    text: (queryValue(request, "q") ?? "").trim().slice(0, 300),
    mode: mode === "live" || mode === "test" ? mode : "",
    state: state === "on" || state === "off" ? state : "",
  }
}

function readDeleted(request: FastifyRequest): number | undefined {
  const id = queryValue(request, "id") ?? ""
  return queryValue(request, "done") === "deleted" && /^[1-9][0-9]{0,15}$/.test(id) ? Number(id) : undefined
}

function matches({ webhook }: ActiveWebhook, { text, mode, state }: ListFilter): boolean {
  const wanted = text.toLowerCase()
  const hasText = `${webhook.name}\n${webhook.webhookUrl}`.toLowerCase().includes(wanted)
  return hasText && (mode === "" || webhook.mode === mode) && (state === "" || webhook.active === (state === "on"))
}

function toListed(
  { webhook, activity }: ActiveWebhook,
  apps: ReadonlyMap<number, string>,
  language: Language,
): ListedWebhook {
  const { id, name, mode, active, offReason, webhookUrl, creator } = webhook
  const { last, failures, waiting } = activity
  return {
    ...{ id, name, mode, active, offReason, deleted: false },
    host: URL.parse(webhookUrl)?.host ?? webhookUrl,
    app: creator?.kind === "client" ? apps.get(creator.id) : undefined,
    last: last && {
      at: last.startedAt,
      good: last.class === "ok",
      result: shownStatusText(last.class)[language],
      trial: last.kind === "test",
    },
    failures: countUpTo(failures, mostCounted.failures, language),
    waiting: countUpTo(waiting, mostCounted.waiting, language),
  }
}
