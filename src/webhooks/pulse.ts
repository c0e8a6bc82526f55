/** Work that comes again and again, each kind never over its own last run. */
export interface Pulse {
  every(milliseconds: number, name: string, work: () => Promise<void>): void
  /** Runs once, at once; while it runs, one more wish for it is kept, and further ones are the same wish. */
  now(name: string, work: () => Promise<void>): void
  stop(): void
}

/** Makes a pulse; `onFailure` hears of a run that failed, and the next one comes all the same. */
export function createPulse(onFailure: (error: unknown, name: string) => void): Pulse {
  const timers: NodeJS.Timeout[] = []
  const running = new Map<string, "once" | "again">()

  function run(name: string, work: () => Promise<void>): void {
    if (running.has(name)) {
      running.set(name, "again")
      return
    }
    running.set(name, "once")
    work()
      .catch((error: unknown) => onFailure(error, name))
      .finally(() => {
        const wanted = running.get(name)
        running.delete(name)
        if (wanted === "again") run(name, work)
      })
  }

  return {
    every: (milliseconds, name, work) => {
      const timer = setInterval(() => {
        if (!running.has(name)) run(name, work)
      }, milliseconds)
      timers.push(timer.unref())
    },
    now: run,
    stop: () => {
      for (const timer of timers) clearInterval(timer)
    },
  }
}
