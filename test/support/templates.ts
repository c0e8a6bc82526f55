import { existsSync } from "node:fs"
import { join } from "node:path"
import { migrateToLatest } from "../../src/database/migrate.ts"
import { closeDatabase, openDatabase } from "../../src/database/open-database.ts"
import { createPostgresDatabase } from "./postgres.ts"
import { makeTemporaryDirectory } from "./temporary-directory.ts"

/** Makes a migrated SQLite file, closed and complete in itself, and returns its path. */
export async function makeSqliteTemplate(): Promise<string> {
  const file = join(makeTemporaryDirectory(), "template.db")
  await migrate(`sqlite:${file}`)
  if (existsSync(`${file}-wal`)) throw new Error("The SQLite template left a write-ahead log: it is not closed.")
  return file
}

/** Makes a migrated PostgreSQL database that nobody is connected to, and returns its name. */
export async function makePostgresTemplate(): Promise<string> {
  const url = await createPostgresDatabase()
  await migrate(url)
  return new URL(url).pathname.slice(1)
}

async function migrate(url: string): Promise<void> {
  const db = await openDatabase({ url })
  try {
    await migrateToLatest(db)
  } finally {
    await closeDatabase(db)
  }
}
