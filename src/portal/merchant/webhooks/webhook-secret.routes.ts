import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../../../context.ts"
import { formValue } from "../../../http/form-body.ts"
import { formOf, redirectTo, sendPage } from "../../../http/page-answer.ts"
import { newFormKey, onceOnly } from "../../../identity/form-once.ts"
import { Refusal } from "../../../refusal.ts"
import {
  currentSecrets,
  finishRoll,
  openNewSecret,
  type RollWindowHours,
  rollSecretWithin,
  rollWindowsHours,
} from "../../../webhooks/secret-roll.ts"
import { toHeaded } from "./headed-webhook.ts"
import { sameShowingMs } from "./same-showing.ts"
import { formKeyOf, onePath, openWebhook, posting, reading, visitorOf } from "./webhook-requests.routes.ts"
import { rollPage, secretOncePage } from "./webhook-secret.page.ts"

/** The roll of an HMAC secret and its states (contract/webhooks.md §2.3). */
export function webhookSecretPages(pages: FastifyInstance, context: Context): void {
  const { db, clock, config } = context
  pages.get(`${onePath}/roll`, reading(context, "webhook.update"), async (request, reply) => {
    const { session, webhook } = await openWebhook(db, request)
    const { credentials, authenType } = webhook
    const { active, other } = currentSecrets(credentials, clock.now())
    const { rollEndsAt: endsAt, newSecretActive: newIsActive } = credentials
    const isRunning = other !== undefined && endsAt !== undefined
    const isReady = authenType === "HMAC_SHA256" && active !== undefined
    const roll = isRunning ? { endsAt, newIsActive } : isReady ? ("ready" as const) : ("none" as const)
    const page = { ...visitorOf(request), ...toHeaded(webhook, session), roll, formKey: newFormKey() }
    return sendPage(reply, rollPage(page))
  })

  pages.post(`${onePath}/roll`, posting(context, "webhook.update"), async (request, reply) => {
    const { session, webhook, manager } = await openWebhook(db, request)
    const windowHours = readWindow(formValue(formOf(request), "window_hours"))
    const now = clock.now()
    try {
      const form = { userId: session.userId, formKey: formKeyOf(request), now }
      const { again, sentAt } = await onceOnly(db, form, async (tx) => {
        await rollSecretWithin(tx, now, config.keyring, { manager, id: webhook.id, windowHours })
        return `/webhooks/${webhook.id}/roll`
      })
      if (again && now - sentAt >= sameShowingMs) return redirectTo(reply, `/webhooks/${webhook.id}?done=again`)
      return await showNewSecret(request, reply, context)
    } catch (error) {
      // Rolled in another tab, or of another type meanwhile: the page says how it stands.
      if (error instanceof Refusal && (error.reason === "conflict" || error.details.errors !== undefined)) {
        return redirectTo(reply, `/webhooks/${webhook.id}/roll`)
      }
      throw error
    }
  })

  pages.post(`${onePath}/finish-roll`, posting(context, "webhook.update"), async (request, reply) => {
    const { webhook, manager } = await openWebhook(db, request)
    if (webhook.authenType === "HMAC_SHA256") await finishRoll(db, clock.now(), { manager, id: webhook.id })
    return redirectTo(reply, `/webhooks/${webhook.id}?done=finished`)
  })
}

async function showNewSecret(request: FastifyRequest, reply: FastifyReply, context: Context): Promise<FastifyReply> {
  const { webhook } = await openWebhook(context.db, request)
  const next = `/webhooks/${webhook.id}/roll`
  const text = openNewSecret(context.config.keyring, webhook.credentials)
  if (text === undefined) return redirectTo(reply, next)
  const secret = { kind: "new-secret", text, endsAt: webhook.credentials.rollEndsAt } as const
  return sendPage(reply, secretOncePage({ ...visitorOf(request), name: webhook.name, secret, next }))
}

function readWindow(text: string | undefined): RollWindowHours {
  const found = rollWindowsHours.find((hours) => String(hours) === text)
  if (found === undefined) throw new Refusal("invalid", "window_hours must be 1, 24 or 72")
  return found
}
