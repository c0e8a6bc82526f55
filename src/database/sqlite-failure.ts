import { DatabaseUnavailable } from "./engine.ts"

/** Whether another connection holds the lock: SQLITE_BUSY or SQLITE_LOCKED (https://sqlite.org/rescode.html). */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error)
  return code === 5 || code === 6
}

// SQLITE_READONLY, IOERR, CORRUPT, FULL, CANTOPEN: the storage failed, not the query.
const storageCodes = new Set([8, 10, 11, 13, 14])

/** The error to throw for one that SQLite threw: a failure of the storage is told apart from a wrong query. */
export function translateFailure(error: unknown): unknown {
  const code = primaryCode(error)
  return code !== undefined && storageCodes.has(code) ? unavailable(error) : error
}

/** The failure as callers know it. */
export function unavailable(cause: unknown): DatabaseUnavailable {
  if (cause instanceof DatabaseUnavailable) return cause
  return new DatabaseUnavailable(`The database cannot be used: ${(cause as Error).message}`, { cause })
}

function primaryCode(error: unknown): number | undefined {
  const code = (error as { errcode?: number }).errcode
  return code === undefined ? undefined : code & 0xff
}
