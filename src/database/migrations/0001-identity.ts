import type { Kysely } from "kysely"
import type { Columns } from "../columns.ts"

export async function up(tx: Kysely<unknown>, { id, integer, flag, text }: Columns): Promise<void> {
  await tx.schema
    .createTable("companies")
    .addColumn("id", id)
    .addColumn("full_name", text, (c) => c.notNull())
    .addColumn("short_name", text, (c) => c.notNull())
    .addColumn("subscription", text, (c) => c.notNull())
    .addColumn("begin_day", text)
    .addColumn("end_day", text)
    .addColumn("status", text, (c) => c.notNull())
    .addColumn("sub_accounts_on", flag, (c) => c.notNull())
    .addColumn("payment_codes_on", flag, (c) => c.notNull())
    .addColumn("separator_tolerant", flag, (c) => c.notNull())
    .addColumn("data_storage_days", integer, (c) => c.notNull())
    .addColumn("created_at", integer, (c) => c.notNull())
    .execute()

  await tx.schema
    .createTable("users")
    .addColumn("id", id)
    .addColumn("company_id", integer, (c) => c.notNull().references("companies.id"))
    .addColumn("email", text, (c) => c.notNull())
    .addColumn("email_key", text, (c) => c.notNull().unique())
    .addColumn("password_hash", text, (c) => c.notNull())
    .addColumn("first_name", text, (c) => c.notNull())
    .addColumn("last_name", text, (c) => c.notNull())
    .addColumn("phone", text, (c) => c.notNull())
    .addColumn("role", text, (c) => c.notNull())
    .addColumn("permissions", text, (c) => c.notNull())
    .addColumn("is_operator", flag, (c) => c.notNull())
    .addColumn("language", text)
    .addColumn("status", text, (c) => c.notNull())
    .addColumn("created_at", integer, (c) => c.notNull())
    .execute()
  await tx.schema.createIndex("users_by_company").on("users").columns(["company_id", "id"]).execute()

  await tx.schema
    .createTable("sessions")
    .addColumn("id_hash", text, (c) => c.primaryKey())
    .addColumn("user_id", integer, (c) => c.notNull().references("users.id"))
    .addColumn("created_at", integer, (c) => c.notNull())
    .addColumn("last_used_at", integer, (c) => c.notNull())
    .addColumn("expires_at", integer, (c) => c.notNull())
    .addColumn("ip", text, (c) => c.notNull())
    .addColumn("user_agent", text, (c) => c.notNull())
    .execute()
  await tx.schema.createIndex("sessions_by_user").on("sessions").column("user_id").execute()
  await tx.schema.createIndex("sessions_by_expiry").on("sessions").column("expires_at").execute()

  await tx.schema
    .createTable("sign_in_throttles")
    .addColumn("key", text, (c) => c.primaryKey())
    .addColumn("failures", integer, (c) => c.notNull())
    .addColumn("blocked_until", integer, (c) => c.notNull())
    .addColumn("updated_at", integer, (c) => c.notNull())
    .execute()
}
