import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { WebhookId } from "../ids.ts"

// What delivering, or time alone, changes of a webhook's credentials: an edit is made in webhooks.store.ts.

/** Makes the other secret of a roll the one that signs first; a roll that is over is left alone. */
export async function switchSecret(
  tx: Queries,
  roll: { readonly id: number; readonly rollEndsAt: Instant; readonly newIsActive: boolean },
): Promise<void> {
  await tx
    .updateTable("webhooks")
    .set({ new_secret_active: Number(roll.newIsActive) })
    .where("id", "=", roll.id)
    .where("roll_ends_at", "=", roll.rollEndsAt)
    .execute()
}

/** Remembers the dialect of a token endpoint, unless the webhook was edited meanwhile. */
export async function noteDialect(
  tx: Queries,
  seen: { readonly id: number; readonly configVersion: number; readonly dialect: string },
): Promise<void> {
  await tx
    .updateTable("webhooks")
    .set({ oauth2_dialect: seen.dialect })
    .where("id", "=", seen.id)
    .where("config_version", "=", seen.configVersion)
    .execute()
}

/** Webhooks with a roll whose end has come, at most `limit`. */
export async function selectEndedRolls(db: Queries, now: Instant, limit: number): Promise<readonly WebhookId[]> {
  const query = db.selectFrom("webhooks").select("id").where("roll_ends_at", "<=", now).limit(limit)
  return (await query.execute()).map(({ id }) => id as WebhookId)
}

/** Puts the new secret in the place of the old one, where the roll's end has still come. */
export async function settleRolls(tx: Queries, ids: readonly WebhookId[], now: Instant): Promise<void> {
  await tx
    .updateTable("webhooks")
    .set((eb) => ({
      sealed_secret: eb.ref("sealed_new_secret"),
      sealed_new_secret: null,
      new_secret_active: 0,
      roll_ends_at: null,
    }))
    .where("id", "in", ids)
    .where("roll_ends_at", "<=", now)
    .execute()
}
