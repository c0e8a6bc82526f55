import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"

/** A received item, with its feed; `content` is null for a file, whose bytes are in pieces. */
export interface StoredRawItem {
  readonly id: number
  readonly feedName: string
  readonly feedKind: string
  readonly content: Uint8Array | null
  readonly size: number
  readonly sha256: string
  readonly receivedAt: Instant
  readonly fileName: string | null
}

/** A raw item of a company. */
export async function selectRawItem(
  db: Queries,
  of: { readonly companyId: number; readonly id: number },
): Promise<StoredRawItem | undefined> {
  const row = await db
    .selectFrom("raw_items as r")
    .innerJoin("feeds as f", "f.id", "r.feed_id")
    .select((eb) => [
      "r.id",
      "f.name as feedName",
      "f.kind as feedKind",
      "r.content",
      "r.size",
      "r.sha256",
      "r.received_at as receivedAt",
      eb
        .selectFrom("statement_imports as i")
        .select("i.file_name")
        .whereRef("i.sha256", "=", "r.sha256")
        .whereRef("i.company_id", "=", "r.company_id")
        .whereRef("i.raw_item_id", "=", "r.id")
        .limit(1)
        .as("fileName"),
    ])
    .where("r.id", "=", of.id)
    .where("r.company_id", "=", of.companyId)
    .executeTakeFirst()
  return row as StoredRawItem | undefined
}

/** One piece of a file's bytes; undefined after the last. */
export async function selectPiece(db: Queries, rawItemId: number, piece: number): Promise<Uint8Array | undefined> {
  const row = await db
    .selectFrom("raw_item_pieces")
    .select("content")
    .where("raw_item_id", "=", rawItemId)
    .where("piece", "=", piece)
    .executeTakeFirst()
  return row?.content
}
