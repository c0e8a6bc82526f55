import type { Selectable } from "kysely"
import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { Schema } from "../database/schema.ts"

/** What following the link does. */
export type LinkPurpose = "verify_email" | "reset_password" | "change_email" | "accept_invitation"

export interface StoredLink {
  readonly linkHash: string
  readonly purpose: LinkPurpose
  /** A sign-up, a user or an invitation, by purpose. */
  readonly subjectId: number
  readonly email: string | undefined
  readonly expiresAt: Instant
  readonly isUsed: boolean
}

export async function insertLink(tx: Queries, link: Omit<StoredLink, "isUsed">): Promise<void> {
  await tx
    .insertInto("one_time_links")
    .values({
      link_hash: link.linkHash,
      purpose: link.purpose,
      subject_id: link.subjectId,
      email: link.email ?? null,
      expires_at: link.expiresAt,
      used_at: null,
    })
    .execute()
}

export async function findLinkByHashes(db: Queries, linkHashes: readonly string[]): Promise<StoredLink | undefined> {
  return toLink(await selectByHashes(db, linkHashes).executeTakeFirst())
}

/** Locks the link, so that of all who follow it at once one is first. */
export async function lockLinkByHashes(tx: Queries, linkHashes: readonly string[]): Promise<StoredLink | undefined> {
  return toLink(await selectByHashes(tx, linkHashes).forUpdate().executeTakeFirst())
}

export async function updateLinkUsed(tx: Queries, linkHash: string, now: Instant): Promise<void> {
  await tx.updateTable("one_time_links").set({ used_at: now }).where("link_hash", "=", linkHash).execute()
}

/** Deletes the links of that purpose and subject that were not used. */
export async function deleteOpenLinks(tx: Queries, purpose: LinkPurpose, subjectId: number): Promise<void> {
  await tx
    .deleteFrom("one_time_links")
    .where("purpose", "=", purpose)
    .where("subject_id", "=", subjectId)
    .where("used_at", "is", null)
    .execute()
}

/** Deletes at most `limit` links that expired before that, and says how many. */
export async function deleteExpiredLinks(tx: Queries, before: Instant, limit: number): Promise<number> {
  const rows = await tx
    .deleteFrom("one_time_links")
    .where("link_hash", "in", (query) =>
      query
        .selectFrom("one_time_links")
        .select("link_hash")
        .where("expires_at", "<", before)
        .orderBy("expires_at")
        .limit(limit),
    )
    .returning("link_hash")
    .execute()
  return rows.length
}

function selectByHashes(db: Queries, linkHashes: readonly string[]) {
  return db.selectFrom("one_time_links").selectAll().where("link_hash", "in", linkHashes)
}

function toLink(row: Selectable<Schema["one_time_links"]> | undefined): StoredLink | undefined {
  if (row === undefined) return undefined
  return {
    linkHash: row.link_hash,
    purpose: row.purpose as LinkPurpose,
    subjectId: row.subject_id,
    email: row.email ?? undefined,
    expiresAt: row.expires_at as Instant,
    isUsed: row.used_at !== null,
  }
}
