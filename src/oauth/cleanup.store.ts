import { epochDay, type Instant } from "../clock.ts"
import { deleteAccessChanges } from "../database/access-changes.ts"
import type { Queries } from "../database/engine.ts"

/** What may go: rows older than these, at most `limit` of each table. */
export interface OAuthLeftovers {
  readonly codesExpiredBefore: Instant
  readonly requestsBefore: Instant
  readonly familiesExpiredBefore: Instant
  readonly accessTokensExpiredBefore: Instant
  readonly accessChangesBefore: Instant
  readonly limit: number
}

/** Deletes one small batch of rows that nothing can ask for any more. @returns how many went */
export async function deleteLeftovers(tx: Queries, leftovers: OAuthLeftovers): Promise<number> {
  const counts = [
    await deleteCodes(tx, leftovers),
    await deleteRequests(tx, leftovers),
    await deleteFamilies(tx, leftovers),
    await deleteRevokedTokens(tx, leftovers),
  ]
  await deleteAccessChanges(tx, leftovers.accessChangesBefore)
  return counts.reduce((sum, count) => sum + count, 0)
}

async function deleteCodes(tx: Queries, { codesExpiredBefore, limit }: OAuthLeftovers): Promise<number> {
  const result = await tx
    .deleteFrom("authorization_codes")
    .where("code_hash", "in", (select) =>
      select
        .selectFrom("authorization_codes")
        .select("code_hash")
        .where("expires_at", "<", codesExpiredBefore)
        .limit(limit),
    )
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}

async function deleteRequests(tx: Queries, { requestsBefore, limit }: OAuthLeftovers): Promise<number> {
  const result = await tx
    .deleteFrom("authorization_requests")
    .where("handle_hash", "in", (select) =>
      select
        .selectFrom("authorization_requests")
        .select("handle_hash")
        .where("created_at", "<", requestsBefore)
        .limit(limit),
    )
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}

// The hashes of used refresh tokens stay until their family ends (contract/oauth.md §8); then both go.
async function deleteFamilies(tx: Queries, { familiesExpiredBefore, limit }: OAuthLeftovers): Promise<number> {
  const families = await tx
    .selectFrom("token_families")
    .select("id")
    .where("refresh_expires_day", "<", epochDay(familiesExpiredBefore))
    .orderBy("refresh_expires_day")
    .limit(limit)
    .execute()
  if (families.length === 0) return 0
  const ids = families.map(({ id }) => id)
  await tx.deleteFrom("refresh_tokens").where("family_id", "in", ids).execute()
  await tx.deleteFrom("token_families").where("id", "in", ids).execute()
  return ids.length
}

async function deleteRevokedTokens(tx: Queries, { accessTokensExpiredBefore, limit }: OAuthLeftovers): Promise<number> {
  const result = await tx
    .deleteFrom("revoked_access_tokens")
    .where("jti", "in", (select) =>
      select
        .selectFrom("revoked_access_tokens")
        .select("jti")
        .where("expires_at", "<", accessTokensExpiredBefore)
        .limit(limit),
    )
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}
