import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"

/** Ends all grants of a client that are alive, and with them what stands on them. @returns how many */
export async function endGrantsOfClient(
  tx: Queries,
  clientRowId: number,
  reason: string,
  now: Instant,
): Promise<number> {
  const result = await tx
    .updateTable("grants")
    .set({ ended_at: now, end_reason: reason })
    .where("client_row_id", "=", clientRowId)
    .where("ended_at", "is", null)
    .executeTakeFirst()
  return Number(result.numUpdatedRows)
}

/** Ends all token families of a client that are alive; the grants stay. @returns how many */
export async function endFamiliesOfClient(
  tx: Queries,
  clientRowId: number,
  reason: string,
  now: Instant,
): Promise<number> {
  const result = await tx
    .updateTable("token_families")
    .set({ ended_at: now, end_reason: reason })
    .where("grant_id", "in", (select) =>
      select
        .selectFrom("grants")
        .select("grants.id")
        .where("grants.client_row_id", "=", clientRowId)
        .where("grants.ended_at", "is", null),
    )
    .where("ended_at", "is", null)
    .executeTakeFirst()
  return Number(result.numUpdatedRows)
}

/** How many grants of a client are alive, counted no further than `most`. */
export async function countGrants(db: Queries, clientRowId: number, most: number): Promise<number> {
  const row = await db
    .selectFrom((select) =>
      select
        .selectFrom("grants")
        .select("grants.id")
        .where("grants.client_row_id", "=", clientRowId)
        .where("grants.ended_at", "is", null)
        .limit(most)
        .as("alive"),
    )
    .select((count) => count.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** How many token families of a client can still be refreshed, counted no further than `most`. */
export async function countFamilies(db: Queries, clientRowId: number, at: Instant, most: number): Promise<number> {
  const row = await db
    .selectFrom((select) =>
      select
        .selectFrom("grants")
        .innerJoin("token_families as family", "family.grant_id", "grants.id")
        .select("family.id")
        .where("grants.client_row_id", "=", clientRowId)
        .where("grants.ended_at", "is", null)
        .where("family.ended_at", "is", null)
        .where("family.refresh_expires_at", ">", at)
        .limit(most)
        .as("alive"),
    )
    .select((count) => count.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}
