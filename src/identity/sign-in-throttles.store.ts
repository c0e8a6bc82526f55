import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"

/** What is remembered under one key. */
export interface Throttle {
  readonly failures: number
  readonly blockedUntil: Instant
  readonly updatedAt: Instant
}

export async function findThrottles(db: Queries, keys: readonly string[]): Promise<ReadonlyMap<string, Throttle>> {
  return toMap(await selectThrottles(db, keys).execute())
}

/** Makes the rows that are missing and locks all, always in the same order, so that attempts queue instead of deadlock. */
export async function lockThrottles(
  tx: Queries,
  now: Instant,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Throttle>> {
  const ordered = [...keys].sort()
  const fresh = ordered.map((key) => ({ key, failures: 0, blocked_until: 0, updated_at: now }))
  await tx
    .insertInto("sign_in_throttles")
    .values(fresh)
    .onConflict((conflict) => conflict.column("key").doNothing())
    .execute()
  return toMap(await selectThrottles(tx, ordered).forUpdate().execute())
}

export async function updateThrottle(tx: Queries, key: string, throttle: Throttle): Promise<void> {
  await tx
    .updateTable("sign_in_throttles")
    .set({ failures: throttle.failures, blocked_until: throttle.blockedUntil, updated_at: throttle.updatedAt })
    .where("key", "=", key)
    .execute()
}

/** Deletes at most `limit` rows whose key starts with `prefix` and that were last written before `before`. */
export async function deleteOldThrottles(
  tx: Queries,
  { prefix, before, limit }: { prefix: string; before: Instant; limit: number },
): Promise<number> {
  const rows = await tx
    .deleteFrom("sign_in_throttles")
    .where("key", "in", (query) =>
      query
        .selectFrom("sign_in_throttles")
        .select("key")
        .where("key", ">=", prefix)
        .where("key", "<", `${prefix}~`)
        .where("updated_at", "<", before)
        .limit(limit),
    )
    .returning("key")
    .execute()
  return rows.length
}

function selectThrottles(db: Queries, keys: readonly string[]) {
  return db.selectFrom("sign_in_throttles").selectAll().where("key", "in", keys).orderBy("key")
}

function toMap(
  rows: readonly { key: string; failures: number; blocked_until: number; updated_at: number }[],
): ReadonlyMap<string, Throttle> {
  return new Map(
    rows.map((row) => [
      row.key,
      {
        failures: row.failures,
        blockedUntil: row.blocked_until as Instant,
        updatedAt: row.updated_at as Instant,
      },
    ]),
  )
}
