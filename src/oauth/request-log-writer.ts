import { type Database, transaction } from "../database/engine.ts"
import { vietnamDay } from "../vietnam-time.ts"
import type { Fold } from "./call-window.ts"
import { isFailed, type LoggedCall, type Outcome, outcomeOf, withoutSecrets } from "./logged-call.ts"
import {
  addUsage,
  findClientRowIds,
  insertFoldedRow,
  insertRows,
  type RequestRow,
  updateFoldedRow,
} from "./request-log.store.ts"

/** Calls of one app, day, endpoint and outcome; `call` is one of them. */
export interface CountedCalls {
  readonly call: LoggedCall
  calls: number
}

/** Puts what was gathered into the database; what names a client that does not exist comes to nothing. */
export interface LogWriter {
  addCounts(counted: readonly CountedCalls[]): Promise<void>
  /** In one database transaction. */
  addRows(calls: readonly LoggedCall[]): Promise<void>
  /** Writes the row that the calls share, or counts it up. */
  writeFold(fold: Fold): Promise<void>
}

const askedAtOnce = 200
const mostRemembered = 10_000
const longestUserAgent = 200

/** Makes the writer of this process; it remembers which `client_id` is which row. */
export function createLogWriter(db: Database): LogWriter {
  const rowIds = new Map<string, number | undefined>()

  async function learnRowIds(calls: readonly LoggedCall[]): Promise<void> {
    if (rowIds.size > mostRemembered) rowIds.clear()
    const named = calls.flatMap(({ clientId, clientRowId }) => (clientRowId === undefined ? [clientId] : []))
    const unknown = [...new Set(named)].filter((clientId) => !rowIds.has(clientId))
    for (let first = 0; first < unknown.length; first += askedAtOnce) {
      const asked = unknown.slice(first, first + askedAtOnce)
      const found = new Map((await findClientRowIds(db, asked)).map(({ clientId, rowId }) => [clientId, rowId]))
      for (const clientId of asked) rowIds.set(clientId, found.get(clientId))
    }
  }

  // None for a client_id that nobody has.
  function toRows(call: LoggedCall): readonly RequestRow[] {
    const clientRowId = call.clientRowId ?? rowIds.get(call.clientId)
    return clientRowId === undefined ? [] : [toRow(call, clientRowId)]
  }

  return {
    addCounts: async (counted) => {
      await learnRowIds(counted.map(({ call }) => call))
      const counts = counted.flatMap(({ call, calls }) =>
        toRows(call).map(({ clientRowId, endpoint }) => {
          const outcome: Outcome = outcomeOf(call)
          return { clientRowId, day: vietnamDay(call.at), endpoint, outcome, calls }
        }),
      )
      await transaction(db, (tx) => addUsage(tx, counts))
    },
    addRows: async (calls) => {
      await learnRowIds(calls)
      await transaction(db, (tx) => insertRows(tx, calls.flatMap(toRows)))
    },
    writeFold: async (fold) => {
      await learnRowIds([fold.call])
      // Taken now: calls that come while it is written make it changed again.
      const { repeats, lastAt, rowId } = fold
      const [row] = toRows(fold.call)
      if (row === undefined) return
      if (rowId !== undefined) await transaction(db, (tx) => updateFoldedRow(tx, rowId, { repeats, lastAt }))
      else fold.rowId = await transaction(db, (tx) => insertFoldedRow(tx, { ...row, repeats, lastAt }))
    },
  }
}

function toRow(call: LoggedCall, clientRowId: number): RequestRow {
  const { at, exact } = call
  return {
    clientRowId,
    at,
    lastAt: at,
    repeats: 1,
    proven: call.proven ? 1 : 0,
    endpoint: call.endpoint,
    method: call.method,
    status: call.status,
    failed: isFailed(call) ? 1 : 0,
    error: call.error,
    reason: exact?.code ?? null,
    facts: exact?.facts === undefined ? null : storable(JSON.stringify(exact.facts)),
    requestId: storable(call.requestId),
    ip: call.ip,
    userAgent: storable(call.userAgent).slice(0, longestUserAgent),
    mode: call.mode,
    durationUs: Math.round(call.durationMs * 1000),
  }
}

// What callers wrote: no secret of ours, and nothing that PostgreSQL would choke on, as NUL or half a character.
function storable(text: string): string {
  return withoutSecrets(text).replaceAll("\0", "").replaceAll("\\u0000", "").toWellFormed()
}
