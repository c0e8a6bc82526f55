import { type Kysely, sql } from "kysely"
import type { Columns } from "../columns.ts"

export async function up(tx: Kysely<unknown>, columns: Columns): Promise<void> {
  await createRequests(tx, columns)
  await createUsage(tx, columns)
  await createTrials(tx, columns)
  await tx.schema.alterTable("revoked_access_tokens").addColumn("revoked_at", columns.integer).execute()
}

async function createRequests(tx: Kysely<unknown>, { id, integer, flag, text }: Columns): Promise<void> {
  await tx.schema
    .createTable("client_requests")
    .addColumn("id", id)
    .addColumn("client_row_id", integer, (c) => c.notNull())
    .addColumn("at", integer, (c) => c.notNull())
    // Of a row that stands for several equal calls: the last of them, and how many.
    .addColumn("last_at", integer, (c) => c.notNull())
    .addColumn("repeats", integer, (c) => c.notNull())
    // 0: somebody only named the client, and proved nothing.
    .addColumn("proven", flag, (c) => c.notNull())
    .addColumn("endpoint", text, (c) => c.notNull())
    .addColumn("method", text, (c) => c.notNull())
    .addColumn("status", integer, (c) => c.notNull())
    .addColumn("failed", flag, (c) => c.notNull())
    .addColumn("error", text)
    .addColumn("reason", text)
    .addColumn("facts", text)
    .addColumn("request_id", text, (c) => c.notNull())
    .addColumn("ip", text)
    .addColumn("user_agent", text, (c) => c.notNull())
    .addColumn("mode", text)
    .addColumn("duration_us", integer, (c) => c.notNull())
    .execute()
  const index = (name: string) => tx.schema.createIndex(`client_requests_by_${name}`).on("client_requests")
  await index("time").columns(["client_row_id", "at", "id"]).execute()
  await index("failure").columns(["client_row_id", "at", "id"]).where(sql.ref("failed"), "=", sql.lit(1)).execute()
  await index("request_id").column("request_id").execute()
  await index("age").column("at").execute()
}

async function createUsage(tx: Kysely<unknown>, { integer, text }: Columns): Promise<void> {
  await tx.schema
    .createTable("client_usage")
    .addColumn("client_row_id", integer, (c) => c.notNull())
    // The Vietnamese day as yyyymmdd.
    .addColumn("day", integer, (c) => c.notNull())
    .addColumn("endpoint", text, (c) => c.notNull())
    .addColumn("outcome", text, (c) => c.notNull())
    .addColumn("calls", integer, (c) => c.notNull())
    .addPrimaryKeyConstraint("client_usage_key", ["client_row_id", "day", "endpoint", "outcome"])
    .execute()
  await tx.schema.createIndex("client_usage_by_day").on("client_usage").column("day").execute()
}

async function createTrials(tx: Kysely<unknown>, { id, integer, text }: Columns): Promise<void> {
  await tx.schema
    .createTable("client_trials")
    .addColumn("id", id)
    .addColumn("client_row_id", integer, (c) => c.notNull().references("clients.id"))
    // Names the session by its public id: no other may decide or see the trial.
    .addColumn("session_id", text, (c) => c.notNull())
    .addColumn("company_id", integer, (c) => c.notNull())
    .addColumn("state_hash", text, (c) => c.notNull().unique())
    .addColumn("code_challenge", text, (c) => c.notNull())
    // Grows with each step, so that a form sent twice does its step once.
    .addColumn("turn", integer, (c) => c.notNull())
    // What the browser must not have: verifier, code, tokens; and what the page shows of the steps.
    .addColumn("sealed", text, (c) => c.notNull())
    .addColumn("family_id", integer)
    .addColumn("expires_at", integer, (c) => c.notNull())
    .execute()
  await tx.schema
    .createIndex("client_trials_of_session")
    .unique()
    .on("client_trials")
    .columns(["session_id", "client_row_id"])
    .execute()
  await tx.schema.createIndex("client_trials_by_expiry").on("client_trials").column("expires_at").execute()
}
