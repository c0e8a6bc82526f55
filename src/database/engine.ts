import { type Compilable, type CompiledQuery, type Kysely, sql } from "kysely"
import type { Columns } from "./columns.ts"
import type { Schema } from "./schema.ts"

/** What runs queries: the database itself (reads) or a database transaction. Store functions take it first. */
export type Queries = Kysely<Schema>

/** What differs between the engines, and what no query needs to know. */
export interface Engine {
  readonly name: "sqlite" | "postgres"
  readonly columns: Columns
  /** Whether transactions begun at once, without waiting between them, run one after the other in that order. */
  readonly keepsOrder: boolean
  transaction<T>(callback: (tx: Queries) => Promise<T>, options?: TransactionOptions): Promise<T>
  /**
   * Hears what is said from now on: by every process on PostgreSQL, by this one alone on SQLite. What is said while the
   * connection is away is lost, so a listener looks for itself now and then.
   */
  listen(channel: Channel, listener: (payload: string) => void): void
  /** Whether `listen` hears other processes too. */
  readonly hearsOthers: boolean
  /** Prepares a log table for the months to come and drops months that are over (docs/decisions/0013-attempts-by-month.md). */
  keepMonths(table: "attempts", kept: KeptMonths): Promise<void>
  /** A consistent copy while running, or the command that makes one. */
  backup(file: string): Promise<{ readonly kind: "done" } | { readonly kind: "command"; readonly command: string }>
  close(): Promise<void>
}

/** How long the rows of a log are kept. */
export interface KeptMonths {
  readonly now: number
  readonly keptMs: number
}

/** What is told from a commit on. */
export type Channel = "deliveries"

export interface TransactionOptions {
  /** Gives up with `DatabaseBusy` when a lock is not had within this time. */
  readonly lockTimeoutMs?: number
}

/** An open database. Reads may go through it; every write goes through `transaction`. */
export type Database = Queries & { readonly engine: Engine }

/** A lock was not had in time; nothing was written and the work may be tried again. */
export class DatabaseBusy extends Error {
  override readonly name = "DatabaseBusy"
}

/** The database cannot be reached or cannot write (gone, full disk); nothing was written. */
export class DatabaseUnavailable extends Error {
  override readonly name = "DatabaseUnavailable"
}

/**
 * Runs `callback` in one database transaction: committed durably before the promise resolves, rolled back when it
 * throws. Inside use only `tx`, and await nothing but queries; PostgreSQL may run the callback again after a deadlock.
 *
 * @throws DatabaseBusy, DatabaseUnavailable
 */
export function transaction<T>(
  db: Database,
  callback: (tx: Queries) => Promise<T>,
  options?: TransactionOptions,
): Promise<T> {
  return db.engine.transaction(callback, options)
}

/** An adapter that hands on what is said itself; one without sends it through its database. */
export interface SayingAdapter {
  sayAfterCommit(channel: Channel, payload: string): void
}

/** Says `payload` to those who `listen`, with the commit of `tx` and never without it. */
export async function notify(tx: Queries, channel: Channel, payload: string): Promise<void> {
  const { adapter } = tx.getExecutor()
  if ("sayAfterCommit" in adapter) (adapter as unknown as SayingAdapter).sayAfterCommit(channel, payload)
  else await sql`select pg_notify(${channel}, ${payload})`.execute(tx)
}

class Placeholder {
  readonly name: PropertyKey
  constructor(name: PropertyKey) {
    this.name = name
  }
}

/** An adapter whose database answers at once: a compiled query can go to it without waiting for a connection. */
export interface DirectAdapter {
  runDirectly<R>(sql: string, parameters: readonly unknown[]): R[]
}

/** Whether a statement costs no way to a server and back. */
export function runsDirectly(db: Queries): boolean {
  return "runDirectly" in db.getExecutor().adapter
}

type Parameters = Readonly<Record<string, string | number | Uint8Array | null>>

/**
 * A query that is built and compiled once per engine and then only bound: building costs more than SQLite needs to
 * answer. `build` gets a function that stands for the value of a parameter.
 */
export function prepared<P extends Parameters, R>(
  build: (db: Queries, parameter: <K extends keyof P>(name: K) => P[K]) => Compilable<R>,
): (db: Queries, parameters: P) => Promise<R[]> {
  const compiledFor = new WeakMap<object, CompiledQuery<R>>()
  return async (db, parameters) => {
    const { adapter } = db.getExecutor()
    let compiled = compiledFor.get(adapter)
    if (compiled === undefined) {
      compiled = build(db, (name) => new Placeholder(name) as never).compile()
      compiledFor.set(adapter, compiled)
    }
    const bound = compiled.parameters.map((value) =>
      value instanceof Placeholder ? parameters[value.name as string] : value,
    )
    if ("runDirectly" in adapter) return (adapter as unknown as DirectAdapter).runDirectly<R>(compiled.sql, bound)
    const result = await db.executeQuery<R>({ ...compiled, parameters: bound })
    return result.rows
  }
}

// Bounds what is kept compiled; PostgreSQL takes 65,535 parameters.
const mostInsertedAtOnce = 64

/**
 * An insert of many rows: built once and run row by row where that costs least, many rows in one statement where each
 * statement is a way to the server and back.
 */
export function preparedInsert<Table extends keyof Schema, P extends Parameters>(
  table: Table,
  columns: Readonly<Record<Extract<keyof P, string>, Extract<keyof Schema[Table], string>>>,
): (db: Queries, rows: readonly P[]) => Promise<void> {
  const names = Object.entries<string>(columns)
  const toRow = (read: (name: keyof P) => unknown) =>
    Object.fromEntries(names.map(([name, column]) => [column, read(name as keyof P)]))
  const insertOne = prepared<P, never>(
    (db, parameter) => db.insertInto(table).values(toRow(parameter as never) as never) as never,
  )
  // By the number of rows: building the text costs more than sending the rows.
  const compiledFor = new WeakMap<object, CompiledQuery[]>()
  const compile = (db: Queries, rows: readonly P[]): CompiledQuery => {
    const { adapter } = db.getExecutor()
    const compiled = compiledFor.get(adapter) ?? []
    compiledFor.set(adapter, compiled)
    compiled[rows.length] ??= db
      .insertInto(table)
      .values(rows.map(() => toRow((name) => new Placeholder(name))) as never)
      .compile()
    return compiled[rows.length] as CompiledQuery
  }
  return async (db, rows) => {
    if (runsDirectly(db) || rows.length <= 1) {
      for (const row of rows) await insertOne(db, row)
      return
    }
    for (let first = 0; first < rows.length; first += mostInsertedAtOnce) {
      const some = rows.slice(first, first + mostInsertedAtOnce)
      // Its placeholders stand row by row, in the order of the columns.
      const parameters = some.flatMap((row) => names.map(([name]) => row[name as keyof P]))
      await db.executeQuery({ ...compile(db, some), parameters })
    }
  }
}
