import { type Kysely, sql } from "kysely"
import type { Columns } from "../columns.ts"

export async function up(tx: Kysely<unknown>, columns: Columns): Promise<void> {
  await createFeeds(tx, columns)
  await createRawItems(tx, columns)
  await createImports(tx, columns)
}

async function createFeeds(tx: Kysely<unknown>, { id, integer, flag, text }: Columns): Promise<void> {
  await tx.schema
    .createTable("feeds")
    .addColumn("id", id)
    .addColumn("company_id", integer, (c) => c.notNull().references("companies.id"))
    .addColumn("kind", text, (c) => c.notNull())
    .addColumn("name", text, (c) => c.notNull())
    .addColumn("mode", text, (c) => c.notNull())
    // JSON array of ids, or null: all accounts of the mode.
    .addColumn("bank_account_ids", text)
    .addColumn("active", flag, (c) => c.notNull())
    .addColumn("created_at", integer, (c) => c.notNull())
    .addColumn("last_seen_at", integer)
    .execute()
  // A statement feed is (account, format or CSV profile): its name carries the format, its accounts the one id.
  await tx.schema
    .createIndex("feeds_statement_unique")
    .unique()
    .on("feeds")
    .columns(["company_id", "bank_account_ids", "name"])
    .where(sql.ref("kind"), "=", sql.lit("statement"))
    .execute()

  await tx.schema
    .createTable("feed_secrets")
    .addColumn("id", id)
    .addColumn("feed_id", integer, (c) => c.notNull().references("feeds.id"))
    .addColumn("sealed_secret", text, (c) => c.notNull())
    .addColumn("created_at", integer, (c) => c.notNull())
    .addColumn("expires_at", integer)
    .execute()
  await tx.schema.createIndex("feed_secrets_by_feed").on("feed_secrets").column("feed_id").execute()

  await tx.schema
    .createTable("simulation_counts")
    .addColumn("company_id", integer, (c) => c.notNull())
    .addColumn("day", integer, (c) => c.notNull())
    .addColumn("count", integer, (c) => c.notNull())
    .addPrimaryKeyConstraint("simulation_counts_key", ["company_id", "day"])
    .execute()
}

async function createRawItems(tx: Kysely<unknown>, { id, integer, text, bytes }: Columns): Promise<void> {
  await tx.schema
    .createTable("raw_items")
    .addColumn("id", id)
    .addColumn("feed_id", integer, (c) => c.notNull())
    .addColumn("company_id", integer, (c) => c.notNull())
    // Null for a file: its bytes are in raw_item_pieces.
    .addColumn("content", bytes)
    .addColumn("size", integer, (c) => c.notNull())
    .addColumn("sha256", text, (c) => c.notNull())
    .addColumn("parser_version", integer, (c) => c.notNull())
    .addColumn("outcome", text, (c) => c.notNull())
    .addColumn("reason", text)
    .addColumn("received_at", integer, (c) => c.notNull())
    .execute()
  // An item that left no observation is kept once, however often its sender repeats it.
  await tx.schema
    .createIndex("raw_items_unrecorded")
    .unique()
    .on("raw_items")
    .columns(["feed_id", "sha256"])
    .where(sql.ref("content"), "is not", null)
    .where(sql.ref("outcome"), "in", [sql.lit("refused"), sql.lit("ignored"), sql.lit("conflict")])
    .execute()
  await tx.schema
    .createTable("raw_item_pieces")
    .addColumn("raw_item_id", integer, (c) => c.notNull().references("raw_items.id"))
    .addColumn("piece", integer, (c) => c.notNull())
    .addColumn("content", bytes, (c) => c.notNull())
    .addPrimaryKeyConstraint("raw_item_pieces_key", ["raw_item_id", "piece"])
    .execute()

  await tx.schema
    .createTable("observations")
    .addColumn("id", id)
    .addColumn("feed_id", integer, (c) => c.notNull())
    .addColumn("identity", text, (c) => c.notNull())
    .addColumn("raw_item_id", integer, (c) => c.notNull())
    .addColumn("line", integer, (c) => c.notNull())
    .addColumn("bank_account_id", integer, (c) => c.notNull())
    .addColumn("transaction_id", integer)
    // What the movement is (account, amount, day …): equal → duplicate, different → conflict.
    .addColumn("fingerprint", text, (c) => c.notNull())
    .addColumn("content", text, (c) => c.notNull())
    .addColumn("status", text, (c) => c.notNull())
    .addColumn("observed_at", integer, (c) => c.notNull())
    // The statement that listed it first; null for other feeds.
    .addColumn("statement_id", integer)
    .execute()
  await tx.schema
    .createIndex("observations_identity")
    .unique()
    .on("observations")
    .columns(["feed_id", "identity"])
    .execute()
  await tx.schema.createIndex("observations_by_transaction").on("observations").column("transaction_id").execute()
}

async function createImports(tx: Kysely<unknown>, columns: Columns): Promise<void> {
  const { id, integer, text } = columns
  await tx.schema
    .createTable("statement_imports")
    .addColumn("id", id)
    .addColumn("company_id", integer, (c) => c.notNull())
    .addColumn("feed_id", integer, (c) => c.notNull())
    .addColumn("raw_item_id", integer, (c) => c.notNull())
    .addColumn("file_name", text, (c) => c.notNull())
    .addColumn("sha256", text, (c) => c.notNull())
    .addColumn("format", text, (c) => c.notNull())
    .addColumn("notify", text, (c) => c.notNull())
    // staging → recorded; refused with its errors. A staging row that a crash left is swept.
    .addColumn("state", text, (c) => c.notNull())
    .addColumn("bytes_read", integer, (c) => c.notNull())
    .addColumn("lines_read", integer, (c) => c.notNull())
    .addColumn("inserted", integer, (c) => c.notNull())
    .addColumn("duplicates", integer, (c) => c.notNull())
    .addColumn("pending", integer, (c) => c.notNull())
    .addColumn("ignored", integer, (c) => c.notNull())
    // JSON lists of {line, reason, message}: why it was refused, and what it was told to skip.
    .addColumn("errors", text)
    .addColumn("skipped", text)
    .addColumn("imported_by", text, (c) => c.notNull())
    .addColumn("created_at", integer, (c) => c.notNull())
    // Moves while the file is being read, so that a row whose process died can be told from one at work.
    .addColumn("progress_at", integer, (c) => c.notNull())
    .addColumn("finished_at", integer)
    .execute()
  await tx.schema
    .createIndex("statement_imports_by_file")
    .on("statement_imports")
    .columns(["company_id", "sha256"])
    .execute()

  await createStatements(tx, columns)
  await createGaps(tx, columns)

  await tx.schema
    .createTable("csv_profiles")
    .addColumn("id", id)
    .addColumn("company_id", integer, (c) => c.notNull())
    .addColumn("name", text, (c) => c.notNull())
    .addColumn("profile", text, (c) => c.notNull())
    .addColumn("created_at", integer, (c) => c.notNull())
    .execute()
  await tx.schema
    .createIndex("csv_profiles_unique")
    .unique()
    .on("csv_profiles")
    .columns(["company_id", "name"])
    .execute()
}

async function createStatements(tx: Kysely<unknown>, { id, integer, text }: Columns): Promise<void> {
  await tx.schema
    .createTable("statements")
    .addColumn("id", id)
    .addColumn("import_id", integer, (c) => c.notNull())
    .addColumn("feed_id", integer, (c) => c.notNull())
    .addColumn("bank_account_id", integer, (c) => c.notNull())
    .addColumn("number", text)
    .addColumn("from_day", integer)
    .addColumn("to_day", integer)
    .addColumn("from_at", integer)
    .addColumn("to_at", integer)
    .addColumn("opening", integer)
    .addColumn("closing", integer)
    .execute()
  await tx.schema.createIndex("statements_by_feed").on("statements").columns(["feed_id", "to_day"]).execute()

  await tx.schema
    .createTable("staged_lines")
    .addColumn("import_id", integer, (c) => c.notNull())
    .addColumn("ordinal", integer, (c) => c.notNull())
    .addColumn("line", integer, (c) => c.notNull())
    .addColumn("statement_index", integer, (c) => c.notNull())
    .addColumn("bank_account_id", integer, (c) => c.notNull())
    .addColumn("feed_id", integer, (c) => c.notNull())
    .addColumn("identity", text, (c) => c.notNull())
    .addColumn("fingerprint", text, (c) => c.notNull())
    .addColumn("content", text, (c) => c.notNull())
    .addColumn("status", text, (c) => c.notNull())
    .addColumn("kind", text, (c) => c.notNull())
    .addColumn("transaction_uuid", text, (c) => c.notNull())
    .addColumn("event_uuid", text, (c) => c.notNull())
    .addColumn("booked_at", integer, (c) => c.notNull())
    .addColumn("booked_day", integer, (c) => c.notNull())
    .addColumn("precision", text, (c) => c.notNull())
    .addColumn("amount", integer, (c) => c.notNull())
    .addColumn("balance_after", integer)
    .addColumn("balance_source", text)
    .addColumn("memo", text, (c) => c.notNull())
    .addColumn("description", text, (c) => c.notNull())
    .addColumn("reference", text)
    .addColumn("code", text)
    .addColumn("sub_account_id", integer)
    .addColumn("sub_account_number", text)
    // The frozen payload without its id and its balance, which are known only when the lines are recorded.
    .addColumn("payload_middle", text, (c) => c.notNull())
    .addColumn("payload_end", text, (c) => c.notNull())
    // Set when the lines are recorded; null while staged and for lines already known.
    .addColumn("transaction_id", integer)
    .addPrimaryKeyConstraint("staged_lines_key", ["import_id", "ordinal"])
    .execute()
  await tx.schema
    .createIndex("staged_lines_by_transaction")
    .unique()
    .on("staged_lines")
    .column("transaction_uuid")
    .execute()
}

async function createGaps(tx: Kysely<unknown>, { id, integer, text }: Columns): Promise<void> {
  await tx.schema
    .createTable("gaps")
    .addColumn("id", id)
    .addColumn("company_id", integer, (c) => c.notNull())
    .addColumn("bank_account_id", integer, (c) => c.notNull())
    .addColumn("kind", text, (c) => c.notNull())
    .addColumn("statement_id", integer)
    .addColumn("from_balance", integer, (c) => c.notNull())
    .addColumn("to_balance", integer, (c) => c.notNull())
    .addColumn("missing_amount", integer, (c) => c.notNull())
    .addColumn("from_at", integer)
    .addColumn("to_at", integer)
    .addColumn("opened_at", integer, (c) => c.notNull())
    .addColumn("closed_at", integer)
    .addColumn("closed_by", text)
    .addColumn("note", text)
    .execute()
  await tx.schema.createIndex("gaps_by_account").on("gaps").columns(["bank_account_id", "id"]).execute()
}
