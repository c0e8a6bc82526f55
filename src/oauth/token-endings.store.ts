import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { FamilyId, GrantId } from "../ids.ts"

/** When and why something ended, as its row says. */
export interface EndedAt {
  readonly at: Instant
  readonly why: string
}

/** How a family stands that is not alive any more: each part undefined when it is not what ended. */
export interface FamilyEnd {
  readonly family: EndedAt | undefined
  readonly grant: EndedAt | undefined
  /** The absolute end that some profiles give a family. */
  readonly endsAt: Instant | null
}

/** When the family began, that is: when its code was redeemed. */
export async function findFamilyStart(tx: Queries, familyId: FamilyId): Promise<Instant | undefined> {
  const row = await tx
    .selectFrom("token_families")
    .select("created_at as createdAt")
    .where("id", "=", familyId)
    .executeTakeFirst()
  return row?.createdAt as Instant | undefined
}

/** How the family and its grant ended. */
export async function findFamilyEnd(tx: Queries, familyId: FamilyId): Promise<FamilyEnd> {
  const row = await tx
    .selectFrom("token_families as family")
    .innerJoin("grants", "grants.id", "family.grant_id")
    .select([
      "family.ended_at as familyAt",
      "family.end_reason as familyWhy",
      "family.ends_at as endsAt",
      "grants.ended_at as grantAt",
      "grants.end_reason as grantWhy",
    ])
    .where("family.id", "=", familyId)
    .executeTakeFirstOrThrow()
  return {
    family: toEnded(row.familyAt, row.familyWhy),
    grant: toEnded(row.grantAt, row.grantWhy),
    endsAt: row.endsAt as Instant | null,
  }
}

/** How the grant ended, if it did. */
export async function findGrantEnd(tx: Queries, grantId: GrantId): Promise<EndedAt | undefined> {
  const row = await tx
    .selectFrom("grants")
    .select(["ended_at as at", "end_reason as why"])
    .where("id", "=", grantId)
    .executeTakeFirst()
  return row === undefined ? undefined : toEnded(row.at, row.why)
}

/** What the columns of an end say. */
export function toEnded(at: number | null, why: string | null): EndedAt | undefined {
  return at === null ? undefined : { at: at as Instant, why: why ?? "" }
}
