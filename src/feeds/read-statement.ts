import type {
  StatementEnd,
  StatementEntry,
  StatementError,
  StatementEvent,
  StatementHeader,
  StatementOptions,
} from "./statement.ts"
import { decodeText } from "./text-decoding.ts"

/** A format's reader: takes decoded text in any pieces and answers the events that became certain. */
export interface StatementReader {
  read(text: string): StatementEvent[]
  end(): StatementEvent[] | Promise<StatementEvent[]>
}

/** A file is read on after an error, to tell others, up to so many (contract/feeds.md §5.1). */
export const ERRORS_MAX = 50

/**
 * Drives a reader over a file: decoding, progress, and the stop after a fatal or the 50th error (contract/feeds.md §5.1).
 *
 * Memory does not grow with the file, as long as the caller lets go of the events.
 */
export async function* readStatement(
  chunks: AsyncIterable<Uint8Array>,
  options: StatementOptions,
  reader: StatementReader,
): AsyncGenerator<StatementEvent> {
  let errorCount = 0
  for await (const piece of decodeText(chunks, options.encoding)) {
    if (piece.kind === "damage") {
      yield { kind: "error", error: piece.error, fatal: true }
      return
    }
    for (const event of reader.read(piece.text)) {
      yield event
      if (event.kind === "error" && (event.fatal || ++errorCount >= ERRORS_MAX)) return
    }
    yield { kind: "progress", bytes: piece.bytes, lines: piece.lines }
  }
  for (const event of await reader.end()) {
    yield event
    if (event.kind === "error" && (event.fatal || ++errorCount >= ERRORS_MAX)) return
  }
}

/** A statement held in memory: for previews and tests. */
export interface CollectedStatement extends StatementHeader {
  readonly entries: readonly StatementEntry[]
  /** Undefined when the file broke off before the end of the statement. */
  readonly end: StatementEnd | undefined
}

/** A whole file held in memory: for previews and tests. */
export interface CollectedStatements {
  readonly statements: readonly CollectedStatement[]
  readonly errors: readonly StatementError[]
  readonly skipped: readonly StatementError[]
  readonly warnings: readonly { readonly line: number; readonly message: string }[]
}

/** Gathers all events of a parser; only for files known to be small. */
export async function collectStatements(events: AsyncIterable<StatementEvent>): Promise<CollectedStatements> {
  const statements: (StatementHeader & { entries: StatementEntry[]; end: StatementEnd | undefined })[] = []
  const errors: StatementError[] = []
  const skipped: StatementError[] = []
  const warnings: { line: number; message: string }[] = []
  for await (const event of events) {
    const current = statements.at(-1)
    if (event.kind === "statement") statements.push({ ...event.header, entries: [], end: undefined })
    else if (event.kind === "entry") current?.entries.push(event.entry)
    else if (event.kind === "statementEnd" && current !== undefined) current.end = event.end
    else if (event.kind === "error") errors.push(event.error)
    else if (event.kind === "skipped") skipped.push(event.error)
    else if (event.kind === "warning") warnings.push(event.warning)
  }
  return { statements, errors, skipped, warnings }
}
