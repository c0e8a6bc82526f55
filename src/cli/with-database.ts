import { type Clock, systemClock } from "../clock.ts"
import { type Config, loadEnvironmentFile, readConfig } from "../config.ts"
import type { Database } from "../database/engine.ts"
import { migrateToLatest, pendingMigrations } from "../database/migrate.ts"
import { closeDatabase, openDatabase } from "../database/open-database.ts"
import { Refusal } from "../refusal.ts"

/** What a command works on. */
export interface CommandContext {
  readonly config: Config
  readonly clock: Clock
  readonly db: Database
}

/**
 * Runs a command on the database of the environment, beside a running server too. A SQLite file is brought to this
 * version first; a PostgreSQL database only by `./sepay migrate`, as other nodes may still run on it.
 *
 * @throws ConfigError, DatabaseUnavailable, DatabaseTooNew, Refusal unavailable (not migrated)
 */
export async function withDatabase<T>(work: (context: CommandContext) => Promise<T>): Promise<T> {
  loadEnvironmentFile()
  const config = readConfig()
  const db = await openDatabase({ url: config.databaseUrl, poolSize: 2 })
  try {
    const pending = await pendingMigrations(db)
    if (pending.length > 0) {
      if (db.engine.name === "postgres") {
        throw new Refusal("unavailable", "The database is not of this version: run ./sepay migrate first.")
      }
      await migrateToLatest(db)
    }
    return await work({ config, clock: systemClock, db })
  } finally {
    await closeDatabase(db)
  }
}
