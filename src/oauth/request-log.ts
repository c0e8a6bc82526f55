import type { Database } from "../database/engine.ts"
import { isClientId } from "../ids.ts"
import type { Metrics } from "../metrics.ts"
import { vietnamDay } from "../vietnam-time.ts"
import { createCallWindow, type Fold } from "./call-window.ts"
import { type LoggedCall, outcomeOf } from "./logged-call.ts"
import { type CountedCalls, createLogWriter } from "./request-log-writer.ts"

/**
 * What apps call, kept in memory and written every second, so that a request waits for no row. `kill -9` loses the last
 * second; while the database is away, counts are kept and rows are, as far as memory is meant for them.
 */
export interface RequestLog {
  record(call: LoggedCall): void
  /** Writes what came since the last time. @throws what the database throws; what was not written stays */
  flush(): Promise<void>
}

const mostWaiting = 10_000
const rowsAtOnce = 200

/** Makes the log of this process. */
export function createRequestLog(db: Database, metrics: Pick<Metrics, "requestLogDropped">): RequestLog {
  const place = createCallWindow()
  const writer = createLogWriter(db)
  let rows: LoggedCall[] = []
  let folds = new Set<Fold>()
  let usage = new Map<string, CountedCalls>()

  async function writeUsage(): Promise<void> {
    const counted = usage
    if (counted.size === 0) return
    usage = new Map()
    try {
      await writer.addCounts([...counted.values()])
    } catch (error) {
      for (const [key, { call, calls }] of counted) count(usage, key, call, calls)
      throw error
    }
  }

  async function writeRows(): Promise<void> {
    const waiting = rows
    rows = []
    let written = 0
    try {
      for (; written < waiting.length; written += rowsAtOnce) {
        await writer.addRows(waiting.slice(written, written + rowsAtOnce))
      }
    } catch (error) {
      const left = [...waiting.slice(written), ...rows]
      rows = left.slice(0, mostWaiting)
      metrics.requestLogDropped.inc(left.length - rows.length)
      throw error
    }
  }

  async function writeFolds(): Promise<void> {
    const changed = folds
    folds = new Set()
    try {
      for (const fold of changed) {
        await writer.writeFold(fold)
        changed.delete(fold)
      }
    } catch (error) {
      for (const fold of changed) folds.add(fold)
      throw error
    }
  }

  return {
    record: (call) => {
      const at = isClientId(call.clientId) ? place(call) : undefined
      if (at === undefined) return
      if (at.kind === "none" || (at.kind === "row" && rows.length >= mostWaiting)) metrics.requestLogDropped.inc()
      else if (at.kind === "fold") folds.add(at.fold)
      else rows.push(call)
      const key = `${call.clientId} ${vietnamDay(call.at)} ${call.endpoint} ${outcomeOf(call)}`
      // Proven calls are counted in any case; names that strangers make up only as far as there is room.
      if (call.proven || usage.has(key) || usage.size < mostWaiting) count(usage, key, call, 1)
    },
    flush: async () => {
      await writeUsage()
      await writeRows()
      await writeFolds()
    },
  }
}

function count(usage: Map<string, CountedCalls>, key: string, call: LoggedCall, calls: number): void {
  const known = usage.get(key)
  if (known === undefined) usage.set(key, { call, calls })
  else known.calls += calls
}
