import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"

/** A picture as we serve it. */
export interface StoredLogo {
  readonly hash: string
  readonly mediaType: string
  readonly body: Uint8Array
}

/** Keeps a picture of an app, unless it has it. */
export async function insertLogo(tx: Queries, clientRowId: number, logo: StoredLogo, now: Instant): Promise<void> {
  await tx
    .insertInto("client_logos")
    .values({
      client_row_id: clientRowId,
      hash: logo.hash,
      media_type: logo.mediaType,
      body: logo.body,
      fetched_at: now,
    })
    .onConflict((conflict) => conflict.columns(["client_row_id", "hash"]).doNothing())
    .execute()
}

/** Forgets the pictures of an app but these. */
export async function deleteLogosExcept(tx: Queries, clientRowId: number, kept: readonly string[]): Promise<void> {
  await tx
    .deleteFrom("client_logos")
    .where("client_row_id", "=", clientRowId)
    .$if(kept.length > 0, (query) => query.where("hash", "not in", kept))
    .execute()
}

/** A picture by its hash. */
export async function findLogo(db: Queries, hash: string): Promise<StoredLogo | undefined> {
  return db
    .selectFrom("client_logos")
    .select(["hash", "media_type as mediaType", "body"])
    .where("hash", "=", hash)
    .limit(1)
    .executeTakeFirst()
}
