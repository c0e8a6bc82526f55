/** One `--flag` of a command; its help is derived from it. */
export type Option = FlagOption | TextOption | NumberOption

interface FlagOption {
  readonly kind: "flag"
  readonly help: string
}

interface TextOption {
  readonly kind: "text"
  /** What stands for the value in the help, such as EMAIL. */
  readonly value: string
  readonly help: string
  readonly required?: true
  /** May be given more than once. */
  readonly repeated?: true
  readonly choices?: readonly string[]
}

interface NumberOption {
  readonly kind: "number"
  readonly value: string
  readonly help: string
  readonly required?: true
  readonly least: number
  readonly most: number
}

/** A value that stands without a flag; the last one may be optional. */
export interface Positional {
  readonly value: string
  readonly help: string
}

/** What a command did: one object for programs (`--json`), some lines for people. */
export interface Outcome {
  readonly json: object
  readonly text: string
  /** The command ran and its answer is a "no" (exit code 1). */
  readonly failed?: true
}

/** One `./sepay` command. Long-running ones resolve with nothing. */
export interface Command {
  readonly name: string
  readonly summary: string
  readonly positionals?: readonly Positional[]
  readonly options: Readonly<Record<string, Option>>
  /** A copyable line or two, shown in the help. */
  readonly examples?: readonly string[]
  /** Rejects with Refusal, ConfigError and whatever else failure.ts knows. */
  run(input: Input): Promise<Outcome | undefined>
}

/** The checked arguments of one call. Asking for a name the command does not declare is a bug, and throws. */
export interface Input {
  text(name: string): string | undefined
  requiredText(name: string): string
  texts(name: string): readonly string[]
  number(name: string): number | undefined
  requiredNumber(name: string): number
  flag(name: string): boolean
  positional(index: number): string
  /** Shows where a long command stands, on standard error. */
  progress(line: string): void
}

/** The command line cannot be understood (exit code 2); the message is one line. */
export class UsageError extends Error {
  override readonly name = "UsageError"
}
