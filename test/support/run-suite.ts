// Runs the suite, or the files named on the command line, with the servers they share. `--soak` runs every fault round.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { parseArgs } from "node:util"

const { values, positionals } = parseArgs({
  options: { soak: { type: "boolean", default: false } },
  allowPositionals: true,
})

const root = new URL("../../", import.meta.url)
const minutesPerFile = values.soak ? 120 : 5
const flags = [
  `--import=${new URL("test/support/loopback-only.ts", root).href}`,
  "--test",
  "--test-global-setup=test/support/global-setup.ts",
  "--test-concurrency=2",
  `--test-timeout=${minutesPerFile * 60_000}`,
  "--test-reporter=spec",
]
const files = positionals.length > 0 ? positionals : ["test/**/*.test.ts"]
const child = spawn(process.execPath, [...flags, ...files], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, ...(values.soak && { SOAK: "1" }) },
})
// The signal of a terminal reaches the child too, and it ends the servers: wait for that.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal))

const [code] = await once(child, "close")
process.exitCode = code ?? 1
