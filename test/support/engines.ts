import { copyFile, rm } from "node:fs/promises"
import { join } from "node:path"
import { after, before, describe } from "node:test"
import "./loopback-only.ts"
import { createPostgresDatabase, dropPostgresDatabase } from "./postgres.ts"
import { makePostgresTemplate, makeSqliteTemplate } from "./templates.ts"
import { makeTemporaryDirectory } from "./temporary-directory.ts"

/** The database engine that a suite runs on. */
export interface TestEngine {
  readonly name: "sqlite" | "postgres"
  /** The `DATABASE_URL` of this suite's own migrated database; known once the suite runs, so ask inside hooks and tests. */
  databaseUrl(): string
  /** Makes one more database, removed after the suite: migrated, or with nothing in it. */
  createDatabase(content: "migrated" | "empty"): Promise<string>
}

/** Declares the suite once per engine, each on its own copy of a migrated database. */
export function onEachEngine(suite: (engine: TestEngine) => void): void {
  onSqlite(suite)
  describe("on PostgreSQL", () => declare("postgres", clonePostgresDatabase, dropPostgresDatabase, suite))
}

/** Declares the suite on SQLite alone, for what no database can change: how pages look and read. */
export function onSqlite(suite: (engine: TestEngine) => void): void {
  describe("on SQLite", () => declare("sqlite", createSqliteDatabase, removeSqliteDatabase, suite))
}

type Content = "migrated" | "empty"

function declare(
  name: TestEngine["name"],
  create: (content: Content) => Promise<string>,
  remove: (url: string) => Promise<void>,
  suite: (engine: TestEngine) => void,
): void {
  const urls: string[] = []
  const createDatabase = async (content: Content): Promise<string> => {
    const url = await create(content)
    urls.push(url)
    return url
  }
  const databaseUrl = (): string => {
    const [url] = urls
    if (url === undefined) throw new Error("The database of a suite exists inside its hooks and tests only.")
    return url
  }

  before(async () => {
    await createDatabase("migrated")
  })
  suite({ name, databaseUrl, createDatabase })
  after(async () => {
    for (const url of urls) await remove(url)
  })
}

let sqliteTemplate: Promise<string> | undefined
let postgresTemplate: Promise<string> | undefined

async function createSqliteDatabase(content: Content): Promise<string> {
  const file = join(makeTemporaryDirectory(), "sepay.db")
  if (content === "migrated") {
    const given = process.env["TEST_SQLITE_TEMPLATE"]
    sqliteTemplate ??= given === undefined ? makeSqliteTemplate() : Promise.resolve(given)
    await copyFile(await sqliteTemplate, file)
  }
  return `sqlite:${file}`
}

async function removeSqliteDatabase(url: string): Promise<void> {
  for (const suffix of ["", "-wal", "-shm"]) await rm(url.replace("sqlite:", "") + suffix, { force: true })
}

async function clonePostgresDatabase(content: Content): Promise<string> {
  if (content === "empty") return createPostgresDatabase()
  const given = process.env["TEST_POSTGRES_TEMPLATE"]
  postgresTemplate ??= given === undefined ? makePostgresTemplate() : Promise.resolve(given)
  return createPostgresDatabase(await postgresTemplate)
}
