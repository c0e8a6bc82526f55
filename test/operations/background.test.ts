import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { createBackground } from "../../src/background.ts"
import { createLog } from "../../src/log.ts"

function memoryLog() {
  const lines: string[] = []
  return { lines, log: createLog("info", { write: (line: string) => void lines.push(line) }) }
}

/** A function that counts its calls and resolves `times(n)` when it has been called n times. */
function counter() {
  let calls = 0
  const waiting: { readonly count: number; resolve(): void }[] = []
  return {
    call: () => {
      calls++
      for (const { count, resolve } of waiting) if (calls >= count) resolve()
    },
    calls: () => calls,
    times: (count: number) => new Promise<void>((resolve) => waiting.push({ count, resolve })),
  }
}

describe("background loops", () => {
  it("run again and again, never over their own last run, and past one that fails", async () => {
    const { lines, log } = memoryLog()
    const runs = counter()
    let active = 0
    const loop = {
      name: "overlap",
      everyMs: 1,
      run: async () => {
        active++
        assert.equal(active, 1)
        await new Promise((resolve) => setTimeout(resolve, 5))
        active--
        runs.call()
        throw new Error("this run failed")
      },
    }
    const background = createBackground({ log, isFirst: () => true }, [loop])
    const thrice = runs.times(3)
    background.start()
    const alive = setInterval(() => {}, 1000) // The loops themselves keep no process alive.
    await thrice
    clearInterval(alive)
    await background.stop()
    assert.equal(active, 0)
    assert.ok(lines.filter((line) => line.includes("this run failed") && line.includes('"loop":"overlap"')).length >= 3)
  })

  it("run in one process only where that is asked, and in another when that one has gone", async () => {
    let first = false
    const everywhere = counter()
    const once = counter()
    const background = createBackground({ log: memoryLog().log, isFirst: () => first }, [
      { name: "everywhere", everyMs: 1, run: async () => everywhere.call() },
      { name: "once", everyMs: 1, once: true, run: async () => once.call() },
    ])
    const alive = setInterval(() => {}, 1000)
    background.start()
    await everywhere.times(10)
    assert.equal(once.calls(), 0)
    first = true
    await once.times(1)
    clearInterval(alive)
    await background.stop()
  })

  it("are told to stop, are waited for, and run a last time where that is asked", async () => {
    const begun = counter()
    const last = counter()
    let finished = false
    const background = createBackground({ log: memoryLog().log, isFirst: () => true }, [
      {
        name: "long",
        everyMs: 1,
        run: async (signal) => {
          begun.call()
          await new Promise((resolve) => signal.addEventListener("abort", resolve))
          finished = true
        },
      },
      { name: "flush", everyMs: 1_000_000, finally: true, run: async () => last.call() },
    ])
    const alive = setInterval(() => {}, 1000)
    background.start()
    await begun.times(1)
    clearInterval(alive)
    await background.stop()
    assert.equal(finished, true)
    assert.equal(last.calls(), 1)
    assert.equal(begun.calls(), 1)
  })
})
