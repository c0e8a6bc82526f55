/**
 * Turns at writing among the processes of one instance. SQLite lets one process write at a time and wakes nobody when
 * the file is free, so left alone the busiest process starves the others (seen: 14 commits beside 9,000).
 */
export interface WriteTurns {
  /** Resolves when it is this process's turn. */
  take(): Promise<void>
  /** Gives the turn to whoever waits longest. */
  pass(): void
}

export type TurnMessage = { readonly kind: "turn-wanted" } | { readonly kind: "turn-done" } | { readonly kind: "turn" }

/** The worker's side: asks the primary over `send` and waits for its message. */
export function createWriteTurns(send: (message: TurnMessage) => void): WriteTurns & { granted(): void } {
  let waiting: (() => void) | undefined
  return {
    take: () =>
      new Promise((resolve) => {
        waiting = resolve
        send({ kind: "turn-wanted" })
      }),
    pass: () => send({ kind: "turn-done" }),
    granted: () => {
      const resolve = waiting
      waiting = undefined
      resolve?.()
    },
  }
}

/** The primary's side: first come, first served; a worker that dies gives its turn back. */
export function createTurnKeeper<Worker>(grant: (worker: Worker) => void): {
  wanted(worker: Worker): void
  done(worker: Worker): void
  gone(worker: Worker): void
} {
  let holder: Worker | undefined
  let queue: Worker[] = []

  function next(): void {
    holder = queue.shift()
    if (holder !== undefined) grant(holder)
  }

  return {
    wanted: (worker) => {
      queue.push(worker)
      if (holder === undefined) next()
    },
    done: (worker) => {
      if (holder === worker) next()
    },
    gone: (worker) => {
      queue = queue.filter((other) => other !== worker)
      if (holder === worker) next()
    },
  }
}
