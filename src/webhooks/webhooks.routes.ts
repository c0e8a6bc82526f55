import type { FastifyInstance, FastifyRequest } from "fastify"
import type { Context } from "../context.ts"
import { pathId, readBody, readQuery } from "../http/api-input.ts"
import { idPathParameter } from "../http/api-surface.ts"
import { idParams } from "../http/api-values.wire.ts"
import { pagination } from "../http/pagination.ts"
import type { WebhookId } from "../ids.ts"
import { gates } from "../oauth/api-access.hook.ts"
import { formatVietnamTime } from "../vietnam-time.ts"
import { getWebhook, listWebhooks } from "./list-webhooks.ts"
import { finishRoll, rollSecret } from "./secret-roll.ts"
import type { WebhookView } from "./stored-settings.ts"
import { createdExample, webhookExample, webhookRequestExample, webhooksExample } from "./webhook-examples.wire.ts"
import { readWebhookFields, webhookFields } from "./webhook-fields.wire.ts"
import {
  cloneWebhook,
  createWebhook,
  deleteWebhook,
  type ReadChange,
  updateWebhook,
  type WebhookDesk,
  type WebhookEditor,
} from "./webhook-settings.ts"
import {
  idAnswer,
  masked,
  rollBody,
  rolledAnswer,
  toListFilter,
  toWebhookBody,
  webhookAnswer,
  webhookCreatedAnswer,
  webhookDeletedAnswer,
  webhooksAnswer,
  webhooksQuery,
} from "./webhooks.wire.ts"

const path = `/webhooks/${idPathParameter}`
const mayRead = gates("webhook:read", { permission: "webhook.list" })
const mayCreate = gates("webhook:write", { permission: "webhook.create" })
const mayUpdate = gates("webhook:write", { permission: "webhook.update" })
const mayDelete = gates("webhook:delete", { permission: "webhook.delete" })

/** Management of webhooks (contract/api.md §8, contract/webhooks.md §9). */
export function webhookRoutes(v1: FastifyInstance, context: Context, desk: WebhookDesk): void {
  readingRoutes(v1, context)
  writingRoutes(v1, context, desk)
  rollRoutes(v1, context, desk)
}

function readingRoutes(v1: FastifyInstance, { db, config, clock }: Context): void {
  const viewer = ({ access }: FastifyRequest) => ({ owner: access, now: clock.now() })
  const reading = { apiKey: true, secretKey: false }

  const list = {
    summary: "Webhooks of the grant, newest first",
    querystring: webhooksQuery,
    response: { 200: webhooksAnswer },
    examples: { 200: webhooksExample },
    failures: [400],
  }
  v1.get("/webhooks", { config: mayRead, schema: list }, async (request) => {
    const query = readQuery(webhooksQuery, request.query)
    const page = { page: query.page, limit: query.limit }
    const found = await listWebhooks(db, config.keyring, viewer(request), { filter: toListFilter(query), page })
    const data = found.webhooks.map((webhook) => toWebhookBody(webhook, reading))
    return { status: "success", data, meta: { pagination: pagination(found.total, page) } }
  })

  const detail = {
    summary: "One webhook",
    params: idParams,
    response: { 200: webhookAnswer },
    examples: { 200: webhookExample },
  }
  v1.get(path, { config: mayRead, schema: detail }, async (request) => {
    const id = pathId(request.params) as WebhookId
    return {
      status: "success",
      data: toWebhookBody(await getWebhook(db, config.keyring, viewer(request), id), reading),
    }
  })
}

function writingRoutes(v1: FastifyInstance, { db, config, clock }: Context, desk: WebhookDesk): void {
  const create = {
    summary: "Make a webhook",
    body: webhookFields,
    requestExample: webhookRequestExample,
    response: { 201: webhookCreatedAnswer },
    examples: { 201: createdExample },
    failures: [400, 413, 415],
  }
  v1.post("/webhooks", { config: mayCreate, schema: create }, async (request, reply) => {
    const read = readWebhookFields(request.body)
    const webhook = await createWebhook(desk, editorOf(request, clock), read)
    reply.code(201).header("location", `/api/v1/webhooks/${webhook.id}`)
    return { status: "success", id: webhook.id, data: answerTo(request, webhook, read, { isNew: true }) }
  })

  const update = {
    summary: "Change a webhook",
    description: "Any of the fields; the rest keeps its value, and the result is checked as a whole.",
    params: idParams,
    body: webhookFields,
    requestExample: { active: 0 },
    response: { 200: webhookAnswer },
    examples: { 200: webhookExample },
    failures: [400, 413, 415],
  }
  v1.patch(path, { config: mayUpdate, schema: update }, async (request) => {
    const id = pathId(request.params) as WebhookId
    const editor = editorOf(request, clock)
    const before = await getWebhook(db, config.keyring, editor, id)
    const read = readWebhookFields(withoutMasked(request.body, before))
    const webhook = await updateWebhook(desk, editor, id, read)
    const isNew = before.authenType !== webhook.authenType
    return { status: "success", data: answerTo(request, webhook, read, { isNew }) }
  })

  const remove = {
    summary: "Delete a webhook; its log stays",
    params: idParams,
    response: { 200: webhookDeletedAnswer },
    examples: { 200: { status: "success", message: "Webhook deleted", data: { id: 8 } } },
  }
  v1.delete(path, { config: mayDelete, schema: remove }, async (request) => {
    const id = pathId(request.params) as WebhookId
    await deleteWebhook(desk, editorOf(request, clock), id)
    return { status: "success", message: "Webhook deleted", data: { id } }
  })

  const copy = {
    summary: "Copy a webhook without its secrets, switched off",
    params: idParams,
    response: { 201: webhookCreatedAnswer },
    failures: [400, 413, 415],
  }
  v1.post(`${path}/clone`, { config: mayCreate, schema: copy }, async (request, reply) => {
    const made = await cloneWebhook(desk, editorOf(request, clock), pathId(request.params) as WebhookId)
    reply.code(201).header("location", `/api/v1/webhooks/${made.id}`)
    return { status: "success", id: made.id, data: toWebhookBody(made, { apiKey: false, secretKey: false }) }
  })
}

function rollRoutes(v1: FastifyInstance, { clock }: Context, desk: WebhookDesk): void {
  const roll = {
    summary: "Begin to replace the secret of a webhook",
    description: "Both secrets are valid during the window: 1, 24 (if absent) or 72 hours.",
    params: idParams,
    body: rollBody,
    requestExample: { window_hours: 24 },
    response: { 200: rolledAnswer },
    failures: [400, 409, 413, 415],
  }
  v1.post(`${path}/roll-secret`, { config: mayUpdate, schema: roll }, async (request) => {
    const id = pathId(request.params) as WebhookId
    const editor = editorOf(request, clock)
    await getWebhook(desk.db, desk.keyring, editor, id)
    const hours = (readBody(rollBody, request.body).window_hours ?? 24) as 1 | 24 | 72
    const { secret, rollEndsAt } = await rollSecret(desk, editor, id, hours)
    return { status: "success", data: { id, secret_key: secret, roll_ends_at: formatVietnamTime(rollEndsAt) } }
  })

  const finish = {
    summary: "End the replacement now: the old secret is destroyed",
    params: idParams,
    response: { 200: idAnswer },
    failures: [400, 409, 413, 415],
  }
  v1.post(`${path}/finish-roll`, { config: mayUpdate, schema: finish }, async (request) => {
    const id = pathId(request.params) as WebhookId
    await finishRoll(desk, editorOf(request, clock), id)
    return { status: "success", data: { id } }
  })
}

function editorOf({ access }: FastifyRequest, clock: Context["clock"]): WebhookEditor {
  const { clientRowId, userId } = access
  return { owner: access, actor: { kind: "client", clientRowId, userId }, now: clock.now() }
}

// What this request set is shown as it is; an API key also to whoever may read it (contract/api.md §8).
function answerTo(
  { access }: FastifyRequest,
  webhook: WebhookView,
  { change }: ReadChange,
  { isNew }: { readonly isNew: boolean },
) {
  const isSet = (value: string | null | undefined) => value !== undefined && value !== null
  return toWebhookBody(webhook, {
    apiKey: isSet(change.apiKey) || access.scopes.has("webhook:read"),
    secretKey: isSet(change.secretKey) || isNew,
  })
}

/** A masked value that comes back was not changed by anybody, so it counts as not sent. */
function withoutMasked(body: unknown, { credentials }: WebhookView): unknown {
  const { apiKey, secretKey, oauth2ClientSecret } = credentials
  const kept = { ...(body as Record<string, unknown> | null | undefined) }
  for (const [name, secret] of Object.entries({
    api_key: apiKey,
    secret_key: secretKey,
    oauth2_client_secret: oauth2ClientSecret,
  })) {
    if (secret !== undefined && kept[name] === masked(secret)) delete kept[name]
  }
  return kept
}
