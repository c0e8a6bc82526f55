import { type Kysely, sql } from "kysely"
import type { Columns } from "./columns.ts"
import { type Database, type Queries, transaction } from "./engine.ts"
import * as identity from "./migrations/0001-identity.ts"
import * as oauth from "./migrations/0002-oauth.ts"
import * as banking from "./migrations/0003-banking.ts"
import * as feeds from "./migrations/0004-feeds.ts"
import * as webhooks from "./migrations/0005-webhooks.ts"
import * as formsSent from "./migrations/0006-forms-sent.ts"
import * as accounts from "./migrations/0007-accounts.ts"
import * as secondFactor from "./migrations/0008-second-factor.ts"
import * as transactionSearch from "./migrations/0009-transaction-search.ts"
import * as statementUploads from "./migrations/0010-statement-uploads.ts"
import * as webhookPages from "./migrations/0011-webhook-pages.ts"
import * as auditAndGrantHistory from "./migrations/0012-audit-and-grant-history.ts"
import * as clientChanges from "./migrations/0013-client-changes.ts"
import * as requestLog from "./migrations/0014-request-log.ts"
import * as loopRuns from "./migrations/0015-loop-runs.ts"
import * as troubledAttemptsByStatus from "./migrations/0016-troubled-attempts-by-status.ts"
import * as consentChoices from "./migrations/0017-consent-choices.ts"
import * as logsByFilter from "./migrations/0018-logs-by-filter.ts"
import * as waitingMails from "./migrations/0019-waiting-mails.ts"

/** One step forward; never edited once merged, never taken back. */
export interface Migration {
  up(tx: Kysely<unknown>, columns: Columns): Promise<void>
}

const migrations: readonly (readonly [name: string, migration: Migration])[] = [
  ["0001-identity", identity],
  ["0002-oauth", oauth],
  ["0003-banking", banking],
  ["0004-feeds", feeds],
  ["0005-webhooks", webhooks],
  ["0006-forms-sent", formsSent],
  ["0007-accounts", accounts],
  ["0008-second-factor", secondFactor],
  ["0009-transaction-search", transactionSearch],
  ["0010-statement-uploads", statementUploads],
  ["0011-webhook-pages", webhookPages],
  ["0012-audit-and-grant-history", auditAndGrantHistory],
  ["0013-client-changes", clientChanges],
  ["0014-request-log", requestLog],
  ["0015-loop-runs", loopRuns],
  ["0016-troubled-attempts-by-status", troubledAttemptsByStatus],
  ["0017-consent-choices", consentChoices],
  ["0018-logs-by-filter", logsByFilter],
  ["0019-waiting-mails", waitingMails],
]

/** The database was written by a newer version of this program. */
export class DatabaseTooNew extends Error {
  override readonly name = "DatabaseTooNew"
}

/**
 * Brings the database to this version, all steps in one database transaction; two that start at once take turns.
 *
 * @returns the names of the steps applied
 * @throws DatabaseTooNew when it holds a step this version does not know
 */
export function migrateToLatest(db: Database): Promise<readonly string[]> {
  return transaction(db, async (tx) => {
    if (db.engine.name === "postgres") await sql`select pg_advisory_xact_lock(5377001)`.execute(tx)
    await tx.schema
      .createTable("schema_migrations")
      .ifNotExists()
      .addColumn("name", db.engine.columns.text, (column) => column.primaryKey())
      .execute()
    const done = await appliedMigrations(tx)
    const pending = migrations.filter(([name]) => !done.has(name))
    for (const [name, migration] of pending) {
      await migration.up(tx as unknown as Kysely<unknown>, db.engine.columns)
      await tx.insertInto("schema_migrations").values({ name }).execute()
    }
    return pending.map(([name]) => name)
  })
}

/**
 * Which steps this version has and the database lacks.
 *
 * @throws DatabaseTooNew
 */
export async function pendingMigrations(db: Database): Promise<readonly string[]> {
  const tables = await db.introspection.getTables()
  if (!tables.some((table) => table.name === "schema_migrations")) return migrations.map(([name]) => name)
  const done = await appliedMigrations(db)
  return migrations.filter(([name]) => !done.has(name)).map(([name]) => name)
}

async function appliedMigrations(db: Queries): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom("schema_migrations").select("name").execute()
  const known = new Set(migrations.map(([name]) => name))
  const unknown = rows.find((row) => !known.has(row.name))
  if (unknown !== undefined) {
    throw new DatabaseTooNew(`The database is of a newer version (${unknown.name}): start that version, or newer.`)
  }
  return new Set(rows.map((row) => row.name))
}
