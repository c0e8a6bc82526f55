import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import { recordAudit } from "../identity/audit-log.ts"
import { Refusal } from "../refusal.ts"
import type { WebhookManager } from "./list-webhooks.ts"
import type { WebhookSettings } from "./webhook.ts"
import {
  countWebhooks,
  insertWebhook,
  lockCompany,
  type SealedCredentials,
  type StoredWebhook,
} from "./webhooks.store.ts"

/** A webhook that has passed every check. */
export interface CheckedWebhook {
  readonly settings: WebhookSettings
  readonly credentials: SealedCredentials
}

/** What of an addition goes into the audit log. */
export interface Addition {
  readonly manager: WebhookManager
  readonly action: string
  readonly details: Readonly<Record<string, unknown>>
}

/** The most webhooks a company may have in test mode; for live mode the operator says (contract/webhooks.md §6.1). */
const mostInTestMode = 50

/**
 * Adds a webhook unless its company has as many as it may: `liveLimit` in live mode.
 *
 * @throws Refusal quota_exceeded
 */
export async function addWebhook(
  tx: Queries,
  now: Instant,
  { settings, credentials }: CheckedWebhook,
  { manager, action, details, liveLimit }: Addition & { readonly liveLimit: number },
): Promise<StoredWebhook> {
  const { companyId, mode, actor } = manager
  const most = mode === "test" ? mostInTestMode : liveLimit
  // Two additions at once would pass the limit together.
  await lockCompany(tx, companyId)
  if ((await countWebhooks(tx, companyId, mode)) >= most) {
    const problem = `The company has ${most} webhooks in ${mode} mode already, which is the most it may have`
    throw new Refusal("quota_exceeded", problem, { errors: { body: [problem] } })
  }
  const creator = actor.kind === "user" || actor.kind === "client" ? actor : undefined
  const webhook = await insertWebhook(tx, now, { companyId, mode, settings, credentials, creator })
  await recordAudit(tx, now, {
    companyId,
    actor,
    action,
    subjectId: webhook.id,
    details: { name: settings.name, ...details },
  })
  return webhook
}
