import type { Instant } from "../clock.ts"
import { type Database, DatabaseBusy, DatabaseUnavailable, transaction } from "./engine.ts"

const patienceMs = 3000

/**
 * Why the database cannot be used, or undefined: a row is read and a row is really written, as a full disk shows only
 * then. A writer who holds it for long (an import) is no fault.
 */
export async function findDatabaseProblem(db: Database): Promise<string | undefined> {
  const late = Promise.withResolvers<string>()
  const timer = setTimeout(() => late.resolve("The database does not answer."), patienceMs)
  try {
    return await Promise.race([readAndWrite(db), late.promise])
  } finally {
    clearTimeout(timer)
  }
}

async function readAndWrite(db: Database): Promise<string | undefined> {
  try {
    const row = await db.selectFrom("schema_migrations").select("name").orderBy("name").limit(1).executeTakeFirst()
    if (row === undefined) return "The database is empty."
    await transaction(
      db,
      (tx) => tx.updateTable("schema_migrations").set({ name: row.name }).where("name", "=", row.name).execute(),
      { lockTimeoutMs: 1000 },
    )
    return undefined
  } catch (error) {
    if (error instanceof DatabaseBusy) return undefined
    return error instanceof DatabaseUnavailable ? error.message : `The database fails: ${(error as Error).message}`
  }
}

/** When something was last written, as far as the newest rows tell; a clock before it goes wrong. */
export async function findNewestInstant(db: Database): Promise<Instant | undefined> {
  const changed = await db
    .selectFrom("access_changes")
    .select("changed_at as at")
    .orderBy("id", "desc")
    .limit(1)
    .execute()
  const recorded = await db
    .selectFrom("transactions")
    .select("recorded_at as at")
    .orderBy("id", "desc")
    .limit(1)
    .execute()
  const joined = await db.selectFrom("users").select("created_at as at").orderBy("id", "desc").limit(1).execute()
  const instants = [...changed, ...recorded, ...joined].map((row) => row.at as Instant)
  return instants.length === 0 ? undefined : (Math.max(...instants) as Instant)
}
