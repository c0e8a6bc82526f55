import type { FastifyReply, FastifyRequest } from "fastify"
import type { Context } from "../../../context.ts"
import type { Queries } from "../../../database/engine.ts"
import { durationText } from "../../../http/duration.page.ts"
import { formValue } from "../../../http/form-body.ts"
import type { FrameUser } from "../../../http/layout.page.ts"
import { formOf, sendPage } from "../../../http/page-answer.ts"
import type { Permission } from "../../../identity/permission.ts"
import {
  type RequestSession,
  requireForm,
  requirePermission,
  requireSession,
  sessionOf,
} from "../../../identity/require-session.hook.ts"
import type { Mode, WebhookId } from "../../../ids.ts"
import type { Language } from "../../../messages/catalogue.ts"
import { Refusal } from "../../../refusal.ts"
import type { FindBankAccounts } from "../../../webhooks/bank-account-seam.ts"
import type { DeliveryTools } from "../../../webhooks/deliver.ts"
import type { WebhookManager } from "../../../webhooks/list-webhooks.ts"
import { type AnyWebhook, getCompanyWebhook, type WebhookOwner } from "../../../webhooks/webhook-visibility.ts"
import { pleaseWaitPage } from "./please-wait.page.ts"

/** What the pages of webhooks are made with. */
export interface WebhookPageParts {
  readonly tools: DeliveryTools
  readonly findBankAccounts: FindBankAccounts
}

/** The path of one webhook's pages; ids have at most 16 digits and no leading zero. */
export const onePath = "/webhooks/:id(^[1-9][0-9]{0,15}$)"

/** The hooks of a page that takes this permission. */
export function reading(context: Context, permission: Permission) {
  return { onRequest: requireSession(context), preHandler: [requirePermission(permission)] }
}

/** The hooks of a form that takes this permission. */
export function posting(context: Context, permission: Permission) {
  return { onRequest: requireSession(context), preHandler: [requirePermission(permission), requireForm(context)] }
}

/** What every page of one webhook is rendered from. */
export interface OpenedWebhook {
  readonly session: RequestSession
  readonly webhook: AnyWebhook
  readonly owner: WebhookOwner
  readonly manager: WebhookManager
}

/**
 * The webhook that the path names, of whoever is signed in.
 *
 * @throws Refusal not_found, also for a deleted one unless `deletedToo`
 */
export async function openWebhook(
  db: Queries,
  request: FastifyRequest,
  { deletedToo = false } = {},
): Promise<OpenedWebhook> {
  const session = sessionOf(request)
  const webhook = await getCompanyWebhook(db, session.companyId, idOf(request))
  if (webhook.deletedAt !== undefined && !deletedToo) throw new Refusal("not_found", "The webhook is deleted")
  const manager = managerFor(session, webhook.mode)
  return { session, webhook, owner: manager, manager }
}

/** A user who manages the company's webhooks of a mode. */
export function managerFor({ companyId, userId }: RequestSession, mode: Mode): WebhookManager {
  return { companyId, mode, bankAccountIds: undefined, actor: { kind: "user", id: userId } }
}

/** The id in the path, whose form the path has checked. */
export function idOf(request: FastifyRequest): WebhookId {
  const id = Number((request.params as { readonly id: string }).id)
  if (Number.isSafeInteger(id)) return id as WebhookId
  throw new Refusal("not_found", "There is no such webhook")
}

/** Who asks, for a page. */
export function visitorOf(request: FastifyRequest): { readonly language: Language; readonly user: FrameUser } {
  return { language: request.language, user: sessionOf(request) }
}

/** The value of a query parameter given once or more often: the last. */
export function queryValue(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Readonly<Record<string, string | readonly string[] | undefined>>)[name]
  return typeof value === "string" ? value : value?.at(-1)
}

/** The key of a form that does its thing once. */
export function formKeyOf(request: FastifyRequest): string | undefined {
  return formValue(formOf(request), "form_key")
}

/** Answers a limit of ten a minute by a page that says when to try again; throws what is anything else. */
export function answerLimit(request: FastifyRequest, reply: FastifyReply, error: unknown, back: string): FastifyReply {
  if (!(error instanceof Refusal) || error.reason !== "too_many") throw error
  const { retryAfterSeconds = 60 } = error.details
  reply.header("retry-after", retryAfterSeconds)
  const wait = durationText(retryAfterSeconds, request.language)
  return sendPage(reply, pleaseWaitPage({ ...visitorOf(request), wait, back }), 429)
}
