import type { FastifyInstance } from "fastify"
import type { Context } from "../../../context.ts"
import { redirectTo, sendPage } from "../../../http/page-answer.ts"
import { newFormKey, onceOnly } from "../../../identity/form-once.ts"
import type { Permission } from "../../../identity/permission.ts"
import { Refusal } from "../../../refusal.ts"
import { cloneWebhookWithin } from "../../../webhooks/clone-webhook.ts"
import { deleteWebhook, updateWebhook, type WebhookGround } from "../../../webhooks/webhook-settings.ts"
import { toHeaded } from "./headed-webhook.ts"
import { askPage } from "./webhook-detail.page.ts"
import {
  formKeyOf,
  idOf,
  onePath,
  openWebhook,
  posting,
  reading,
  visitorOf,
  type WebhookPageParts,
} from "./webhook-requests.routes.ts"

/** On, off, clone and delete; whatever cannot simply be undone asks first. */
export function webhookActionRoutes(pages: FastifyInstance, context: Context, parts: WebhookPageParts): void {
  askRoute(pages, context, "off", "webhook.update")
  askRoute(pages, context, "delete", "webhook.delete")
  askRoute(pages, context, "clone", "webhook.create")
  onOffRoutes(pages, context, parts)
  deleteRoute(pages, context)
  cloneRoute(pages, context)
}

function askRoute(
  pages: FastifyInstance,
  context: Context,
  ask: "off" | "delete" | "clone",
  permission: Permission,
): void {
  pages.get(`${onePath}/${ask}`, reading(context, permission), async (request, reply) => {
    const { session, webhook } = await openWebhook(context.db, request)
    const page = { ...visitorOf(request), ...toHeaded(webhook, session), ask, formKey: newFormKey() }
    return sendPage(reply, askPage(page))
  })
}

function onOffRoutes(pages: FastifyInstance, context: Context, { findBankAccounts }: WebhookPageParts): void {
  const { db, clock, config, outbound } = context
  const ground: WebhookGround = { keyring: config.keyring, findBankAccounts, findUrlProblem: outbound.findUrlProblem }
  for (const [verb, active] of [
    ["on", true],
    ["off", false],
  ] as const) {
    pages.post(`${onePath}/${verb}`, posting(context, "webhook.update"), async (request, reply) => {
      const { manager, webhook } = await openWebhook(db, request)
      const draft = { plain: { active }, accounts: {}, credentials: {} }
      try {
        await updateWebhook(db, clock.now(), ground, { id: webhook.id, manager, draft, faults: [] })
        return redirectTo(reply, `/webhooks/${webhook.id}?done=${verb}`)
      } catch (error) {
        // A clone has none of the secrets: without them it cannot be switched on.
        if (!(error instanceof Refusal) || error.reason !== "invalid") throw error
        return redirectTo(reply, `/webhooks/${webhook.id}/edit?done=incomplete`)
      }
    })
  }
}

function deleteRoute(pages: FastifyInstance, context: Context): void {
  const { db, clock } = context
  pages.post(`${onePath}/delete`, posting(context, "webhook.delete"), async (request, reply) => {
    const { manager, webhook } = await openWebhook(db, request, { deletedToo: true })
    // The second click of two finds it deleted, as it wanted.
    if (webhook.deletedAt === undefined) {
      await deleteWebhook(db, clock.now(), { manager, id: webhook.id }).catch(unlessGone)
    }
    return redirectTo(reply, `/webhooks?done=deleted&id=${webhook.id}`)
  })
}

function unlessGone(error: unknown): void {
  if (!(error instanceof Refusal) || error.reason !== "not_found") throw error
}

function cloneRoute(pages: FastifyInstance, context: Context): void {
  const { db, clock, config } = context
  pages.post(`${onePath}/clone`, posting(context, "webhook.create"), async (request, reply) => {
    const { session, manager } = await openWebhook(db, request)
    const now = clock.now()
    const form = { userId: session.userId, formKey: formKeyOf(request), now }
    try {
      const { ledTo, again } = await onceOnly(db, form, async (tx) => {
        const order = { manager, id: idOf(request), liveLimit: config.webhookLimit }
        return `/webhooks/${(await cloneWebhookWithin(tx, now, order)).id}`
      })
      return redirectTo(reply, `${ledTo}?done=${again ? "again" : "cloned"}`)
    } catch (error) {
      if (!(error instanceof Refusal) || error.reason !== "quota_exceeded") throw error
      return redirectTo(reply, `/webhooks/${idOf(request)}?done=full`)
    }
  })
}
