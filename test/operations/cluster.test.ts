import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { request } from "node:http"
import { describe, it } from "node:test"
import { promisify } from "node:util"
import { onEachEngine } from "../support/engines.ts"
import { type RunningServer, startServer } from "../support/processes.ts"

/** A request on a connection of its own, so that the primary chooses a worker anew. */
function get(port: number, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, agent: false, signal: AbortSignal.timeout(5000) }, (response) => {
      let text = ""
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece
      })
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }))
    })
      .on("error", reject)
      .end()
  })
}

/** The workers that have answered so far, by the process ids in the log. */
function answering(server: RunningServer): Set<number> {
  const lines = server
    .stdout()
    .split("\n")
    .filter((line) => line.includes('"msg":"answered"'))
  return new Set(lines.map((line) => Number(/"pid":(\d+)/.exec(line)?.[1])))
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, "it did not come to pass in time")
    await new Promise((wake) => setTimeout(wake, 20))
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe("an instance of several processes", () => {
  onEachEngine((engine) => {
    it("shares one port, replaces a worker that is killed, adds up its metrics and drains as a whole", async (t) => {
      const server = await startServer({ env: { WORKERS: "4", DATABASE_URL: engine.databaseUrl() } })
      t.after(server.kill9)
      for (let count = 0; count < 24; count++) assert.equal((await get(server.port, "/healthz")).status, 200)
      // The first answer may come before the last worker listens.
      await until(async () => (await get(server.port, "/healthz")).status === 200 && answering(server).size === 4)

      const { text } = await get(server.port, "/metrics")
      const total = [...text.matchAll(/^sepay_http_requests_total\{[^}]*\} (\d+)$/gm)].reduce(
        (sum, [, count]) => sum + Number(count),
        0,
      )
      assert.ok(total >= 24, `only ${total} requests are counted`)

      const before = answering(server)
      const [victim = 0] = before
      process.kill(victim, "SIGKILL")
      await until(async () => {
        await get(server.port, "/readyz").catch(() => undefined) // The dead worker may take this one with it.
        return [...answering(server)].some((pid) => !before.has(pid))
      })
      assert.match(server.stdout(), /a worker died; another one starts/)
      assert.equal((await get(server.port, "/readyz")).status, 200)
      const code = await server.stop()
      assert.equal(code, 0, `${server.stdout().slice(-4000)}\n${server.stderr()}`)
    })
  })

  it("lives on when word goes to a worker that has died a moment ago", async () => {
    const script = new URL("./dying-worker.ts", import.meta.url).pathname
    const { stdout } = await promisify(execFile)(process.execPath, ["--disable-warning=ExperimentalWarning", script])
    assert.equal(stdout, "lives on\n")
  })

  it("ends with its primary, and the next start finds the database free", async (t) => {
    const server = await startServer({ env: { WORKERS: "2" } })
    t.after(server.kill9)
    await until(async () => (await get(server.port, "/healthz")).status === 200 && answering(server).size === 2)
    const workers = [...answering(server)]
    process.kill(server.pid, "SIGKILL")
    await until(() => !workers.some(isAlive))
    const next = await startServer({ directory: server.directory })
    t.after(next.kill9)
    assert.equal(await next.stop(), 0)
  })
})
