import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { findFreePort } from "../test/support/free-port.ts"
import { createBenchDatabase, type EngineName, serveEnvironment, untilItAnswers } from "./platform.ts"
import { formatSpread, type Report, targetOn } from "./result.ts"
import { spreadOf } from "./rounds.ts"

const starts = 5
const idleMs = 10_000

/** `npm start` to the first answer of `/healthz`, after a first run, and the memory of the process when it idles. */
export async function benchStart(engine: EngineName, report: Report): Promise<void> {
  const database = await createBenchDatabase(engine)
  const times: number[] = []
  const sizes: number[] = []
  try {
    for (let run = 0; run <= starts; run++) {
      const port = await findFreePort()
      const env = { ...process.env, ...serveEnvironment(database, port) }
      const cwd = fileURLToPath(new URL("..", import.meta.url))
      const startedAt = performance.now()
      const npm = spawn("npm", ["start"], { cwd, env, stdio: ["ignore", "ignore", "inherit"], detached: true })
      try {
        await untilItAnswers(npm, port)
        if (run > 0) times.push(performance.now() - startedAt)
        if (run === starts) {
          await sleep(idleMs)
          sizes.push(...serversUnder(npm.pid).map(residentMegabytes))
        }
      } finally {
        const ended = once(npm, "exit")
        if (npm.pid !== undefined) process.kill(-npm.pid, "SIGTERM")
        await ended
      }
    }
  } finally {
    await database.remove()
  }
  const shown = { name: "start", againstValue: null, ratio: null, engine, bound: "most" } as const
  const time = spreadOf(times)
  const toAnswer = { against: "npm start to the first answer", target: targetOn(engine, 1000) }
  report({ ...shown, ...toAnswer, value: time.median, unit: "ms", noise: formatSpread(time) })
  const size = spreadOf(sizes)
  const idle = { against: "idle memory of the process", target: targetOn(engine, 150) }
  report({ ...shown, ...idle, value: size.most, unit: "MB", noise: `${sizes.length} process` })
}

// npm runs a shell that runs the server; only the last one is ours. Linux tells; elsewhere there is no figure.
function serversUnder(pid: number | undefined): number[] {
  if (pid === undefined) return []
  const children = childrenOf(pid)
  return children.length === 0 ? [pid] : children.flatMap(serversUnder)
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim()
    return text === "" ? [] : text.split(" ").map(Number)
  } catch {
    return []
  }
}

function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
  return Number(kilobytes) / 1000
}
