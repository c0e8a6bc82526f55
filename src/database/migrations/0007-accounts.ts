import type { Kysely } from "kysely"
import type { Columns } from "../columns.ts"

export async function up(tx: Kysely<unknown>, { id, integer, text }: Columns): Promise<void> {
  // Becomes a company and its first user when the link in the mail is followed; until then it holds no address.
  await tx.schema
    .createTable("sign_ups")
    .addColumn("id", id)
    // Of the form that was sent, so that a double click signs up once; names the sign-up to the browser that has it.
    .addColumn("form_key", text, (c) => c.notNull().unique())
    .addColumn("email", text, (c) => c.notNull())
    .addColumn("email_key", text, (c) => c.notNull())
    .addColumn("password_hash", text, (c) => c.notNull())
    .addColumn("first_name", text, (c) => c.notNull())
    .addColumn("last_name", text, (c) => c.notNull())
    .addColumn("company_name", text, (c) => c.notNull())
    .addColumn("language", text, (c) => c.notNull())
    .addColumn("expires_at", integer, (c) => c.notNull())
    .execute()
  await tx.schema.createIndex("sign_ups_by_email").on("sign_ups").columns(["email_key", "id"]).execute()
  await tx.schema.createIndex("sign_ups_by_expiry").on("sign_ups").column("expires_at").execute()

  await tx.schema
    .createTable("invitations")
    .addColumn("id", id)
    .addColumn("company_id", integer, (c) => c.notNull().references("companies.id"))
    .addColumn("email", text, (c) => c.notNull())
    .addColumn("email_key", text, (c) => c.notNull())
    .addColumn("role", text, (c) => c.notNull())
    .addColumn("permissions", text, (c) => c.notNull())
    .addColumn("language", text, (c) => c.notNull())
    .addColumn("invited_by", integer, (c) => c.notNull().references("users.id"))
    .addColumn("invited_at", integer, (c) => c.notNull())
    .addColumn("expires_at", integer, (c) => c.notNull())
    // "open", "accepted" or "withdrawn".
    .addColumn("state", text, (c) => c.notNull())
    .execute()
  await tx.schema.createIndex("invitations_by_company").on("invitations").columns(["company_id", "id"]).execute()
  await tx.schema.createIndex("invitations_by_expiry").on("invitations").column("expires_at").execute()

  // What a mail opens, once. The token itself is nowhere but in the mail.
  await tx.schema
    .createTable("one_time_links")
    .addColumn("link_hash", text, (c) => c.primaryKey())
    .addColumn("purpose", text, (c) => c.notNull())
    // A sign-up, a user or an invitation, by purpose.
    .addColumn("subject_id", integer, (c) => c.notNull())
    // The new address, where the link changes one.
    .addColumn("email", text)
    .addColumn("expires_at", integer, (c) => c.notNull())
    .addColumn("used_at", integer)
    .execute()
  await tx.schema
    .createIndex("one_time_links_by_subject")
    .on("one_time_links")
    .columns(["purpose", "subject_id"])
    .execute()
  await tx.schema.createIndex("one_time_links_by_expiry").on("one_time_links").column("expires_at").execute()
}
