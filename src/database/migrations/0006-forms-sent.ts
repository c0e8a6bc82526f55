import type { Kysely } from "kysely"
import type { Columns } from "../columns.ts"

export async function up(tx: Kysely<unknown>, { integer, text }: Columns): Promise<void> {
  // A form that makes something carries a key of its own, so that a double click makes it once.
  await tx.schema
    .createTable("forms_sent")
    .addColumn("form_key", text, (c) => c.primaryKey())
    .addColumn("user_id", integer, (c) => c.notNull().references("users.id"))
    // Where the first sending led, as a path of this site.
    .addColumn("led_to", text, (c) => c.notNull())
    .addColumn("sent_at", integer, (c) => c.notNull())
    .execute()
  await tx.schema.createIndex("forms_sent_by_time").on("forms_sent").column("sent_at").execute()
}
