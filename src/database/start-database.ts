import { setTimeout as sleep } from "node:timers/promises"
import { StartError } from "../start-error.ts"
import { type Database, DatabaseUnavailable } from "./engine.ts"
import { type InstanceLock, takeInstanceLock } from "./instance-lock.ts"
import { migrateToLatest, pendingMigrations } from "./migrate.ts"
import { closeDatabase, type DatabaseOptions, openDatabase } from "./open-database.ts"

// Long enough for a database that starts together with us, short enough that a wrong address is noticed.
const patienceMs = 30_000

/** The right to serve a database, and what it took to bring it to this version. */
export interface StartedDatabase {
  readonly db: Database
  /** SQLite only. */
  readonly lock: InstanceLock | undefined
  /** Migrations applied just now. */
  readonly applied: readonly string[]
}

/**
 * Opens the database for an instance that starts: on SQLite the instance becomes the only one on its file and
 * migrates it; on PostgreSQL a database that does not answer is waited for, and one of an older version refused.
 *
 * @throws StartError, DatabaseUnavailable, DatabaseTooNew
 */
export async function startDatabase(
  url: string,
  onWaiting: (error: DatabaseUnavailable) => void,
  describeTaken: DescribeTaken = describeServed,
): Promise<StartedDatabase> {
  const db = await openDatabase({ url })
  let lock: InstanceLock | undefined
  try {
    if (db.engine.name === "postgres") {
      await checkMigrated(db, onWaiting)
      return { db, lock, applied: [] }
    }
    lock = lockFile(url.replace(/^sqlite:/, ""), describeTaken)
    return { db, lock, applied: await migrateToLatest(db) }
  } catch (error) {
    lock?.release()
    await closeDatabase(db)
    throw error
  }
}

/** Opens a database that `startDatabase` has prepared: what the further processes of an instance do. */
export async function joinDatabase(
  options: DatabaseOptions,
  onWaiting: (error: DatabaseUnavailable) => void,
): Promise<Database> {
  const db = await openDatabase(options)
  try {
    await checkMigrated(db, onWaiting)
    return db
  } catch (error) {
    await closeDatabase(db)
    throw error
  }
}

/** What to tell whoever finds the file of another instance; `holder` is empty or begins with a blank. */
export type DescribeTaken = (file: string, holder: string) => string

const describeServed: DescribeTaken = (file, holder) =>
  `The database ${file} is being served already${holder}: stop it, or give another DATABASE_URL.`

function lockFile(file: string, describeTaken: DescribeTaken): InstanceLock {
  const attempt = takeInstanceLock(file)
  if (attempt.kind === "held") return attempt.lock
  const holder = attempt.pid === undefined ? "" : ` by process ${attempt.pid}`
  const port = attempt.port === undefined ? "" : ` on port ${attempt.port}`
  throw new StartError(describeTaken(file, holder + port))
}

async function checkMigrated(db: Database, onWaiting: (error: DatabaseUnavailable) => void): Promise<void> {
  const pending = await whenReachable(() => pendingMigrations(db), onWaiting)
  if (pending.length === 0) return
  throw new StartError(`The database lacks ${pending.length} migrations of this version: run ./sepay migrate first.`)
}

async function whenReachable<T>(
  attempt: () => Promise<T>,
  onWaiting: (error: DatabaseUnavailable) => void,
): Promise<T> {
  const startedAt = performance.now()
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      const waits = error instanceof DatabaseUnavailable && !isWrongAddress(error)
      if (!waits || performance.now() - startedAt > patienceMs) throw error
      onWaiting(error)
    }
    await sleep(1000)
  }
}

// Classes 28 (wrong password) and 3D (no such database) of PostgreSQL's appendix A do not mend themselves.
function isWrongAddress({ cause }: DatabaseUnavailable): boolean {
  const code = (cause as { code?: string } | undefined)?.code
  return code !== undefined && /^(28|3D)...$/.test(code)
}
