import { setTimeout as sleep } from "node:timers/promises"
import { Kysely, PostgresDialect, sql } from "kysely"
import type { Pool, PoolClient } from "pg"
import { postgresColumns } from "./columns.ts"
import {
  type Database,
  DatabaseBusy,
  DatabaseUnavailable,
  type Engine,
  type Queries,
  type TransactionOptions,
} from "./engine.ts"
import { createEar } from "./postgres-ear.ts"
import { keepMonths } from "./postgres-months.ts"
import type { Schema } from "./schema.ts"

export interface PostgresOptions {
  readonly url: string
  /** Connections of this process. */
  readonly poolSize?: number
}

const maximumTries = 5

/** Opens a pool of PostgreSQL connections; the driver is loaded here, so that SQLite never pays for it. */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const { default: pg } = await import("pg")
  // Identifiers, instants and đồng all stay below 2^53, so bigint columns are plain numbers here as on SQLite.
  pg.types.setTypeParser(pg.types.builtins.INT8, parseInteger)
  pg.types.setTypeParser(pg.types.builtins.NUMERIC, parseInteger)
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: 5000,
    application_name: "sepay",
  })
  // An idle connection that breaks says so here; the next query opens another.
  pool.on("error", () => {})
  const queries = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: translatingPool(pool) }) })
  const ear = createEar(() => new pg.Client({ connectionString: options.url, application_name: "sepay listening" }))
  const engine: Engine = {
    name: "postgres",
    columns: postgresColumns,
    keepsOrder: false,
    hearsOthers: true,
    transaction: (callback, settings) => runTransaction(queries, callback, settings),
    listen: ear.listen,
    // Whoever writes to the log for long is waited for another time.
    keepMonths: (table, kept) => engine.transaction((tx) => keepMonths(tx, table, kept), { lockTimeoutMs: 2000 }),
    backup: async (file) => ({ kind: "command", command: `pg_dump --format=custom --file=${file} "$DATABASE_URL"` }),
    close: async () => {
      await ear.close()
      await queries.destroy()
    },
  }
  return Object.assign(queries, { engine })
}

function parseInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError("A number of the database is beyond 2^53.")
  return value
}

// A connection that cannot be had, or breaks under a query, is told apart from a query that is wrong.
function translatingPool(pool: Pool): Pick<Pool, "connect" | "end"> & Pool {
  return Object.assign(Object.create(pool), {
    connect: async () => {
      try {
        return translatingClient(await pool.connect())
      } catch (cause) {
        throw new DatabaseUnavailable("The database cannot be reached.", { cause })
      }
    },
    end: () => pool.end(),
  })
}

const translating = new WeakSet<PoolClient>()

function translatingClient(client: PoolClient): PoolClient {
  if (translating.has(client)) return client
  translating.add(client)
  // The pool listens only to idle connections: one that breaks in use would end the process, though its query fails too.
  client.on("error", () => {})
  const query = client.query.bind(client) as (...parameters: unknown[]) => Promise<unknown>
  return Object.assign(client, {
    query: async (...parameters: unknown[]) => {
      try {
        return await query(...parameters)
      } catch (error) {
        if (!isConnectionFailure(error)) throw error
        throw new DatabaseUnavailable("The database went away.", { cause: error })
      }
    },
  })
}

async function runTransaction<T>(
  queries: Queries,
  callback: (tx: Queries) => Promise<T>,
  settings: TransactionOptions | undefined,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await queries.transaction().execute(async (tx) => {
        if (settings?.lockTimeoutMs !== undefined) {
          await sql`select set_config('lock_timeout', ${`${settings.lockTimeoutMs}ms`}, true)`.execute(tx)
        }
        return await callback(tx)
      })
    } catch (error) {
      const code = (error as { code?: string }).code
      if (code === "55P03") throw new DatabaseBusy("A lock was not had in time.", { cause: error })
      const retryable = code === "40001" || code === "40P01"
      if (!retryable || attempt === maximumTries) throw error
    }
    await sleep(Math.random() * 20 * attempt)
  }
}

// Whether PostgreSQL went away or cannot take work: classes 08, 53, 57P (its appendix A) or a broken socket.
function isConnectionFailure(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  if (code !== undefined && /^(08...|53...|57P0.|ECONN[A-Z]+|EPIPE|ETIMEDOUT|ENOTFOUND)$/.test(code)) return true
  return message !== undefined && /^(Connection terminated|Client has encountered a connection error)/.test(message)
}
