import type { Kysely } from "kysely"
import type { Columns } from "../columns.ts"

export async function up(tx: Kysely<unknown>, { id, integer, text }: Columns): Promise<void> {
  // What somebody had chosen when the session ended, with whose choices they are (JSON); null: nothing.
  await tx.schema.alterTable("authorization_requests").addColumn("choices", text).execute()
  // Mails that must not be lost, written with what they tell of and deleted once a mail server has them.
  await tx.schema
    .createTable("mails_waiting")
    .addColumn("id", id)
    // Recipient, subject and text, sealed as a whole.
    .addColumn("sealed", text, (c) => c.notNull())
    .addColumn("written_at", integer, (c) => c.notNull())
    // While a process sends it: when its lease ends.
    .addColumn("due_at", integer, (c) => c.notNull())
    // Tries begun; tells the process that began the last one from others.
    .addColumn("tries", integer, (c) => c.notNull())
    .execute()
  await tx.schema.createIndex("mails_waiting_by_due").on("mails_waiting").columns(["due_at", "id"]).execute()
}
