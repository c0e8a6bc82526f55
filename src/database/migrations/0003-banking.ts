import { type Kysely, sql } from "kysely"
import type { Columns } from "../columns.ts"

export async function up(tx: Kysely<unknown>, columns: Columns): Promise<void> {
  await createAccounts(tx, columns)
  await createTransactions(tx, columns)
  await createOutbox(tx, columns)
}

async function createAccounts(tx: Kysely<unknown>, { id, integer, flag, text }: Columns): Promise<void> {
  await tx.schema
    .createTable("bank_accounts")
    .addColumn("id", id)
    .addColumn("company_id", integer, (c) => c.notNull().references("companies.id"))
    .addColumn("mode", text, (c) => c.notNull())
    .addColumn("bank", text, (c) => c.notNull())
    .addColumn("brand_name", text)
    .addColumn("account_number", text, (c) => c.notNull())
    // The number without spaces, dots and dashes, upper-case: what is compared.
    .addColumn("account_key", text, (c) => c.notNull())
    .addColumn("holder_name", text, (c) => c.notNull())
    .addColumn("label", text)
    .addColumn("balance", integer)
    // When that balance held: an older one that arrives late does not replace it.
    .addColumn("balance_at", integer)
    .addColumn("active", flag, (c) => c.notNull())
    // Transactions listed, all days together; by day in transaction_day_counts.
    .addColumn("count_in", integer, (c) => c.notNull())
    .addColumn("count_out", integer, (c) => c.notNull())
    .addColumn("created_at", integer, (c) => c.notNull())
    .execute()
  await tx.schema
    .createIndex("bank_accounts_unique")
    .unique()
    .on("bank_accounts")
    .columns(["company_id", "mode", "account_key", "bank"])
    .execute()

  await tx.schema
    .createTable("sub_accounts")
    .addColumn("id", id)
    .addColumn("bank_account_id", integer, (c) => c.notNull().references("bank_accounts.id"))
    .addColumn("kind", text, (c) => c.notNull())
    .addColumn("account_number", text, (c) => c.notNull())
    .addColumn("account_key", text, (c) => c.notNull())
    .addColumn("holder_name", text)
    .addColumn("label", text)
    .addColumn("active", flag, (c) => c.notNull())
    .addColumn("created_at", integer, (c) => c.notNull())
    .execute()
  await tx.schema
    .createIndex("sub_accounts_unique")
    .unique()
    .on("sub_accounts")
    .columns(["bank_account_id", "account_key"])
    .execute()
  await tx.schema.createIndex("sub_accounts_by_key").on("sub_accounts").column("account_key").execute()

  await tx.schema
    .createTable("payment_code_formats")
    .addColumn("id", id)
    .addColumn("company_id", integer, (c) => c.notNull().references("companies.id"))
    .addColumn("mode", text, (c) => c.notNull())
    .addColumn("position", integer, (c) => c.notNull())
    .addColumn("prefix", text, (c) => c.notNull())
    .addColumn("suffix_from", integer, (c) => c.notNull())
    .addColumn("suffix_to", integer, (c) => c.notNull())
    .addColumn("character_type", text, (c) => c.notNull())
    .addColumn("is_active", flag, (c) => c.notNull())
    .execute()
  await tx.schema
    .createIndex("payment_code_formats_unique")
    .unique()
    .on("payment_code_formats")
    .columns(["company_id", "mode", "prefix"])
    .execute()
}

async function createTransactions(tx: Kysely<unknown>, { id, integer, flag, text }: Columns): Promise<void> {
  await tx.schema
    .createTable("transactions")
    .addColumn("id", id)
    .addColumn("uuid", text, (c) => c.notNull())
    .addColumn("company_id", integer, (c) => c.notNull())
    .addColumn("mode", text, (c) => c.notNull())
    .addColumn("bank_account_id", integer, (c) => c.notNull().references("bank_accounts.id"))
    .addColumn("booked_at", integer, (c) => c.notNull())
    // yyyymmdd in Vietnam.
    .addColumn("booked_day", integer, (c) => c.notNull())
    .addColumn("precision", text, (c) => c.notNull())
    // Đồng, above 0 in, below 0 out.
    .addColumn("amount", integer, (c) => c.notNull())
    .addColumn("balance_after", integer)
    .addColumn("balance_source", text)
    .addColumn("memo", text, (c) => c.notNull())
    .addColumn("description", text, (c) => c.notNull())
    .addColumn("reference", text)
    .addColumn("code", text)
    .addColumn("sub_account_id", integer)
    .addColumn("sub_account_number", text)
    .addColumn("kind", text, (c) => c.notNull())
    .addColumn("reverses_id", integer)
    // 0 when withdrawn by its feed (or, later, held): in no list, readable by id.
    .addColumn("listed", flag, (c) => c.notNull())
    .addColumn("recorded_at", integer, (c) => c.notNull())
    .execute()
  await tx.schema
    .createIndex("transactions_by_account")
    .on("transactions")
    .columns(["bank_account_id", "booked_at desc", "id desc"])
    .execute()
  await tx.schema
    .createIndex("transactions_by_company")
    .on("transactions")
    .columns(["company_id", "mode", "booked_at desc", "id desc"])
    .execute()
  await tx.schema
    .createIndex("transactions_by_reference")
    .on("transactions")
    // In the order of the list too: else SQLite prefers an index that has it and reads every row.
    .columns(["company_id", "mode", "reference", "booked_at desc", "id desc"])
    .execute()
  await tx.schema
    .createIndex("transactions_by_amount")
    .on("transactions")
    // The last two are there so that counting reads the index alone.
    .columns(["company_id", "mode", "amount", "booked_at desc", "id desc", "bank_account_id", "listed"])
    .execute()

  await tx.schema
    .createTable("transaction_revisions")
    .addColumn("id", id)
    .addColumn("transaction_id", integer, (c) => c.notNull().references("transactions.id"))
    .addColumn("observation_id", integer)
    // JSON: field → value from now on; the transaction's row holds the newest, this table the whole story.
    .addColumn("before_values", text, (c) => c.notNull())
    .addColumn("after_values", text, (c) => c.notNull())
    .addColumn("revised_at", integer, (c) => c.notNull())
    .execute()
  await tx.schema
    .createIndex("transaction_revisions_by_transaction")
    .on("transaction_revisions")
    .column("transaction_id")
    .execute()

  await tx.schema
    .createTable("transaction_day_counts")
    .addColumn("bank_account_id", integer, (c) => c.notNull())
    .addColumn("day", integer, (c) => c.notNull())
    .addColumn("count_in", integer, (c) => c.notNull())
    .addColumn("count_out", integer, (c) => c.notNull())
    .addPrimaryKeyConstraint("transaction_day_counts_key", ["bank_account_id", "day"])
    .execute()
}

async function createOutbox(tx: Kysely<unknown>, { id, integer, flag, text }: Columns): Promise<void> {
  await tx.schema
    .createTable("change_heads")
    .addColumn("company_id", integer, (c) => c.primaryKey())
    .addColumn("last", integer, (c) => c.notNull())
    .execute()
  await tx.schema
    .createTable("changes")
    .addColumn("company_id", integer, (c) => c.notNull())
    .addColumn("sequence", integer, (c) => c.notNull())
    .addColumn("kind", text, (c) => c.notNull())
    .addColumn("transaction_id", integer)
    .addColumn("bank_account_id", integer)
    .addColumn("changed_at", integer, (c) => c.notNull())
    .addPrimaryKeyConstraint("changes_key", ["company_id", "sequence"])
    .execute()

  await tx.schema
    .createTable("events")
    .addColumn("id", id)
    .addColumn("uuid", text, (c) => c.notNull())
    .addColumn("company_id", integer, (c) => c.notNull())
    .addColumn("mode", text, (c) => c.notNull())
    .addColumn("transaction_id", integer, (c) => c.notNull().unique())
    // Pure ASCII JSON, frozen; text, never a JSON type that would reorder its keys.
    .addColumn("payload", text, (c) => c.notNull())
    .addColumn("silent", flag, (c) => c.notNull())
    .addColumn("verdicts", text, (c) => c.notNull().defaultTo(sql.lit("[]")))
    .addColumn("created_at", integer, (c) => c.notNull())
    .execute()
}
