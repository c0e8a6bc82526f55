import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { findFreePort } from "./free-port.ts"
import "./loopback-only.ts"
import { makeTemporaryDirectory } from "./temporary-directory.ts"

const SEPAY = fileURLToPath(new URL("../../sepay", import.meta.url))
const LOOPBACK_ONLY = new URL("loopback-only.ts", import.meta.url).href
const READY_WITHIN_MS = 30_000
const STOPPED_WITHIN_MS = 15_000

/** The secret of every program the tests start, unless they give one: servers and commands share their databases. */
export const TEST_SECRET = "only-for-the-tests-0123456789abcdef0123456789abcdef"

/** How a `./sepay` process is started. */
export interface ProgramOptions {
  /** Added to an environment that has nothing of the developer's own settings. */
  readonly env?: Readonly<Record<string, string>>
  /** Where it runs, so where `./data` and `.env` are; by default a new temporary directory. */
  readonly directory?: string
}

/** A `./sepay` process that has not ended, with all processes it started itself. */
export interface RunningProgram {
  readonly pid: number
  readonly directory: string
  stdout(): string
  stderr(): string
  hasEnded(): boolean
  /** Waits for its end, and returns its exit code, or null if a signal ended it. */
  waitForExit(): Promise<number | null>
  /** Ends it and its workers at once, as a power cut would, and waits until all are gone. */
  kill9(): Promise<void>
  /** Asks it to end (SIGTERM), waits until it has, and returns its exit code. Does nothing if it has ended. */
  stop(): Promise<number | null>
}

/** A running `./sepay serve` that answers `/readyz`. */
export interface RunningServer extends RunningProgram {
  /** Its public base URL, which is the issuer of its tokens: `http://localhost:PORT`. */
  readonly url: string
  readonly port: number
}

/** What a command answered. `json()` reads its stdout and fails if that is not exactly one JSON value. */
export interface CommandResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  json<T = unknown>(): T
}

/** Starts `./sepay serve` on a free port and waits until it is ready; PORT in `env` names a port instead. */
export async function startServer(options: ProgramOptions = {}): Promise<RunningServer> {
  const port = Number(options.env?.["PORT"] ?? (await findFreePort()))
  const program = startProgram(["serve"], { ...options, env: { ...options.env, PORT: String(port) } })
  try {
    await waitUntilReady(program, port)
  } catch (error) {
    await program.kill9()
    throw error
  }
  return { ...program, port, url: options.env?.["SEPAY_URL"] ?? `http://localhost:${port}` }
}

/** Runs a `./sepay` command to its end, with `input` on its standard input. */
export async function runCli(
  args: readonly string[],
  options: ProgramOptions & { readonly input?: string } = {},
): Promise<CommandResult> {
  const program = startProgram(args, options)
  const code = await program.waitForExit()
  const stdout = program.stdout()
  return { code, stdout, stderr: program.stderr(), json: () => parseOutput(args, program) }
}

function parseOutput<T>(args: readonly string[], program: RunningProgram): T {
  try {
    return JSON.parse(program.stdout()) as T
  } catch (cause) {
    const output = `${program.stdout()}\n${program.stderr()}`
    throw new Error(`sepay ${args.join(" ")} did not print one JSON value:\n${output}`, { cause })
  }
}

const running = new Set<ChildProcess>()

/** Starts any `./sepay` command and returns at once. It ends with the test process at the latest. */
export function startProgram(
  args: readonly string[],
  options: ProgramOptions & { readonly input?: string } = {},
): RunningProgram {
  const directory = options.directory ?? makeTemporaryDirectory()
  const child = spawn(SEPAY, args, {
    cwd: directory,
    env: { ...cleanEnvironment(directory), ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true, // A process group of its own, so that its workers can be ended with it.
  })
  child.once("error", () => undefined) // Said below, where the caller hears it.
  const { pid } = child
  if (pid === undefined) throw new Error(`${SEPAY} cannot be started.`)
  running.add(child)
  const closed = once(child, "close").then(([code]) => {
    running.delete(child)
    return code as number | null
  })
  keepAlive(child, false) // A test that fails before it stops its server must not hang the file.
  child.stdin.on("error", () => undefined) // It may end without reading.
  child.stdin.end(options.input ?? "")
  const stdout = collectText(child.stdout)
  const stderr = collectText(child.stderr)
  return {
    pid,
    directory,
    stdout,
    stderr,
    hasEnded: () => !running.has(child),
    waitForExit: () => {
      keepAlive(child, true)
      return closed
    },
    kill9: async () => {
      keepAlive(child, true)
      killGroup(child)
      await closed
    },
    stop: () => {
      keepAlive(child, true)
      return stopChild(child, closed, () => `${stdout()}\n${stderr()}`)
    },
  }
}

/** Whether this process stays alive for the child's sake. */
function keepAlive(child: ChildProcess, wanted: boolean): void {
  const handles = [child, child.stdout, child.stderr] as ({ ref(): void; unref(): void } | null)[]
  for (const handle of handles) wanted ? handle?.ref() : handle?.unref()
}

async function stopChild(
  child: ChildProcess,
  closed: Promise<number | null>,
  output: () => string,
): Promise<number | null> {
  if (!running.has(child)) return closed
  child.kill("SIGTERM")
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late.reject(new Error(`sepay did not end within ${STOPPED_WITHIN_MS} ms of SIGTERM:\n${output()}`))
    killGroup(child)
  }, STOPPED_WITHIN_MS)
  try {
    return await Promise.race([closed, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

function cleanEnvironment(directory: string): Record<string, string> {
  const kept = ["PATH", "TMPDIR", "LANG", "NODE_COMPILE_CACHE", "SystemRoot"]
  const found = kept.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  const ours = { HOME: directory, NO_COLOR: "1", NODE_OPTIONS: `--import=${LOOPBACK_ONLY}`, SEPAY_SECRET: TEST_SECRET }
  return { ...Object.fromEntries(found), ...ours }
}

function collectText(stream: NodeJS.ReadableStream): () => string {
  let text = ""
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk
  })
  return () => text
}

async function waitUntilReady(program: RunningProgram, port: number): Promise<void> {
  const fail = (what: string): Error => new Error(`sepay serve ${what}:\n${program.stdout()}\n${program.stderr()}`)
  const deadline = performance.now() + READY_WITHIN_MS
  while (performance.now() < deadline) {
    if (program.hasEnded()) throw fail("ended before it was ready")
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2000) }).then(
      async (response) => {
        await response.body?.cancel()
        return response.ok
      },
      () => false,
    )
    if (ready) return
    await new Promise((wake) => setTimeout(wake, 25))
  }
  throw fail(`was not ready within ${READY_WITHIN_MS} ms`)
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || !running.has(child)) return
  try {
    process.kill(-child.pid, "SIGKILL")
  } catch {
    child.kill("SIGKILL") // No process groups on this platform, or the group is gone already.
  }
}

function killAll(): void {
  for (const child of running) killGroup(child)
}

process.once("exit", killAll)
// A signal alone would end us without the line above.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1))
