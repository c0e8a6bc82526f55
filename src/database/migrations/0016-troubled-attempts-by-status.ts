import { type Kysely, sql } from "kysely"

export async function up(tx: Kysely<unknown>): Promise<void> {
  // With the status in it the index answers every filter of the log by itself: without, SQLite took the index of all
  // attempts and read a million rows to find none that had failed so.
  await tx.schema.dropIndex("attempts_troubled").execute()
  await tx.schema
    .createIndex("attempts_troubled")
    .on("attempts")
    .columns(["webhook_id", "n", "kind", "class", "started_at", "http_status"])
    .where(sql.ref("class"), "<>", sql.lit("ok"))
    .execute()
}
