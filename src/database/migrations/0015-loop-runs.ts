import { type Kysely, sql } from "kysely"
import type { Columns } from "../columns.ts"

export async function up(tx: Kysely<unknown>, { integer, text }: Columns): Promise<void> {
  // One row a loop: when it last ran to its end on any node, and what it did then.
  await tx.schema
    .createTable("loop_runs")
    .addColumn("name", text, (c) => c.primaryKey())
    .addColumn("ended_at", integer, (c) => c.notNull())
    .addColumn("rows_done", integer, (c) => c.notNull())
    .execute()
  // The few webhooks that the platform switched off itself, for the operator.
  await tx.schema
    .createIndex("webhooks_switched_off")
    .on("webhooks")
    .column("id")
    .where(sql.ref("off_reason"), "is not", null)
    .execute()
}
