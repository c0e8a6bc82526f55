import { sql } from "kysely"
import type { Database } from "./engine.ts"

/** What the database is, for whoever runs it. */
export interface DatabaseMeasure {
  readonly engine: "sqlite" | "postgres"
  /** As the engine tells it: `3.53.0`, `18.4`. */
  readonly version: string
  readonly bytes: number
}

/** Asks the engine for its version and the size of its database. */
export async function measureDatabase(db: Database): Promise<DatabaseMeasure> {
  const engine = db.engine.name
  const measure =
    engine === "sqlite"
      ? sql<{ version: string; bytes: number }>`select sqlite_version() as version,
          (select page_count from pragma_page_count()) * (select page_size from pragma_page_size()) as bytes`
      : sql<{ version: string; bytes: number }>`select current_setting('server_version') as version,
          pg_database_size(current_database()) as bytes`
  const { rows } = await measure.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error("The database did not tell its version.")
  return { engine, version: row.version, bytes: Number(row.bytes) }
}
