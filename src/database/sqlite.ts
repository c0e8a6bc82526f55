import { DatabaseSync, type StatementSync, backup as sqliteBackup } from "node:sqlite"
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type OperationNode,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely"
import { sqliteColumns } from "./columns.ts"
import {
  type Channel,
  type Database,
  DatabaseUnavailable,
  type DirectAdapter,
  type Engine,
  type Queries,
  type SayingAdapter,
} from "./engine.ts"
import type { Schema } from "./schema.ts"
import { translateFailure } from "./sqlite-failure.ts"
import { createWriteQueue } from "./sqlite-write-queue.ts"
import type { WriteTurns } from "./write-turns.ts"

const statementCacheSize = 500

export interface SqliteOptions {
  readonly file: string
  /** How the processes of one instance take turns at writing; without it this process is alone. */
  readonly turns?: WriteTurns
  /** How long a write waits for another program that holds the file before it fails, ms. */
  readonly busyTimeoutMs?: number
}

/**
 * Opens a SQLite file: WAL, `synchronous=FULL` (an answered write is on disk), one read-only connection and one writer
 * behind the group-commit queue. The reader cannot write, so a write outside `transaction` fails at once.
 *
 * @throws DatabaseUnavailable when the file cannot be opened or is no database
 */
export function openSqlite(options: SqliteOptions): Database {
  const { writer, reader } = openConnections(options.file)
  const queue = createWriteQueue({
    connection: writer,
    queries: kyselyOver(writer, (channel, payload) => queue.afterCommit(() => listeners.get(channel)?.(payload))),
    turns: options.turns,
    busyTimeoutMs: options.busyTimeoutMs ?? 60_000,
  })
  const listeners = new Map<Channel, (payload: string) => void>()
  const engine: Engine = {
    name: "sqlite",
    columns: sqliteColumns,
    keepsOrder: true,
    hearsOthers: false,
    transaction: queue.transaction,
    listen: (channel, listener) => void listeners.set(channel, listener),
    keepMonths: async () => {},
    backup: async (file) => {
      await sqliteBackup(reader, file)
      return { kind: "done" }
    },
    close: async () => {
      await queue.close()
      reader.close()
      writer.close()
    },
  }
  return Object.assign(kyselyOver(reader), { engine })
}

function openConnections(file: string): { writer: DatabaseSync; reader: DatabaseSync } {
  try {
    const writer = new DatabaseSync(file, { timeout: 2000 })
    writer.exec("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on")
    // Our own queue waits without stopping the event loop; SQLite's busy wait would stop it and starve a neighbour.
    writer.exec("pragma busy_timeout = 0; pragma cache_size = -16384; pragma temp_store = memory")
    const reader = new DatabaseSync(file, { readOnly: true, timeout: 2000 })
    reader.exec("pragma cache_size = -16384; pragma temp_store = memory; pragma mmap_size = 268435456")
    return { writer, reader }
  } catch (cause) {
    throw new DatabaseUnavailable(`The database file ${file} cannot be opened: ${(cause as Error).message}`, { cause })
  }
}

type Say = SayingAdapter["sayAfterCommit"]

const cannotSay: Say = () => {
  throw new Error("Nothing is written through the reader: use transaction() of database/engine.ts.")
}

function kyselyOver(connection: DatabaseSync, say: Say = cannotSay): Queries {
  const statements = statementsOf(connection)
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new ConcurrentSqliteAdapter(statements, say),
      createDriver: () => driverOver(statements),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new LocklessSqliteCompiler(),
    },
  })
}

// Kysely's adapter says "one connection", which would queue whole transactions and defeat group commit.
class ConcurrentSqliteAdapter extends SqliteAdapter implements DirectAdapter, SayingAdapter {
  readonly #statements: Statements
  readonly sayAfterCommit: Say

  constructor(statements: Statements, say: Say) {
    super()
    this.#statements = statements
    this.sayAfterCommit = say
  }

  runDirectly<R>(sql: string, parameters: readonly unknown[]): R[] {
    return runStatement<R>(this.#statements, sql, parameters).rows
  }

  override get supportsMultipleConnections(): boolean {
    return true
  }
}

// SQLite's write transactions are exclusive, so `for update` has nothing to add.
class LocklessSqliteCompiler extends SqliteQueryCompiler {
  protected override visitSelectModifier(_node: OperationNode): void {}
}

function driverOver(statements: Statements): Driver {
  const open = connectionOver(statements)
  const nothing = async () => {}
  const unused = async () => {
    throw new Error("Use transaction() of database/engine.ts.")
  }
  return {
    init: nothing,
    acquireConnection: async () => open,
    releaseConnection: nothing,
    beginTransaction: unused,
    commitTransaction: unused,
    rollbackTransaction: unused,
    destroy: nothing,
  }
}

interface CachedStatement {
  readonly statement: StatementSync
  /** The columns of its rows; none when it returns no rows. */
  readonly columns: readonly string[]
}

/** A statement by its text, prepared at most once as long as it stays in the cache. */
type Statements = (sqlText: string) => CachedStatement

function statementsOf(connection: DatabaseSync): Statements {
  const cache = new Map<string, CachedStatement>()
  return (sqlText) => {
    const known = cache.get(sqlText)
    if (known !== undefined) return known
    const statement = connection.prepare(sqlText)
    const made = { statement, columns: statement.columns().map(({ name }) => name) }
    statement.setReturnArrays(true)
    if (cache.size >= statementCacheSize) {
      const oldest = cache.keys().next().value
      if (oldest !== undefined) cache.delete(oldest)
    }
    cache.set(sqlText, made)
    return made
  }
}

interface StatementResult<R> {
  readonly rows: R[]
  readonly changes: number | bigint
}

function runStatement<R>(statements: Statements, sqlText: string, parameters: readonly unknown[]): StatementResult<R> {
  try {
    const { statement, columns } = statements(sqlText)
    const bound = parameters as never[]
    if (columns.length > 0) {
      const rows = statement.all(...bound) as unknown as readonly unknown[][]
      return { rows: rows.map((values) => toRow(columns, values) as R), changes: 0 }
    }
    return { rows: [], changes: statement.run(...bound).changes }
  } catch (error) {
    throw translateFailure(error)
  }
}

// Made here, a row is an ordinary object and costs half of what node:sqlite takes to make one.
function toRow(columns: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (let index = 0; index < columns.length; index++) row[columns[index] as string] = values[index]
  return row
}

function connectionOver(statements: Statements): DatabaseConnection {
  return {
    executeQuery: async <R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> => {
      const { rows, changes } = runStatement<R>(statements, sql, parameters)
      return { rows, numAffectedRows: BigInt(rows.length === 0 ? changes : rows.length) }
    },
    // biome-ignore lint/correctness/useYield: it never gets that far
    streamQuery: async function* () {
      throw new Error("Read in pages instead of streaming.")
    },
  }
}
