import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { delimiter, join } from "node:path"
import { findFreePort } from "./free-port.ts"
import "./loopback-only.ts"

const READY = /listening on|Development Server .* started/
const WITHIN_MS = 20_000

/** A receiver of `examples/receivers/` that runs in a process of its own. */
export interface ExampleReceiver {
  readonly url: string
  /** All that it printed, on both outputs. */
  output(): string
  /** Resolves when it has printed that text. */
  waitForLine(text: string): Promise<void>
  stop(): Promise<void>
}

/** The path of a program that passes a check of what it must have; undefined: it is not on this machine. */
export function findOnPath(name: string, check: readonly string[]): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter)
  return folders.map((folder) => join(folder, name)).find((path) => spawnSync(path, check).status === 0)
}

/** Starts a receiver on a free port of 127.0.0.1 and waits until it says that it listens. */
export async function startExample(
  program: string,
  args: (port: number) => readonly string[],
  { directory, env }: { readonly directory: string; readonly env: Readonly<Record<string, string>> },
): Promise<ExampleReceiver> {
  const port = await findFreePort()
  const child = spawn(program, args(port), { cwd: directory, env: { ...process.env, PORT: String(port), ...env } })
  const printed = collectOutput(child)
  const receiver: ExampleReceiver = {
    url: `http://127.0.0.1:${port}/hook`,
    output: printed.text,
    waitForLine: (text) => printed.waitFor((output) => output.includes(text), text),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, "exit")
      child.kill("SIGKILL")
      await ended
    },
  }
  process.once("exit", () => child.kill("SIGKILL"))
  await printed
    .waitFor((output) => READY.test(output), "that it listens")
    .catch(async (error: unknown) => {
      await receiver.stop()
      throw error
    })
  return receiver
}

/** Gathers what a process prints, and tells when it is as wanted. */
function collectOutput(child: ChildProcess) {
  let output = ""
  const waiting = new Set<() => void>()
  const told = () => {
    for (const look of waiting) look()
  }
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text
      told()
    })
  }
  return {
    text: () => output,
    waitFor: async (isThere: (output: string) => boolean, what: string): Promise<void> => {
      if (isThere(output)) return
      const seen = Promise.withResolvers<void>()
      const look = () => isThere(output) && seen.resolve()
      const fail = (how: string) => seen.reject(new Error(`The receiver ${how} before it said ${what}:\n${output}`))
      const timer = setTimeout(() => fail("took too long"), WITHIN_MS)
      const ended = () => fail("ended")
      const broken = (error: Error) => fail(`could not start (${error.message})`)
      waiting.add(look)
      child.once("exit", ended).once("error", broken)
      try {
        await seen.promise
      } finally {
        clearTimeout(timer)
        waiting.delete(look)
        child.off("exit", ended).off("error", broken)
      }
    },
  }
}
