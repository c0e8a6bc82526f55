import { type DestinationStream, destination, type Logger, pino, stdSerializers } from "pino"
import { systemClock } from "./clock.ts"

export type { Logger } from "pino"

// Field names whose values never reach the log, wherever they stand; texts are ours and carry no secrets.
const secretFields: ReadonlySet<string> = new Set([
  "password",
  "authorization",
  "cookie",
  "set-cookie",
  "client_secret",
  "code",
  "code_verifier",
  "access_token",
  "refresh_token",
  "token",
  "secret",
  "x-feed-signature",
  "dpop",
  "client_assertion",
  "csrf_token",
])

const deepestLevel = 3

// A look at each name costs a tenth of pino's own redaction by path, which would weigh more than the rest of the line.
function withoutSecrets(fields: object, level = 1): Record<string, unknown> {
  let shown = fields as Record<string, unknown>
  for (const [name, value] of Object.entries(fields)) {
    const safe = secretFields.has(name) ? "[redacted]" : withoutDeeperSecrets(value, level)
    if (safe === value) continue
    if (shown === fields) shown = { ...fields }
    shown[name] = safe
  }
  return shown
}

function withoutDeeperSecrets(value: unknown, level: number): unknown {
  if (typeof value !== "object" || value === null || value instanceof Error || level === deepestLevel) return value
  return Array.isArray(value)
    ? value.map((item) => withoutDeeperSecrets(item, level))
    : withoutSecrets(value, level + 1)
}

let stampedAt = Number.NaN
let stamp = ""

// Many lines of a busy process share a millisecond, and writing out a time costs a quarter of a line.
function timestamp(): string {
  const now = systemClock.now()
  if (now !== stampedAt) {
    stampedAt = now
    stamp = `,"time":"${new Date(now).toISOString()}"`
  }
  return stamp
}

/** The JSON log: one object a line on standard output, secrets redacted by field name. */
export function createLog(level: string, stream?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      // The fields a child logger is made with pass by the formatter.
      redact: { paths: [...secretFields].map((name) => `["${name}"]`), censor: "[redacted]" },
      formatters: { log: withoutSecrets },
      serializers: { err: (error: Error) => withoutSecrets(stdSerializers.err(error)) },
      timestamp,
    },
    // Buffered, because a write a line would cost more than the request; flushed at exit and every tenth of a second.
    stream ?? destination({ fd: 1, sync: false, minLength: 4096, periodicFlush: 100 }),
  )
}
