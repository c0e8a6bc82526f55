import { type Kysely, sql } from "kysely"
import type { Columns } from "../columns.ts"

export async function up(tx: Kysely<unknown>, columns: Columns): Promise<void> {
  await createAuditEntries(tx, columns)
  await createWebhooks(tx, columns)
  await createDeliveries(tx, columns)
  await createAttempts(tx, columns)
}

async function createAuditEntries(tx: Kysely<unknown>, { id, integer, text }: Columns): Promise<void> {
  await tx.schema
    .createTable("audit_entries")
    .addColumn("id", id)
    .addColumn("company_id", integer, (c) => c.notNull())
    // user, client (an app by its access token), operator (the command line) or system.
    .addColumn("actor_kind", text, (c) => c.notNull())
    .addColumn("actor_id", integer)
    .addColumn("action", text, (c) => c.notNull())
    .addColumn("subject_id", integer)
    // JSON, never a secret.
    .addColumn("details", text, (c) => c.notNull())
    .addColumn("recorded_at", integer, (c) => c.notNull())
    .execute()
  await tx.schema.createIndex("audit_entries_by_company").on("audit_entries").columns(["company_id", "id"]).execute()
}

async function createWebhooks(tx: Kysely<unknown>, { id, integer, flag, text }: Columns): Promise<void> {
  await tx.schema
    .createTable("webhooks")
    .addColumn("id", id)
    .addColumn("company_id", integer, (c) => c.notNull().references("companies.id"))
    .addColumn("mode", text, (c) => c.notNull())
    .addColumn("name", text, (c) => c.notNull())
    .addColumn("webhook_url", text, (c) => c.notNull())
    .addColumn("event_type", text, (c) => c.notNull())
    .addColumn("is_verify_payment", flag, (c) => c.notNull())
    // Which accounts; ids and entries are JSON.
    .addColumn("bank_mode", text, (c) => c.notNull())
    .addColumn("bank_account_ids", text, (c) => c.notNull())
    .addColumn("accounts", text, (c) => c.notNull())
    .addColumn("only_va", flag, (c) => c.notNull())
    .addColumn("va_mode", text, (c) => c.notNull())
    .addColumn("bank_sub_account_ids", text, (c) => c.notNull())
    .addColumn("skip_if_no_code", flag, (c) => c.notNull())
    .addColumn("prefix_filters", text, (c) => c.notNull())
    .addColumn("request_content_type", text, (c) => c.notNull())
    .addColumn("retry_non_2xx", flag, (c) => c.notNull())
    .addColumn("retry_wrong_body", flag, (c) => c.notNull())
    .addColumn("disable_on_410", flag, (c) => c.notNull())
    .addColumn("long_tail", flag, (c) => c.notNull())
    .addColumn("authen_type", text, (c) => c.notNull())
    .addColumn("sealed_api_key", text)
    // Keyed hash of the API key: what a list is filtered by.
    .addColumn("api_key_hash", text)
    .addColumn("sealed_secret", text)
    // While a secret rolls: the new one, whether it signs first already, and when the old one ends.
    .addColumn("sealed_new_secret", text)
    .addColumn("new_secret_active", flag, (c) => c.notNull())
    .addColumn("roll_ends_at", integer)
    .addColumn("oauth2_access_token_url", text)
    .addColumn("oauth2_client_id", text)
    .addColumn("sealed_oauth2_client_secret", text)
    // The dialect that worked last: standard, custom, or null.
    .addColumn("oauth2_dialect", text)
    .addColumn("alert_threshold", integer, (c) => c.notNull())
    .addColumn("alert_event_types", text, (c) => c.notNull())
    .addColumn("alert_channel_ids", text, (c) => c.notNull())
    .addColumn("active", flag, (c) => c.notNull())
    // Why it is off when nobody switched it off: gone (the receiver answered 410).
    .addColumn("off_reason", text)
    // Grows with every edit; attempts and verdicts name it.
    .addColumn("config_version", integer, (c) => c.notNull())
    .addColumn("created_at", integer, (c) => c.notNull())
    // Deleted ones stay for their logs.
    .addColumn("deleted_at", integer)
    .execute()
  await tx.schema
    .createIndex("webhooks_by_company")
    .on("webhooks")
    .columns(["company_id", "mode", "id"])
    .where(sql.ref("deleted_at"), "is", null)
    .execute()

  // What each version of a webhook let pass, as JSON: how `explain` knows what was compared then.
  await tx.schema
    .createTable("webhook_versions")
    .addColumn("webhook_id", integer, (c) => c.notNull())
    .addColumn("config_version", integer, (c) => c.notNull())
    .addColumn("filter", text, (c) => c.notNull())
    .addPrimaryKeyConstraint("webhook_versions_key", ["webhook_id", "config_version"])
    .execute()

  // Replays and test sends of the last minute: what their limits count.
  await tx.schema
    .createTable("webhook_calls")
    .addColumn("id", id)
    .addColumn("company_id", integer, (c) => c.notNull())
    .addColumn("kind", text, (c) => c.notNull())
    .addColumn("called_at", integer, (c) => c.notNull())
    .execute()
  await tx.schema
    .createIndex("webhook_calls_by_company")
    .on("webhook_calls")
    .columns(["company_id", "kind", "called_at"])
    .execute()
}

async function createDeliveries(tx: Kysely<unknown>, { id, integer, flag, text }: Columns): Promise<void> {
  await tx.schema
    .createTable("deliveries")
    .addColumn("id", id)
    .addColumn("uuid", text, (c) => c.notNull())
    // Null for a test send, whose payload stands here.
    .addColumn("event_id", integer)
    .addColumn("payload", text)
    .addColumn("webhook_id", integer, (c) => c.notNull())
    .addColumn("company_id", integer, (c) => c.notNull())
    .addColumn("mode", text, (c) => c.notNull())
    .addColumn("transaction_id", integer)
    // auto, replay or test.
    .addColumn("kind", text, (c) => c.notNull())
    // pending → delivered, failed or cancelled, with the reason of the last two.
    .addColumn("state", text, (c) => c.notNull())
    .addColumn("reason", text)
    .addColumn("attempts", integer, (c) => c.notNull())
    // Number of the attempt that it repeats.
    .addColumn("replay_of", integer)
    .addColumn("created_at", integer, (c) => c.notNull())
    .addColumn("finished_at", integer)
    .execute()
  await tx.schema
    .createIndex("deliveries_unique")
    .unique()
    .on("deliveries")
    .columns(["event_id", "webhook_id"])
    .where(sql.ref("kind"), "=", sql.lit("auto"))
    .execute()
  await tx.schema
    .createIndex("deliveries_repeated")
    .on("deliveries")
    .column("event_id")
    .where(sql.ref("kind"), "=", sql.lit("replay"))
    .execute()
  await tx.schema
    .createIndex("deliveries_undelivered")
    .on("deliveries")
    .columns(["webhook_id", "id"])
    .where(sql.ref("state"), "in", [sql.lit("failed"), sql.lit("cancelled")])
    .execute()

  // Unfinished work alone, so that it stays small however much was ever delivered.
  await tx.schema
    .createTable("delivery_due")
    .addColumn("delivery_id", integer, (c) => c.primaryKey())
    .addColumn("webhook_id", integer, (c) => c.notNull())
    // 0 first attempts, 1 retries.
    .addColumn("lane", integer, (c) => c.notNull())
    .addColumn("due_at", integer, (c) => c.notNull())
    .addColumn("lease_until", integer)
    .addColumn("claim_id", text)
    .addColumn("attempts_started", integer, (c) => c.notNull())
    // Failed attempts so far: which wait comes next.
    .addColumn("retry_index", integer, (c) => c.notNull())
    // Attempts in a row whose outcome nobody knows.
    .addColumn("interruptions", integer, (c) => c.notNull())
    // The receiver refused the signature of one secret of a roll: the next attempt takes the other.
    .addColumn("other_secret", flag, (c) => c.notNull())
    .execute()
  await tx.schema
    .createIndex("delivery_due_waiting")
    .on("delivery_due")
    .columns(["webhook_id", "lane", "due_at"])
    .where(sql.ref("lease_until"), "is", null)
    .execute()
  await tx.schema
    .createIndex("delivery_due_leased")
    .on("delivery_due")
    .column("lease_until")
    .where(sql.ref("lease_until"), "is not", null)
    .execute()
}

async function createAttempts(tx: Kysely<unknown>, columns: Columns): Promise<void> {
  const { integer, text, bytes } = columns
  await columns
    .monthlyTable(tx.schema.createTable("attempts"), { id: "n", month: "started_at" })
    .addColumn("delivery_id", integer, (c) => c.notNull())
    .addColumn("delivery_uuid", text, (c) => c.notNull())
    .addColumn("kind", text, (c) => c.notNull())
    .addColumn("attempt_number", integer, (c) => c.notNull())
    .addColumn("webhook_id", integer, (c) => c.notNull())
    .addColumn("config_version", integer, (c) => c.notNull())
    .addColumn("company_id", integer, (c) => c.notNull())
    .addColumn("mode", text, (c) => c.notNull())
    .addColumn("transaction_id", integer)
    .addColumn("replay_of", integer)
    .addColumn("class", text, (c) => c.notNull())
    .addColumn("http_status", integer)
    .addColumn("error_code", integer, (c) => c.notNull())
    // What went wrong, in words.
    .addColumn("message", text)
    .addColumn("response_time_ms", integer, (c) => c.notNull())
    // Null where the connection was there already, or was never made.
    .addColumn("dns_ms", integer)
    .addColumn("connect_ms", integer)
    .addColumn("tls_ms", integer)
    .addColumn("first_byte_ms", integer)
    .addColumn("request_url", text, (c) => c.notNull())
    // JSON list of [name, value], credentials masked; null when nothing was sent.
    .addColumn("request_headers", text)
    // The body itself is rendered again from the event: this proves that it is the same.
    .addColumn("body_sha256", text)
    .addColumn("response_headers", text)
    .addColumn("response_body", bytes)
    .addColumn("ended_at", integer, (c) => c.notNull())
    .addColumn("next_retry_at", integer)
    .execute()
  await columns.addDefaultPartition(tx, "attempts")
  await tx.schema.createIndex("attempts_by_webhook").on("attempts").columns(["webhook_id", "n"]).execute()
  await tx.schema.createIndex("attempts_by_company").on("attempts").columns(["company_id", "mode", "n"]).execute()
  await tx.schema.createIndex("attempts_by_delivery").on("attempts").column("delivery_id").execute()
}
