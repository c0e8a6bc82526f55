import type { Kysely } from "kysely"
import type { Columns } from "../columns.ts"

export async function up(tx: Kysely<unknown>, { text }: Columns): Promise<void> {
  // What somebody had chosen when the session ended, with whose choices they are (JSON); null: nothing.
  await tx.schema.alterTable("authorization_requests").addColumn("choices", text).execute()
}
