import type { Kysely } from "kysely"
import type { Columns } from "../columns.ts"

export async function up(tx: Kysely<unknown>, columns: Columns): Promise<void> {
  await createUploads(tx, columns)
  await extendImports(tx, columns)
}

async function createUploads(tx: Kysely<unknown>, { id, integer, text, bytes }: Columns): Promise<void> {
  // A file that a person sent and looks at before it is imported. In the database, so that any process of any node can
  // go on with it; swept when nobody does.
  await tx.schema
    .createTable("statement_uploads")
    .addColumn("id", id)
    .addColumn("company_id", integer, (c) => c.notNull().references("companies.id"))
    .addColumn("bank_account_id", integer, (c) => c.notNull().references("bank_accounts.id"))
    .addColumn("user_id", integer, (c) => c.notNull().references("users.id"))
    .addColumn("file_name", text, (c) => c.notNull())
    .addColumn("size", integer, (c) => c.notNull())
    // What its start looks like.
    .addColumn("format", text, (c) => c.notNull())
    // receiving → received → checking → checked → importing → imported, or failed.
    .addColumn("state", text, (c) => c.notNull())
    // JSON: profile, sheet, encoding and the like, as the person chose them.
    .addColumn("choices", text, (c) => c.notNull())
    // JSON: what the check found or the import brought; null until then.
    .addColumn("outcome", text)
    .addColumn("import_id", integer)
    // Names the work under way, so that one that was given up cannot write over its successor.
    .addColumn("job", text)
    .addColumn("stage", text, (c) => c.notNull())
    .addColumn("bytes_read", integer, (c) => c.notNull())
    .addColumn("lines_read", integer, (c) => c.notNull())
    .addColumn("row_count", integer, (c) => c.notNull())
    .addColumn("progress_at", integer, (c) => c.notNull())
    .addColumn("created_at", integer, (c) => c.notNull())
    .execute()
  await tx.schema
    .createIndex("statement_uploads_by_time")
    .on("statement_uploads")
    .columns(["progress_at", "id"])
    .execute()
  await tx.schema
    .createTable("statement_upload_pieces")
    .addColumn("upload_id", integer, (c) => c.notNull().references("statement_uploads.id"))
    .addColumn("piece", integer, (c) => c.notNull())
    .addColumn("content", bytes, (c) => c.notNull())
    .addPrimaryKeyConstraint("statement_upload_pieces_key", ["upload_id", "piece"])
    .execute()
}

async function extendImports(tx: Kysely<unknown>, { text }: Columns): Promise<void> {
  // Each sheet of a workbook is a file of its own to the rule that a file is imported once.
  await tx.schema.alterTable("statement_imports").addColumn("sheet", text).execute()
  await tx.schema.createIndex("statement_imports_by_feed").on("statement_imports").columns(["feed_id", "id"]).execute()
  await tx.schema.createIndex("feeds_by_company").on("feeds").columns(["company_id", "id"]).execute()
}
