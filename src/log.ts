import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from "pino"

export type { Logger } from "pino"

// Field names whose values never reach the log, wherever they stand; texts are ours and carry no secrets.
const secretFields = [
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
]

const paths = secretFields.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`])

/** The JSON log: one object a line on standard output, secrets redacted by field name. */
export function createLog(level: string, stream?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      redact: { paths, censor: "[redacted]" },
      timestamp: stdTimeFunctions.isoTime,
    },
    // Buffered, because a write a line would cost more than the request; flushed at exit and every tenth of a second.
    stream ?? destination({ fd: 1, sync: false, minLength: 4096, periodicFlush: 100 }),
  )
}
