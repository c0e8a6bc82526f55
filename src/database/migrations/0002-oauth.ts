import { type Kysely, sql } from "kysely"
import type { Columns } from "../columns.ts"

export async function up(tx: Kysely<unknown>, columns: Columns): Promise<void> {
  await createClients(tx, columns)
  await createGrants(tx, columns)
  await createTokens(tx, columns)
  await createSigningKeys(tx, columns)
  await createAccessChanges(tx, columns)
}

async function createClients(tx: Kysely<unknown>, { id, integer, flag, text }: Columns): Promise<void> {
  await tx.schema
    .createTable("clients")
    .addColumn("id", id)
    .addColumn("client_id", text, (c) => c.notNull().unique())
    .addColumn("company_id", integer, (c) => c.notNull().references("companies.id"))
    .addColumn("owner_user_id", integer, (c) => c.notNull().references("users.id"))
    .addColumn("name", text, (c) => c.notNull())
    .addColumn("description", text, (c) => c.notNull())
    .addColumn("website", text)
    .addColumn("logo_url", text)
    .addColumn("profile", text, (c) => c.notNull())
    .addColumn("client_type", text, (c) => c.notNull())
    .addColumn("state", text, (c) => c.notNull())
    .addColumn("state_reason", text)
    .addColumn("redirect_uris", text, (c) => c.notNull())
    .addColumn("scopes", text, (c) => c.notNull())
    .addColumn("code_flow_on", flag, (c) => c.notNull())
    .addColumn("legacy_token_errors", flag, (c) => c.notNull())
    .addColumn("created_at", integer, (c) => c.notNull())
    .addColumn("deleted_at", integer)
    .execute()
  await tx.schema.createIndex("clients_by_company").on("clients").column("company_id").execute()

  await tx.schema
    .createTable("client_secrets")
    .addColumn("id", id)
    .addColumn("client_row_id", integer, (c) => c.notNull().references("clients.id"))
    .addColumn("secret_hash", text, (c) => c.notNull().unique())
    .addColumn("last_characters", text, (c) => c.notNull())
    .addColumn("created_at", integer, (c) => c.notNull())
    .addColumn("expires_at", integer)
    .addColumn("last_used_at", integer)
    .addColumn("last_used_ip", text)
    .execute()
  await tx.schema.createIndex("client_secrets_by_client").on("client_secrets").column("client_row_id").execute()

  await tx.schema
    .createTable("authorization_requests")
    .addColumn("handle_hash", text, (c) => c.primaryKey())
    .addColumn("parameters", text, (c) => c.notNull())
    .addColumn("created_at", integer, (c) => c.notNull())
    .addColumn("decided_at", integer)
    .execute()
  await tx.schema
    .createIndex("authorization_requests_by_age")
    .on("authorization_requests")
    .column("created_at")
    .execute()
}

async function createGrants(tx: Kysely<unknown>, { id, integer, text }: Columns): Promise<void> {
  await tx.schema
    .createTable("grants")
    .addColumn("id", id)
    .addColumn("client_row_id", integer, (c) => c.notNull().references("clients.id"))
    .addColumn("user_id", integer, (c) => c.notNull().references("users.id"))
    .addColumn("company_id", integer, (c) => c.notNull().references("companies.id"))
    .addColumn("mode", text, (c) => c.notNull())
    .addColumn("scopes", text, (c) => c.notNull())
    // JSON array of ids, or null: all accounts of the mode, future ones too.
    .addColumn("bank_account_ids", text)
    .addColumn("granted_at", integer, (c) => c.notNull())
    .addColumn("last_used_at", integer)
    .addColumn("ended_at", integer)
    .addColumn("end_reason", text)
    .execute()
  await tx.schema
    .createIndex("grants_alive")
    .unique()
    .on("grants")
    .columns(["client_row_id", "user_id", "mode"])
    .where(sql.ref("ended_at"), "is", null)
    .execute()
  await tx.schema.createIndex("grants_by_user").on("grants").columns(["user_id", "id"]).execute()
  await tx.schema.createIndex("grants_by_company").on("grants").columns(["company_id", "id"]).execute()
}

async function createTokens(tx: Kysely<unknown>, { id, integer, text }: Columns): Promise<void> {
  await tx.schema
    .createTable("authorization_codes")
    .addColumn("code_hash", text, (c) => c.primaryKey())
    .addColumn("client_row_id", integer, (c) => c.notNull().references("clients.id"))
    .addColumn("grant_id", integer, (c) => c.notNull().references("grants.id"))
    .addColumn("redirect_uri", text, (c) => c.notNull())
    .addColumn("code_challenge", text)
    .addColumn("scope", text, (c) => c.notNull())
    .addColumn("expires_at", integer, (c) => c.notNull())
    .addColumn("family_id", integer)
    .execute()
  await tx.schema.createIndex("authorization_codes_by_expiry").on("authorization_codes").column("expires_at").execute()

  await tx.schema
    .createTable("token_families")
    .addColumn("id", id)
    .addColumn("grant_id", integer, (c) => c.notNull().references("grants.id"))
    .addColumn("client_row_id", integer, (c) => c.notNull())
    .addColumn("scope", text, (c) => c.notNull())
    .addColumn("created_at", integer, (c) => c.notNull())
    // The absolute end that some profiles have.
    .addColumn("ends_at", integer)
    .addColumn("ended_at", integer)
    .addColumn("end_reason", text)
    // Which refresh token is the current one: the n-th.
    .addColumn("generation", integer, (c) => c.notNull())
    .addColumn("refresh_expires_at", integer, (c) => c.notNull())
    // The same in whole days: what clean-up looks up, so that a refresh writes no index unless the day is another.
    .addColumn("refresh_expires_day", integer, (c) => c.notNull())
    // How the current one came to be, so that a retry gets the same answer.
    .addColumn("rotated_at", integer, (c) => c.notNull())
    .addColumn("rotation_key_id", text)
    .addColumn("rotation_scope_parameter", text)
    .addColumn("access_kid", text, (c) => c.notNull())
    .addColumn("access_issued_at", integer, (c) => c.notNull())
    .addColumn("access_expires_at", integer, (c) => c.notNull())
    .addColumn("access_scope", text, (c) => c.notNull())
    .execute()
  await tx.schema.createIndex("token_families_by_grant").on("token_families").column("grant_id").execute()
  await tx.schema.createIndex("token_families_by_expiry").on("token_families").column("refresh_expires_day").execute()

  await tx.schema
    .createTable("refresh_tokens")
    .addColumn("token_hash", text, (c) => c.primaryKey())
    .addColumn("family_id", integer, (c) => c.notNull())
    .addColumn("generation", integer, (c) => c.notNull())
    .execute()
  await tx.schema.createIndex("refresh_tokens_by_family").on("refresh_tokens").column("family_id").execute()

  await tx.schema
    .createTable("revoked_access_tokens")
    .addColumn("jti", text, (c) => c.primaryKey())
    .addColumn("family_id", integer, (c) => c.notNull())
    .addColumn("expires_at", integer, (c) => c.notNull())
    .execute()
  await tx.schema
    .createIndex("revoked_access_tokens_by_family")
    .on("revoked_access_tokens")
    .column("family_id")
    .execute()
  await tx.schema
    .createIndex("revoked_access_tokens_by_expiry")
    .on("revoked_access_tokens")
    .column("expires_at")
    .execute()
}

async function createSigningKeys(tx: Kysely<unknown>, { integer, text }: Columns): Promise<void> {
  await tx.schema
    .createTable("signing_keys")
    .addColumn("kid", text, (c) => c.primaryKey())
    .addColumn("algorithm", text, (c) => c.notNull())
    .addColumn("state", text, (c) => c.notNull())
    .addColumn("public_jwk", text, (c) => c.notNull())
    .addColumn("sealed_private_key", text)
    .addColumn("created_at", integer, (c) => c.notNull())
    .addColumn("activated_at", integer)
    .addColumn("retired_at", integer)
    .addColumn("burned_at", integer)
    .execute()
  await tx.schema
    .createIndex("signing_keys_one_active")
    .unique()
    .on("signing_keys")
    .column("algorithm")
    .where(sql.ref("state"), "=", sql.lit("active"))
    .execute()
  await tx.schema
    .createIndex("signing_keys_one_next")
    .unique()
    .on("signing_keys")
    .column("algorithm")
    .where(sql.ref("state"), "=", sql.lit("next"))
    .execute()
}

async function createAccessChanges(tx: Kysely<unknown>, { integer, text }: Columns): Promise<void> {
  await tx.schema
    .createTable("access_change_head")
    .addColumn("id", integer, (c) => c.primaryKey())
    .addColumn("last", integer, (c) => c.notNull())
    .execute()
  await sql`insert into access_change_head (id, last) values (1, 0)`.execute(tx)
  await tx.schema
    .createTable("access_changes")
    .addColumn("id", integer, (c) => c.primaryKey())
    .addColumn("subject", text, (c) => c.notNull())
    .addColumn("subject_id", text, (c) => c.notNull())
    .addColumn("changed_at", integer, (c) => c.notNull())
    .execute()
}
