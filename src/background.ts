import type { Logger } from "./log.ts"

/** Work that a part wants done again and again while the platform runs. */
export interface Loop {
  readonly name: string
  /** Pause between the end of one run and the start of the next, ms. */
  readonly everyMs: number
  /** Only in one process of the instance. */
  readonly once?: true
  /** Once more at the end, when all requests are answered: for what is gathered in memory. */
  readonly finally?: true
  /** `signal` aborts when the platform stops; a run that is under way may finish what it holds. */
  run(signal: AbortSignal): Promise<void>
}

export interface Background {
  start(): void
  /** Resolves when no run is under way any more. */
  stop(): Promise<void>
}

export interface BackgroundOptions {
  readonly log: Logger
  /** Whether this is the process that does what only one should; asked before each run. */
  isFirst(): boolean
}

/** Runs loops beside the requests: each one by itself and never over its own last run; a failed run is logged. */
export function createBackground({ log, isFirst }: BackgroundOptions, loops: readonly Loop[]): Background {
  const stopping = new AbortController()
  const timers = new Map<Loop, NodeJS.Timeout>()
  const running = new Set<Promise<void>>()

  async function runOnce(loop: Loop): Promise<void> {
    if (loop.once === true && !isFirst()) return
    try {
      await loop.run(stopping.signal)
    } catch (error) {
      log.error({ err: error, loop: loop.name }, "a background loop failed; it goes on")
    }
  }

  function schedule(loop: Loop): void {
    if (stopping.signal.aborted) return
    const timer = setTimeout(() => {
      const run = runOnce(loop).then(() => {
        running.delete(run)
        schedule(loop)
      })
      running.add(run)
    }, loop.everyMs)
    timers.set(loop, timer.unref())
  }

  return {
    start: () => {
      for (const loop of loops) schedule(loop)
    },
    stop: async () => {
      stopping.abort()
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.all(running)
      for (const loop of loops) if (loop.finally === true) await runOnce(loop)
    },
  }
}
