import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { fileURLToPath } from "node:url"

/** Who runs where: what is measured has a core to itself, what measures it another one. */
export type Core = "measured" | "measuring"

const hasTaskset = availableParallelism() > 1 && succeeds("taskset", ["--version"])
const cores: Readonly<Record<Core, string>> = { measured: "1", measuring: "0" }

/** Whether processes are bound to a core; without `taskset` a figure per core is that of a process. */
export const pinsProcesses = hasTaskset

function succeeds(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" })
    return true
  } catch {
    return false
  }
}

const children = new Set<ChildProcess>()
process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL")
})
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1))

/** Starts a program on a core; it ends with this process at the latest. */
export function spawnPinned(
  core: Core,
  command: readonly string[],
  options: {
    readonly cwd?: string
    readonly env?: Readonly<Record<string, string | undefined>>
    readonly ipc?: boolean
  },
): ChildProcess {
  const [program = "", ...args] = hasTaskset ? ["taskset", "-c", cores[core], ...command] : command
  const child = spawn(program, args, {
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "ignore", "inherit", ...(options.ipc === true ? (["ipc"] as const) : [])],
  })
  children.add(child)
  child.once("exit", () => children.delete(child))
  return child
}

/** A program of this folder in its own process: one question at a time, one answer each. */
export interface Assistant<Question extends object, Answer> {
  readonly pid: number
  ask(question: Question): Promise<Answer>
  stop(): Promise<void>
}

/** Starts `bench/NAME.ts` on a core, to be asked over its message channel. */
export function startAssistant<Question extends object, Answer>(core: Core, name: string): Assistant<Question, Answer> {
  const script = fileURLToPath(new URL(`${name}.ts`, import.meta.url))
  const child = spawnPinned(core, [process.execPath, "--disable-warning=ExperimentalWarning", script], { ipc: true })
  return {
    pid: pidOf(child),
    ask: (question) =>
      new Promise((resolve, reject) => {
        const ended = () => reject(new Error(`bench/${name}.ts ended early.`))
        child.once("exit", ended)
        child.once("message", (answer) => {
          child.off("exit", ended)
          resolve(answer as Answer)
        })
        child.send(question)
      }),
    stop: () => end(child),
  }
}

/** Asks a process to end, and waits until it has. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, "exit")
  child.kill("SIGTERM")
  await ended
}

/** The process id of a child that was started. */
export function pidOf({ pid, spawnfile }: ChildProcess): number {
  if (pid === undefined) throw new Error(`${spawnfile} cannot be started.`)
  return pid
}

const ticksPerSecond = 100

/** Processor time a process has used so far, s; undefined where the system does not tell (elsewhere than on Linux). */
export function processorSeconds(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? []
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
  } catch {
    return undefined
  }
}
