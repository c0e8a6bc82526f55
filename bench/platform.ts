import type { ChildProcess } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { createKeyring, type Keyring } from "../src/crypto/keyring.ts"
import type { Database } from "../src/database/engine.ts"
import { migrateToLatest } from "../src/database/migrate.ts"
import { closeDatabase, openDatabase } from "../src/database/open-database.ts"
import { findFreePort } from "../test/support/free-port.ts"
import { createPostgresDatabase, dropPostgresDatabase } from "../test/support/postgres.ts"
import { end, pidOf, spawnPinned } from "./pinned-process.ts"

export type EngineName = "sqlite" | "postgres"

/** A migrated database of the benchmark's own; on SQLite a file on the disk the project is on, with durable settings. */
export interface BenchDatabase {
  readonly engine: EngineName
  readonly url: string
  readonly directory: string
  readonly keyring: Keyring
  readonly db: Database
  remove(): Promise<void>
}

const secret = "only-for-the-benchmarks-0123456789abcdef0123456789"

/** Makes a database and opens it. */
export async function createBenchDatabase(engine: EngineName): Promise<BenchDatabase> {
  const directory = makeDirectory()
  const url = engine === "sqlite" ? `sqlite:${join(directory, "sepay.db")}` : await createPostgresDatabase()
  const db = await openDatabase({ url })
  await migrateToLatest(db)
  return {
    engine,
    url,
    directory,
    keyring: createKeyring([secret]),
    db,
    remove: async () => {
      await closeDatabase(db)
      if (engine === "postgres") await dropPostgresDatabase(url)
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

const directories: string[] = []
process.once("exit", () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

// Not the system's temporary folder, which is often kept in memory: a commit has to reach a disk.
function makeDirectory(): string {
  const parent = fileURLToPath(new URL("../node_modules/.cache/", import.meta.url))
  mkdirSync(parent, { recursive: true })
  const directory = mkdtempSync(join(parent, "sepay-bench-"))
  directories.push(directory)
  return directory
}

/** The platform as `./sepay serve` runs it, one process on the measured core, rate limits off. */
export interface Platform {
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
}

const startsWithinMs = 30_000

/** The environment `./sepay serve` gets over a database: one process, rate limits off. */
export function serveEnvironment({ url }: BenchDatabase, port: number): Record<string, string> {
  const limits = ["GRANT", "CLIENT", "IP", "PAGES", "FEED", "FAILURES"].map((name) => [`RATE_LIMIT_${name}`, "off"])
  return {
    ...Object.fromEntries(limits),
    SIMULATOR_DAILY_LIMIT: "off",
    DATABASE_URL: url,
    SEPAY_SECRET: secret,
    PORT: String(port),
    HOST: "127.0.0.1",
    WORKERS: "1",
  }
}

/** Starts the platform over a database and waits until it answers; `env` comes on top of what it always gets. */
export async function startPlatform(
  database: BenchDatabase,
  env: Readonly<Record<string, string>> = {},
): Promise<Platform> {
  const port = await findFreePort()
  const child = spawnPinned("measured", [fileURLToPath(new URL("../sepay", import.meta.url)), "serve"], {
    cwd: database.directory,
    env: { ...serveEnvironment(database, port), ...env },
  })
  await untilItAnswers(child, port)
  return { port, pid: pidOf(child), stop: () => end(child) }
}

/** Waits until a server that was just started answers `/healthz`. */
export async function untilItAnswers(child: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + startsWithinMs
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error("./sepay serve ended early; its reason is above.")
    const answered = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      async (response) => {
        await response.body?.cancel()
        return response.ok
      },
      () => false,
    )
    if (answered) return
    await sleep(5)
  }
  throw new Error("./sepay serve did not answer in time.")
}
