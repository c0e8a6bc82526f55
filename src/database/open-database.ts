import { chmodSync, mkdirSync } from "node:fs"
import { dirname } from "node:path"
import { type Database, DatabaseUnavailable } from "./engine.ts"
import type { WriteTurns } from "./write-turns.ts"

export interface DatabaseOptions {
  /** `sqlite:PATH` or `postgres://…`. */
  readonly url: string
  /** SQLite only: turns among the processes of this instance. */
  readonly turns?: WriteTurns
  /** PostgreSQL only: connections of this process. */
  readonly poolSize?: number
}

/**
 * Opens the database that the URL names.
 *
 * @throws DatabaseUnavailable
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (/^postgres(ql)?:/.test(options.url)) {
    const { openPostgres } = await import("./postgres.ts")
    return openPostgres({ url: options.url, ...(options.poolSize !== undefined && { poolSize: options.poolSize }) })
  }
  const file = options.url.replace(/^sqlite:/, "")
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new DatabaseUnavailable(`The folder of ${file} cannot be made.`, { cause })
  }
  const { openSqlite } = await import("./sqlite.ts")
  const db = openSqlite({ file, ...(options.turns !== undefined && { turns: options.turns }) })
  chmodSync(file, 0o600)
  return db
}

export function closeDatabase(db: Database): Promise<void> {
  return db.engine.close()
}
