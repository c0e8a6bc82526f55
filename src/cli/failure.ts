import { ConfigError } from "../config-values.ts"
import { DatabaseBusy, DatabaseUnavailable } from "../database/engine.ts"
import { Refusal } from "../refusal.ts"
import { StartError } from "../start-error.ts"
import { UsageError } from "./command.ts"

/** A failed command, as the caller is told: a word for programs, a line for people, and the exit code. */
export interface Failure {
  readonly error: string
  readonly message: string
  readonly errors?: Readonly<Record<string, readonly string[]>>
  readonly exitCode: 1 | 2
}

/** What to tell the caller about an error; a bug keeps its stack, everything foreseen is one line. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof UsageError) return { error: "usage", message: error.message, exitCode: 2 }
  if (error instanceof Refusal) return describeRefusal(error)
  if (error instanceof ConfigError) return failed("invalid_configuration", error.message)
  if (error instanceof StartError) return failed("cannot_start", error.message)
  if (error instanceof DatabaseUnavailable) return failed("unavailable", withCause(error))
  if (error instanceof DatabaseBusy) return failed("busy", error.message)
  if (isTooNew(error)) return failed("database_too_new", error.message)
  if (isSealBroken(error)) return failed("invalid_configuration", `${error.message} Set the secret it was made with.`)
  if (isSystemError(error)) return failed("system", error.message)
  return failed("internal", error instanceof Error ? (error.stack ?? error.message) : String(error))
}

function failed(error: string, message: string): Failure {
  return { error, message, exitCode: 1 }
}

function describeRefusal({ reason, message, details }: Refusal): Failure {
  if (details.errors === undefined) return failed(reason, message)
  // The message may name one of several problems; the others are told too, each once.
  const others = Object.entries(details.errors).flatMap(([field, texts]) =>
    texts.filter((text) => !message.includes(text)).map((text) => `${field}: ${text}`),
  )
  return { error: reason, message: [message, ...others].join("; "), errors: details.errors, exitCode: 1 }
}

function withCause(error: DatabaseUnavailable): string {
  const cause = error.cause as { message?: string; code?: string } | undefined
  const reason = cause?.message || cause?.code
  return reason === undefined || error.message.includes(reason) ? error.message : `${error.message} (${reason})`
}

// By name: the module of the migrations would be loaded for every command.
function isTooNew(error: unknown): error is Error {
  return error instanceof Error && error.name === "DatabaseTooNew"
}

function isSealBroken(error: unknown): error is Error {
  return error instanceof Error && error.name === "SealBroken"
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error
}
