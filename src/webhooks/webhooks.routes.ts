import type { FastifyInstance, FastifyReply } from "fastify"
import type { Context } from "../context.ts"
import { pathId, readQuery } from "../http/api-input.ts"
import { idPathParameter } from "../http/api-surface.ts"
import { idParams } from "../http/api-values.wire.ts"
import { pagination } from "../http/pagination.ts"
import { gates } from "../oauth/api-access.hook.ts"
import type { FindBankAccounts } from "./bank-account-seam.ts"
import { cloneWebhook } from "./clone-webhook.ts"
import { showCredentials } from "./credentials.ts"
import { getWebhook, listWebhooks, managerOf, type StoredWebhook } from "./list-webhooks.ts"
import { readWebhookBody } from "./read-webhook-body.wire.ts"
import { newWebhookBody, webhookChangesBody } from "./webhook-body.wire.ts"
import {
  changedWebhookExample,
  clonedWebhookExample,
  createdWebhookExample,
  deletedWebhookExample,
  newWebhookExample,
  webhookChangesExample,
  webhookExample,
  webhooksExample,
} from "./webhook-examples.wire.ts"
import { webhookSecretRoutes } from "./webhook-secrets.routes.ts"
import { createWebhook, deleteWebhook, updateWebhook, type WebhookGround } from "./webhook-settings.ts"
import {
  deletedWebhookAnswer,
  newWebhookAnswer,
  toWebhookBody,
  type WebhookBody,
  webhookAnswer,
  webhooksAnswer,
  webhooksQuery,
} from "./webhooks.wire.ts"

const onePath = `/webhooks/${idPathParameter}`

/** Webhooks: their settings, their secrets and copies of them (contract/api.md §8, contract/webhooks.md §9). */
export function webhookRoutes(v1: FastifyInstance, context: Context, findBankAccounts: FindBankAccounts): void {
  const { config, clock, outbound } = context
  const { keyring } = config
  const toBody: ToBody = (webhook, clear) =>
    toWebhookBody(webhook, showCredentials(webhook.credentials, { keyring, now: clock.now() }, clear))
  const ground = { keyring, findBankAccounts, findUrlProblem: outbound.findUrlProblem }

  listRoute(v1, context, toBody)
  detailRoute(v1, context, toBody)
  createRoute(v1, context, { ground, toBody })
  changeRoute(v1, context, { ground, toBody })
  deleteRoute(v1, context)
  cloneRoute(v1, context, toBody)
  webhookSecretRoutes(v1, context, (webhook) => toBody(webhook, masked))
}

/** What a webhook looks like on the wire, with these of its credentials in clear. */
type ToBody = (webhook: StoredWebhook, clear: { readonly apiKey: boolean; readonly secretKey: boolean }) => WebhookBody

const masked = { apiKey: false, secretKey: false }
// Whoever may read webhooks sees API keys in clear, as with SePay; HMAC secrets are ours to protect.
const asRead = { apiKey: true, secretKey: false }

function listRoute(v1: FastifyInstance, { db, config }: Context, toBody: ToBody): void {
  const schema = {
    summary: "Webhooks of the grant, newest first",
    querystring: webhooksQuery,
    response: { 200: webhooksAnswer },
    examples: { 200: webhooksExample },
    failures: [400],
  }
  const mayList = gates("webhook:read", { permission: "webhook.list" })
  v1.get("/webhooks", { config: mayList, schema }, async (request) => {
    const { webhook_url: urlPart, api_key: apiKey, active, ...page } = readQuery(webhooksQuery, request.query)
    const listing = { urlPart, apiKey, active, ...page }
    const { total, webhooks } = await listWebhooks(db, config.keyring, request.access, listing)
    const data = webhooks.map((webhook) => toBody(webhook, asRead))
    return { status: "success", data, meta: { pagination: pagination(total, page) } }
  })
}

function detailRoute(v1: FastifyInstance, { db }: Context, toBody: ToBody): void {
  const schema = {
    summary: "One webhook",
    params: idParams,
    response: { 200: webhookAnswer },
    examples: { 200: webhookExample },
  }
  const mayList = gates("webhook:read", { permission: "webhook.list" })
  v1.get(onePath, { config: mayList, schema }, async (request) => {
    const webhook = await getWebhook(db, request.access, pathId(request.params))
    return { status: "success", data: toBody(webhook, asRead) }
  })
}

interface Writing {
  readonly ground: WebhookGround
  readonly toBody: ToBody
}

function createRoute(v1: FastifyInstance, { db, clock, config }: Context, { ground, toBody }: Writing): void {
  const schema = {
    summary: "Create a webhook",
    description: "Every field that is missing or bad is named at once. A generated secret_key is shown this once.",
    body: newWebhookBody,
    requestExample: newWebhookExample,
    response: { 201: newWebhookAnswer },
    examples: { 201: createdWebhookExample },
    failures: [400, 413, 415],
  }
  const mayCreate = gates("webhook:write", { permission: "webhook.create" })
  v1.post("/webhooks", { config: mayCreate, schema }, async (request, reply) => {
    const { access } = request
    const write = { manager: managerOf(access), ...readWebhookBody(request.body), liveLimit: config.webhookLimit }
    const { webhook, isSet } = await createWebhook(db, clock.now(), ground, write)
    return answerCreated(
      reply,
      toBody(webhook, { ...isSet, apiKey: isSet.apiKey || access.scopes.has("webhook:read") }),
    )
  })
}

function changeRoute(v1: FastifyInstance, { db, clock }: Context, { ground, toBody }: Writing): void {
  const schema = {
    summary: "Change a webhook",
    description: "What is not named keeps its value. A whole object that was read can be sent back.",
    params: idParams,
    body: webhookChangesBody,
    requestExample: webhookChangesExample,
    response: { 200: webhookAnswer },
    examples: { 200: changedWebhookExample },
    failures: [400, 413, 415],
  }
  const mayUpdate = gates("webhook:write", { permission: "webhook.update" })
  v1.patch(onePath, { config: mayUpdate, schema }, async (request) => {
    const { access } = request
    const write = { manager: managerOf(access), id: pathId(request.params), ...readWebhookBody(request.body) }
    const { webhook, isSet } = await updateWebhook(db, clock.now(), ground, write)
    const clear = { ...isSet, apiKey: isSet.apiKey || access.scopes.has("webhook:read") }
    return { status: "success", data: toBody(webhook, clear) }
  })
}

function deleteRoute(v1: FastifyInstance, { db, clock }: Context): void {
  const schema = {
    summary: "Delete a webhook; its delivery log is kept",
    params: idParams,
    response: { 200: deletedWebhookAnswer },
    examples: { 200: deletedWebhookExample },
  }
  const mayDelete = gates("webhook:delete", { permission: "webhook.delete" })
  v1.delete(onePath, { config: mayDelete, schema }, async (request) => {
    const id = pathId(request.params)
    await deleteWebhook(db, clock.now(), { manager: managerOf(request.access), id })
    return { status: "success", message: "Webhook deleted", data: { id } }
  })
}

function cloneRoute(v1: FastifyInstance, { db, clock, config }: Context, toBody: ToBody): void {
  const schema = {
    summary: "Copy a webhook without its secrets; the copy is off",
    params: idParams,
    response: { 201: newWebhookAnswer },
    examples: { 201: clonedWebhookExample },
    failures: [400, 413, 415],
  }
  const mayCreate = gates("webhook:write", { permission: "webhook.create" })
  v1.post(`${onePath}/clone`, { config: mayCreate, schema }, async (request, reply) => {
    const original = { manager: managerOf(request.access), id: pathId(request.params) }
    const copy = await cloneWebhook(db, clock.now(), { ...original, liveLimit: config.webhookLimit })
    return answerCreated(reply, toBody(copy, masked))
  })
}

function answerCreated(reply: FastifyReply, data: WebhookBody) {
  reply.code(201).header("location", `/api/v1/webhooks/${data.id}`)
  return { status: "success", id: data.id, data }
}
