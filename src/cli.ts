import { readFileSync } from "node:fs"
import { findClosest } from "./cli/closest.ts"
import { UsageError } from "./cli/command.ts"
import { commands } from "./cli/commands.ts"
import { describeFailure } from "./cli/failure.ts"
import { describeCommand, describeProgram } from "./cli/help.ts"
import { parseArguments } from "./cli/parse.ts"

async function main(args: readonly string[]): Promise<void> {
  const json = args.includes("--json")
  try {
    await dispatch(args, json)
  } catch (error) {
    const { exitCode, ...failure } = describeFailure(error)
    await write(process.stderr, `sepay: ${failure.message}\n`)
    if (json) await write(process.stdout, `${JSON.stringify(failure)}\n`)
    // A start that failed half-way leaves timers and connections behind that would keep the process alive.
    process.exit(exitCode)
  }
}

function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => stream.write(text, () => resolve()))
}

async function dispatch(args: readonly string[], json: boolean): Promise<void> {
  const [first] = args
  if (first === undefined || first === "--help" || first === "-h" || first === "help") {
    process.stdout.write(`${describeProgram(commands)}\n`)
    process.exitCode = first === undefined ? 2 : 0
    return
  }
  if (first === "--version") return printVersion(json)
  const group = commands.filter((command) => command.name.startsWith(`${first} `))
  if (group.length > 0 && args[1] === "--help") {
    process.stdout.write(`${describeProgram(group)}\n`)
    return
  }
  const { entry, rest } = findCommand(args)
  const command = await entry.load()
  const { help, input } = parseArguments(command, rest)
  if (help) {
    process.stdout.write(`${describeCommand(command)}\n`)
    return
  }
  const outcome = await command.run(input)
  if (outcome === undefined) return
  process.stdout.write(json ? `${JSON.stringify(outcome.json)}\n` : `${outcome.text}\n`)
  if (outcome.failed === true) process.exitCode = 1
}

// The longest name that the arguments begin with: `app secret rotate` before `app`.
function findCommand(args: readonly string[]) {
  for (let words = 3; words > 0; words--) {
    const name = args.slice(0, words).join(" ")
    const entry = commands.find((command) => command.name === name)
    if (entry !== undefined) return { entry, rest: args.slice(words) }
  }
  throw new UsageError(describeUnknown(args))
}

function describeUnknown(args: readonly string[]): string {
  const words = args.slice(0, args.findIndex((arg) => arg.startsWith("-")) >>> 0)
  const group = commands.filter((command) => command.name.startsWith(`${words[0]} `)).map((command) => command.name)
  const text = words.slice(0, 3).join(" ") || (args[0] ?? "")
  if (group.length > 0 && words.length === 1) return `"${text}" is no whole command; there are: ${group.join(", ")}.`
  const closest =
    findClosest(words.slice(0, 2).join(" "), group) ??
    findClosest(
      text,
      commands.map((command) => command.name),
    )
  if (closest !== undefined) return `Unknown command "${text}": did you mean ./sepay ${closest}?`
  if (group.length > 0) return `Unknown command "${text}"; there are: ${group.join(", ")}.`
  return `Unknown command "${text}": ./sepay --help lists them.`
}

function printVersion(json: boolean): void {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string
  }
  process.stdout.write(json ? `${JSON.stringify({ version })}\n` : `${version}\n`)
}

await main(process.argv.slice(2))
