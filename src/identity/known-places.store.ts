import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"

/** Notes the user's first sign-in; false if there was one before. */
export async function markFirstSignIn(tx: Queries, userId: number, now: Instant): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("users")
    .set({ first_sign_in_at: now })
    .where("id", "=", userId)
    .where("first_sign_in_at", "is", null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Which of the hashes are known for the user. */
export async function findKnownPlaces(
  tx: Queries,
  userId: number,
  hashes: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom("known_places")
    .select("place_hash")
    .where("user_id", "=", userId)
    .where("place_hash", "in", hashes)
    .execute()
  return new Set(rows.map((row) => row.place_hash))
}

export async function upsertKnownPlaces(
  tx: Queries,
  userId: number,
  hashes: readonly string[],
  now: Instant,
): Promise<void> {
  await tx
    .insertInto("known_places")
    .values(hashes.map((place_hash) => ({ user_id: userId, place_hash, seen_at: now })))
    .onConflict((conflict) => conflict.columns(["user_id", "place_hash"]).doUpdateSet({ seen_at: now }))
    .execute()
}

/** Forgets at most `limit` places last seen before that, and says how many. */
export async function deleteOldPlaces(tx: Queries, before: Instant, limit: number): Promise<number> {
  const old = await tx
    .selectFrom("known_places")
    .select(["user_id", "place_hash"])
    .where("seen_at", "<", before)
    .orderBy("seen_at")
    .limit(limit)
    .execute()
  for (const { user_id, place_hash } of old) {
    await tx
      .deleteFrom("known_places")
      .where("user_id", "=", user_id)
      .where("place_hash", "=", place_hash)
      .where("seen_at", "<", before)
      .execute()
  }
  return old.length
}
