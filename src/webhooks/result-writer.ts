import { DatabaseBusy, DatabaseUnavailable } from "../database/engine.ts"

/** Writes what comes in small batches; what could not be written is tried again. */
export interface ResultWriter<T> {
  add(item: T): void
  /** Items that wait to be written. */
  waiting(): number
  /** Writes all that waits; resolves also when the database does not take it. */
  flush(): Promise<void>
}

const mostAtOnce = 500
const withinMs = 5
const againAfterMs = 500

/**
 * Gathers results for up to 5 ms or 500 of them, so that they share a database transaction (contract/webhooks.md §7).
 * `onFailure` hears of one that failed; its items go first in the next. `giveUp` gets what can never be written.
 */
export function createResultWriter<T>(
  write: (items: readonly T[]) => Promise<void>,
  onFailure: (error: unknown) => void,
  giveUp: (item: T) => void,
): ResultWriter<T> {
  const items: T[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined

  function plan(delayMs: number): void {
    timer ??= setTimeout(() => void run(), delayMs)
  }

  async function run(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    if (writing !== undefined) return writing
    writing = writeAll()
    await writing
    writing = undefined
  }

  async function writeAll(): Promise<void> {
    while (items.length > 0) {
      const batch = items.splice(0, mostAtOnce)
      try {
        await write(batch)
      } catch (error) {
        onFailure(error)
        if (error instanceof DatabaseUnavailable || error instanceof DatabaseBusy) {
          items.unshift(...batch)
          plan(againAfterMs)
          return
        }
        await writeEach(batch)
      }
    }
  }

  // One that can never be written must not keep the others back.
  async function writeEach(batch: readonly T[]): Promise<void> {
    for (const item of batch) {
      try {
        await write([item])
      } catch (error) {
        onFailure(error)
        if (error instanceof DatabaseUnavailable || error instanceof DatabaseBusy) items.push(item)
        else giveUp(item)
      }
    }
  }

  return {
    add: (item) => {
      items.push(item)
      if (items.length >= mostAtOnce) void run()
      else plan(withinMs)
    },
    waiting: () => items.length,
    flush: run,
  }
}
