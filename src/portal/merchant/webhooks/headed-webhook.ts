import { type Actor, isPermitted } from "../../../identity/permission.ts"
import type { Mode } from "../../../ids.ts"
import type { AnyWebhook } from "../../../webhooks/webhook-visibility.ts"

/** What a page of one webhook shows at its head. */
export interface HeadedWebhook {
  readonly id: number
  readonly name: string
  readonly mode: Mode
  readonly active: boolean
  readonly offReason: "gone" | undefined
  readonly deleted: boolean
}

/** What the head of a page shows of a webhook, and whether the user may change it. */
export function toHeaded(
  { id, name, mode, active, offReason, deletedAt }: AnyWebhook,
  session: Actor,
): { readonly webhook: HeadedWebhook; readonly mayUpdate: boolean } {
  return {
    webhook: { id, name, mode, active, offReason, deleted: deletedAt !== undefined },
    mayUpdate: isPermitted(session, "webhook.update"),
  }
}
