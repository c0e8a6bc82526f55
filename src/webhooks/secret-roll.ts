import { type Instant, instantAfter } from "../clock.ts"
import { seal } from "../crypto/seal.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { recordAudit } from "../identity/audit-log.ts"
import type { WebhookId } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import { newWebhookSecret } from "./signature.ts"
import { currentSecrets, sealPurposes } from "./webhook-secrets.ts"
import type { WebhookDesk, WebhookEditor } from "./webhook-settings.ts"
import { lockVisible } from "./webhook-visibility.ts"
import { endRolls, type StoredWebhook, updateWebhookColumns } from "./webhooks.store.ts"

/** How long both secrets of a roll may be valid (contract/webhooks.md §2.3). */
export const rollWindowsHours = [1, 24, 72] as const
const hourMs = 3_600_000

/** A secret that was just made: this is the only time that it is shown. */
export interface RolledSecret {
  readonly secret: string
  readonly rollEndsAt: Instant
}

/**
 * Begins to replace the secret of a webhook: both are valid during the window (contract/webhooks.md §2.3).
 *
 * @throws Refusal not_found, invalid (no HMAC, no secret yet), conflict (a roll runs)
 */
export async function rollSecret(
  { db, keyring }: WebhookDesk,
  { owner, actor, now }: WebhookEditor,
  id: WebhookId,
  windowHours: (typeof rollWindowsHours)[number],
): Promise<RolledSecret> {
  const secret = newWebhookSecret()
  const rollEndsAt = instantAfter(now, windowHours * hourMs)
  await transaction(db, async (tx) => {
    const row = await lockVisible(tx, owner, id)
    const { active, other } = checkRollable(row, now)
    if (other !== undefined) throw new Refusal("conflict", "A secret of this webhook rolls already")
    await updateWebhookColumns(tx, id, {
      sealed_secret: active,
      sealed_new_secret: seal(keyring, sealPurposes.secret, secret),
      new_secret_active: 0,
      roll_ends_at: rollEndsAt,
    })
    const details = { window_hours: windowHours }
    await recordAudit(tx, now, {
      ...{ companyId: row.company_id, actor, subjectId: id, details },
      action: "webhook.secret_roll_begun",
    })
  })
  return { secret, rollEndsAt }
}

/**
 * Ends a roll now: the new secret alone is valid, the old one is destroyed.
 *
 * @throws Refusal not_found, invalid (no HMAC), conflict (no roll runs)
 */
export async function finishRoll(
  { db }: WebhookDesk,
  { owner, actor, now }: WebhookEditor,
  id: WebhookId,
): Promise<void> {
  await transaction(db, async (tx) => {
    const row = await lockVisible(tx, owner, id)
    const { other } = checkRollable(row, now)
    if (other === undefined) throw new Refusal("conflict", "No secret of this webhook rolls")
    await updateWebhookColumns(tx, id, {
      sealed_secret: row.sealed_new_secret,
      sealed_new_secret: null,
      new_secret_active: 0,
      roll_ends_at: null,
    })
    const entry = { companyId: row.company_id, actor, subjectId: id, details: {} }
    await recordAudit(tx, now, { ...entry, action: "webhook.secret_roll_finished" })
  })
}

function checkRollable(row: StoredWebhook, now: Instant) {
  const secrets = currentSecrets(row, now)
  if (row.authen_type === "HMAC_SHA256" && secrets.active !== "") return secrets
  throw new Refusal("invalid", "Only a webhook of authen_type HMAC_SHA256 has a secret to roll")
}

/** Destroys the old secrets of rolls whose window is over. */
export function endOverdueRolls(db: Database, now: Instant): Promise<void> {
  return transaction(db, (tx: Queries) => endRolls(tx, now))
}
