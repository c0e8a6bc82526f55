import type { FastifyInstance } from "fastify"
import type { Context } from "../context.ts"
import { pathId, readBody } from "../http/api-input.ts"
import { idPathParameter } from "../http/api-surface.ts"
import { idParams } from "../http/api-values.wire.ts"
import { gates } from "../oauth/api-access.hook.ts"
import { getWebhook, managerOf, type StoredWebhook } from "./list-webhooks.ts"
import { finishRoll, rollSecret } from "./secret-roll.ts"
import { finishedRollExample, rolledSecretExample, rollSecretExample } from "./webhook-examples.wire.ts"
import {
  rolledSecretAnswer,
  rollSecretBody,
  toRolledBody,
  toWindowHours,
  type WebhookBody,
  webhookAnswer,
} from "./webhooks.wire.ts"

/** Secret rolls (contract/webhooks.md §2.3 and §9). */
export function webhookSecretRoutes(
  v1: FastifyInstance,
  { db, clock, config }: Context,
  toBody: (webhook: StoredWebhook) => WebhookBody,
): void {
  const mayUpdate = gates("webhook:write", { permission: "webhook.update" })

  const roll = {
    summary: "Give a webhook a new secret; the old one stays valid for the window",
    description: "Only with authen_type HMAC_SHA256. The new secret is shown this once.",
    params: idParams,
    body: rollSecretBody,
    requestExample: rollSecretExample,
    response: { 200: rolledSecretAnswer },
    examples: { 200: rolledSecretExample },
    failures: [400, 409, 413, 415],
  }
  v1.post(`/webhooks/${idPathParameter}/roll-secret`, { config: mayUpdate, schema: roll }, async (request) => {
    const manager = managerOf(request.access)
    const { id } = await getWebhook(db, manager, pathId(request.params))
    const windowHours = toWindowHours(readBody(rollSecretBody, request.body))
    const rolled = await rollSecret(db, clock.now(), config.keyring, { manager, id, windowHours })
    return { status: "success", data: toRolledBody(rolled) }
  })

  const finish = {
    summary: "End a secret roll now: the new secret alone is valid",
    params: idParams,
    response: { 200: webhookAnswer },
    examples: { 200: finishedRollExample },
    failures: [400, 413, 415],
  }
  v1.post(`/webhooks/${idPathParameter}/finish-roll`, { config: mayUpdate, schema: finish }, async (request) => {
    const finished = { manager: managerOf(request.access), id: pathId(request.params) }
    return { status: "success", data: toBody(await finishRoll(db, clock.now(), finished)) }
  })
}
