import type { Command, Option } from "./command.ts"
import { globalOptions } from "./parse.ts"

/** The text of `./sepay --help`. */
export function describeProgram(commands: readonly { readonly name: string; readonly summary: string }[]): string {
  const width = Math.max(...commands.map((command) => command.name.length))
  return [
    "Usage: ./sepay COMMAND [FLAGS]",
    "",
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    "",
    "./sepay COMMAND --help tells what a command takes; --json prints one JSON object; --version the version.",
    "Exit code: 0 done, 1 failed, 2 wrong usage. Settings: .env.example.",
  ].join("\n")
}

/** The text of `./sepay COMMAND --help`. */
export function describeCommand(command: Command): string {
  const positionals = command.positionals ?? []
  const usage = ["./sepay", command.name, ...positionals.map((positional) => positional.value)]
  const required = Object.entries(command.options).flatMap(([name, option]) =>
    option.kind !== "flag" && option.required === true ? [`--${name} ${option.value}`] : [],
  )
  const entries = [
    ...positionals.map((positional) => [positional.value, positional.help] as const),
    ...Object.entries({ ...command.options, ...globalOptions }).map(describeOption),
  ]
  const width = Math.max(...entries.map(([left]) => left.length))
  const examples = command.examples ?? []
  return [
    `Usage: ${[...usage, ...required].join(" ")} [FLAGS]`,
    "",
    command.summary,
    "",
    ...entries.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    ...(examples.length > 0 ? ["", ...examples.map((example) => `  ${example}`)] : []),
  ].join("\n")
}

function describeOption([name, option]: readonly [string, Option]): readonly [string, string] {
  if (option.kind === "flag") return [`--${name}`, option.help]
  const notes = [
    ...(option.kind === "text" && option.choices !== undefined ? [`one of ${option.choices.join(", ")}`] : []),
    ...(option.kind === "text" && option.repeated === true ? ["may be repeated"] : []),
    ...(option.required === true ? ["required"] : []),
  ]
  return [`--${name} ${option.value}`, notes.length > 0 ? `${option.help} (${notes.join("; ")})` : option.help]
}
