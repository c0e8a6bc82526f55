import assert from "node:assert/strict"
import { type Instant, instantAfter } from "../clock.ts"
import type { Keyring } from "../crypto/keyring.ts"
import { seal, unseal } from "../crypto/seal.ts"
import { type Database, type Queries, transaction } from "../database/engine.ts"
import { recordAudit } from "../identity/audit-log.ts"
import { Refusal } from "../refusal.ts"
import { WEBHOOK_SECRET_PURPOSE } from "./credential-seals.ts"
import { lockVisibleWebhook, type WebhookManager } from "./list-webhooks.ts"
import { selectEndedRolls, settleRolls } from "./receiver-credentials.store.ts"
import { newWebhookSecret } from "./signature.ts"
import { type SealedSecrets, type StoredWebhook, updateSecrets } from "./webhooks.store.ts"

/** The secrets that are valid now, still sealed: the one that signs first, and the other one of a roll. */
export interface CurrentSecrets {
  /** Undefined for a clone whose secret was not set yet. */
  readonly active: string | undefined
  readonly other?: string
}

/** Which secrets hold at `now`: from the end of a roll on the new one alone (contract/webhooks.md §2.3). Pure. */
export function currentSecrets(secrets: SealedSecrets, now: Instant): CurrentSecrets {
  const { sealedSecret, sealedNewSecret, newSecretActive, rollEndsAt } = secrets
  if (sealedNewSecret === undefined || rollEndsAt === undefined) return { active: sealedSecret }
  if (now >= rollEndsAt || sealedSecret === undefined) return { active: sealedNewSecret }
  return newSecretActive
    ? { active: sealedNewSecret, other: sealedSecret }
    : { active: sealedSecret, other: sealedNewSecret }
}

/** One secret and no roll. */
export function onlySecret(sealedSecret: string | undefined): SealedSecrets {
  return { sealedSecret, sealedNewSecret: undefined, newSecretActive: false, rollEndsAt: undefined }
}

/** How long both secrets are valid. */
export const rollWindowsHours = [1, 24, 72] as const
export type RollWindowHours = (typeof rollWindowsHours)[number]

/** A secret that was just rolled; it is told this once. */
export interface RolledSecret {
  readonly webhook: StoredWebhook
  readonly secret: string
  readonly endsAt: Instant
}

/**
 * Gives a webhook a new secret beside the old one, which ends with the window (contract/webhooks.md §2.3).
 *
 * @throws Refusal not_found, invalid (not `HMAC_SHA256`, or a clone without a secret), conflict (a roll is under way)
 */
export async function rollSecret(
  db: Database,
  now: Instant,
  keyring: Keyring,
  roll: SecretRoll,
): Promise<RolledSecret> {
  return transaction(db, (tx) => rollSecretWithin(tx, now, keyring, roll))
}

/** Whose secret is rolled, in whose name, and for how long both are valid. */
export interface SecretRoll {
  readonly manager: WebhookManager
  readonly id: number
  readonly windowHours: RollWindowHours
}

/** The same in the caller's database transaction. */
export async function rollSecretWithin(
  tx: Queries,
  now: Instant,
  keyring: Keyring,
  { manager, id, windowHours }: SecretRoll,
): Promise<RolledSecret> {
  const secret = newWebhookSecret()
  const endsAt = instantAfter(now, windowHours * 3_600_000)
  const stored = await lockVisibleWebhook(tx, manager, id)
  checkSigns(stored)
  const { active, other } = currentSecrets(stored.credentials, now)
  if (active === undefined) throw invalid("secret_key", "secret_key is not set yet, so there is none to roll")
  if (other !== undefined) throw new Refusal("conflict", "A roll of this webhook's secret is under way")
  const sealedNewSecret = seal(keyring, WEBHOOK_SECRET_PURPOSE, secret)
  const rolled = { sealedSecret: active, sealedNewSecret, newSecretActive: false, rollEndsAt: endsAt }
  await recordRoll(tx, now, { manager, id: stored.id, action: "webhook.roll_secret", windowHours })
  return { webhook: await updateSecrets(tx, stored.id, rolled), secret, endsAt }
}

/** The new secret of a roll that runs, in clear: for the person who has just asked for it. */
export function openNewSecret(keyring: Keyring, { sealedNewSecret }: SealedSecrets): string | undefined {
  return sealedNewSecret === undefined ? undefined : unseal(keyring, WEBHOOK_SECRET_PURPOSE, sealedNewSecret)
}

/**
 * Ends a roll now: the new secret alone is valid. Where no roll is under way there is nothing to do.
 *
 * @throws Refusal not_found, invalid (not `HMAC_SHA256`)
 */
export async function finishRoll(
  db: Database,
  now: Instant,
  { manager, id }: { readonly manager: WebhookManager; readonly id: number },
): Promise<StoredWebhook> {
  return transaction(db, async (tx) => {
    const stored = await lockVisibleWebhook(tx, manager, id)
    checkSigns(stored)
    if (currentSecrets(stored.credentials, now).other === undefined) return stored
    const { sealedNewSecret } = stored.credentials
    assert(sealedNewSecret !== undefined, "a roll has a new secret")
    await recordRoll(tx, now, { manager, id: stored.id, action: "webhook.finish_roll" })
    return updateSecrets(tx, stored.id, onlySecret(sealedNewSecret))
  })
}

/** Destroys the old secrets of rolls that have ended, one small batch. Returns how many. */
export async function settleEndedRolls(db: Database, now: Instant): Promise<number> {
  const ids = await selectEndedRolls(db, now, 100)
  if (ids.length > 0) await transaction(db, (tx) => settleRolls(tx, ids, now))
  return ids.length
}

function checkSigns({ authenType }: StoredWebhook): void {
  if (authenType === "HMAC_SHA256") return
  throw invalid("authen_type", "authen_type must be HMAC_SHA256: this webhook has no secret to roll")
}

function invalid(field: string, problem: string): Refusal {
  return new Refusal("invalid", problem, { errors: { [field]: [problem] } })
}

interface RollRecord {
  readonly manager: WebhookManager
  readonly id: number
  readonly action: string
  readonly windowHours?: number
}

async function recordRoll(tx: Queries, now: Instant, record: RollRecord): Promise<void> {
  const { manager, id, action, windowHours } = record
  const details = windowHours === undefined ? {} : { window_hours: windowHours }
  await recordAudit(tx, now, { companyId: manager.companyId, actor: manager.actor, action, subjectId: id, details })
}
