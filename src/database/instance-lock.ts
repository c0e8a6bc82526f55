import { DatabaseSync } from "node:sqlite"

/** Held while an instance serves a SQLite file; the system takes it back from a process that dies, however it dies. */
export interface InstanceLock {
  /** Notes where the holder listens, for those who come second. */
  note(port: number): void
  release(): void
}

export type LockAttempt =
  | { readonly kind: "held"; readonly lock: InstanceLock }
  /** Another instance has it; both are undefined in the moment of its start. */
  | { readonly kind: "taken"; readonly pid: number | undefined; readonly port: number | undefined }

/**
 * Tries to become the one instance that serves the database file: an open write transaction on a file beside it. The
 * pid stands in that file, committed, so that whoever comes second can read it.
 */
export function takeInstanceLock(databaseFile: string): LockAttempt {
  const connection = new DatabaseSync(`${databaseFile}-instance`, { timeout: 0 })
  connection.exec("pragma synchronous = off")
  const write = (port: number | null) => {
    connection.exec("create table if not exists holder (id integer primary key, pid integer, port integer)")
    connection.prepare("insert or replace into holder (id, pid, port) values (1, ?, ?)").run(process.pid, port)
    connection.exec("commit")
    // Whoever slips in between the two statements has the lock then, and this one fails.
    connection.exec("begin immediate")
  }
  try {
    connection.exec("begin immediate")
    write(null)
  } catch (error) {
    const taken = isLocked(error) ? readHolder(connection) : undefined
    connection.close()
    if (taken === undefined) throw error
    return taken
  }
  return { kind: "held", lock: { note: write, release: () => connection.close() } }
}

function isLocked(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode ?? 0
  return (code & 0xff) === 5 || (code & 0xff) === 6
}

function readHolder(connection: DatabaseSync): LockAttempt {
  try {
    const row = connection.prepare("select pid, port from holder where id = 1").get()
    return { kind: "taken", pid: Number(row?.["pid"]) || undefined, port: Number(row?.["port"]) || undefined }
  } catch {
    return { kind: "taken", pid: undefined, port: undefined }
  }
}
