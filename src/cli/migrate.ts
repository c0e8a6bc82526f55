import { loadEnvironmentFile, readConfig } from "../config.ts"
import type { Command } from "./command.ts"

/** `./sepay migrate`. */
export const migrate: Command = {
  name: "migrate",
  summary: "Brings the database to this version",
  options: {},
  run: async () => {
    const { closeDatabase, openDatabase } = await import("../database/open-database.ts")
    const { migrateToLatest } = await import("../database/migrate.ts")
    loadEnvironmentFile()
    const db = await openDatabase({ url: readConfig().databaseUrl, poolSize: 1 })
    try {
      const applied = await migrateToLatest(db)
      const text = applied.length === 0 ? "The database is up to date." : `Applied ${applied.join(", ")}.`
      return { json: { applied }, text }
    } finally {
      await closeDatabase(db)
    }
  },
}
