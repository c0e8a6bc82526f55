import { Refusal } from "../refusal.ts"

/** Lets a few password checks run at once; the others wait in line. */
export interface PasswordQueue {
  /** @throws Refusal unavailable, when the line is full */
  run<T>(check: () => Promise<T>): Promise<T>
}

// A check takes 19 MiB and a thread of the pool (of four) for some 40 ms: two leave room for files and name look-ups.
const mostRunning = 2
const mostWaiting = 100
const retryAfterSeconds = 5

/** Makes the line of one process, so that a crowd of sign-ins cannot eat its memory or starve its other work. */
export function createPasswordQueue(running = mostRunning, waiting = mostWaiting): PasswordQueue {
  const line: (() => void)[] = []
  let free = running

  function leave(): void {
    const next = line.shift()
    if (next === undefined) free++
    else next()
  }

  async function enter(): Promise<void> {
    if (free > 0) {
      free--
      return
    }
    if (line.length >= waiting) {
      throw new Refusal("unavailable", "Too many people are signing in at once.", { retryAfterSeconds })
    }
    await new Promise<void>((resolve) => line.push(resolve))
  }

  return {
    run: async (check) => {
      await enter()
      try {
        return await check()
      } finally {
        leave()
      }
    },
  }
}
