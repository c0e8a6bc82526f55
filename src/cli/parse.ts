import { type ParseArgsConfig, parseArgs } from "node:util"
import { findClosest } from "./closest.ts"
import { type Command, type Input, type Option, UsageError } from "./command.ts"

/** What every command takes. */
export const globalOptions = {
  help: { kind: "flag", help: "Shows this text" },
  json: { kind: "flag", help: "Prints one JSON object on standard output, and nothing else there" },
} as const satisfies Record<string, Option>

export interface ParsedArguments {
  readonly input: Input
  readonly help: boolean
}

/**
 * Checks the arguments of a command against its options.
 *
 * @throws UsageError naming the flag and what it takes
 */
export function parseArguments(command: Command, args: readonly string[]): ParsedArguments {
  const options: Readonly<Record<string, Option>> = { ...globalOptions, ...command.options }
  const { tokens } = parseArgs({ args: [...args], options: describeOptions(options), strict: false, tokens: true })
  const given = new Map<string, string[]>()
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value)
    if (token.kind === "option") noteOption(command, options, given, token)
  }
  const help = given.has("help")
  if (!help) {
    checkRequired(options, given)
    checkPositionals(command, positionals)
  }
  return { help, input: makeInput(options, given, positionals) }
}

function describeOptions(options: Readonly<Record<string, Option>>): NonNullable<ParseArgsConfig["options"]> {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => [
      name,
      { type: option.kind === "flag" ? "boolean" : "string", multiple: true } as const,
    ]),
  )
}

interface OptionToken {
  readonly name: string
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

function noteOption(
  command: Command,
  options: Readonly<Record<string, Option>>,
  given: Map<string, string[]>,
  token: OptionToken,
): void {
  const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined
  if (option === undefined || !token.rawName.startsWith("--")) {
    const closest = findClosest(token.name, Object.keys(options))
    const hint = closest === undefined ? `see ./sepay ${command.name} --help` : `did you mean --${closest}?`
    throw new UsageError(`Unknown flag ${token.rawName}: ${hint}`)
  }
  if (option.kind === "flag") {
    if (token.value !== undefined) throw new UsageError(`--${token.name} takes no value.`)
  } else {
    checkValue(token, option)
  }
  const before = given.get(token.name) ?? []
  if (before.length > 0 && option.kind !== "flag" && !("repeated" in option)) {
    throw new UsageError(`--${token.name} may be given only once.`)
  }
  given.set(token.name, [...before, token.value ?? ""])
}

function checkValue(token: OptionToken, option: Exclude<Option, { kind: "flag" }>): void {
  const { value, name } = token
  // `--email --role Admin` is a forgotten value, not an address that begins with two dashes.
  if (value === undefined || value === "" || (value.startsWith("--") && token.inlineValue !== true)) {
    throw new UsageError(`--${name} needs a value: ${describeValue(option)}.`)
  }
  if (option.kind === "number") {
    const number = Number(value)
    if (!/^\d+$/.test(value) || number < option.least || number > option.most) {
      throw new UsageError(`--${name} must be ${describeValue(option)}, not "${value}".`)
    }
  } else if (option.choices !== undefined && !option.choices.includes(value)) {
    throw new UsageError(`--${name} must be ${describeValue(option)}, not "${value}".`)
  }
}

function describeValue(option: Exclude<Option, { kind: "flag" }>): string {
  if (option.kind === "number") return `a whole number from ${option.least} to ${option.most}`
  return option.choices === undefined ? `${option.value} (${option.help})` : `one of ${option.choices.join(", ")}`
}

function checkRequired(options: Readonly<Record<string, Option>>, given: ReadonlyMap<string, string[]>): void {
  for (const [name, option] of Object.entries(options)) {
    if (option.kind !== "flag" && option.required === true && !given.has(name)) {
      throw new UsageError(`--${name} is required: ${describeValue(option)}.`)
    }
  }
}

function checkPositionals(command: Command, positionals: readonly string[]): void {
  const wanted = command.positionals ?? []
  const missing = wanted[positionals.length]
  if (missing !== undefined) throw new UsageError(`${missing.value} is missing: ${missing.help}.`)
  const extra = positionals[wanted.length]
  if (extra !== undefined) throw new UsageError(`"${extra}" is one argument too many for ./sepay ${command.name}.`)
}

function makeInput(
  options: Readonly<Record<string, Option>>,
  given: ReadonlyMap<string, readonly string[]>,
  positionals: readonly string[],
): Input {
  const texts = (name: string): readonly string[] => {
    if (!Object.hasOwn(options, name)) throw new TypeError(`The command declares no option ${name}.`)
    return given.get(name) ?? []
  }
  const text = (name: string) => texts(name)[0]
  const required = (name: string): string => {
    const value = text(name)
    if (value === undefined) throw new TypeError(`The option ${name} is not declared as required.`)
    return value
  }
  return {
    text,
    requiredText: required,
    texts,
    number: (name) => {
      const value = text(name)
      return value === undefined ? undefined : Number(value)
    },
    requiredNumber: (name) => Number(required(name)),
    flag: (name) => texts(name).length > 0,
    positional: (index) => {
      const value = positionals[index]
      if (value === undefined) throw new TypeError(`The command declares no positional ${index}.`)
      return value
    },
    progress: (line) => {
      process.stderr.write(`${line}\n`)
    },
  }
}
