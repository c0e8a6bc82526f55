import type { Instant } from "../clock.ts"
import type { Queries } from "../database/engine.ts"
import type { BankAccountId } from "../ids.ts"
import { Refusal } from "../refusal.ts"
import { type ImportRecord, selectImport, selectImports, selectStatementsOf } from "./import-log.store.ts"
import type { StatementError } from "./statement.ts"

/** An import that ended: what it brought, or why it was refused. */
export interface EndedImport {
  readonly id: number
  readonly fileName: string
  readonly sheet: string | null
  readonly isRecorded: boolean
  readonly notify: string
  readonly inserted: number
  readonly duplicates: number
  readonly pending: number
  readonly ignored: number
  readonly linesRead: number
  readonly errors: readonly StatementError[]
  readonly skipped: readonly StatementError[]
  readonly importedBy: string
  readonly endedAt: Instant
}

/** A statement as an import recorded it; days are yyyymmdd. */
export interface RecordedStatement {
  readonly number: string | null
  readonly fromDay: number | null
  readonly toDay: number | null
  readonly opening: number | null
  readonly closing: number | null
}

/** Whose imports, into which account. */
export interface ImportPlace {
  readonly companyId: number
  readonly bankAccountId: BankAccountId
}

/** The newest imports into an account, newest first. */
export async function listImports(db: Queries, place: ImportPlace, most: number): Promise<readonly EndedImport[]> {
  return (await selectImports(db, { ...place, most })).map(toEnded)
}

/**
 * One import with its statements.
 *
 * @throws Refusal not_found
 */
export async function getImport(
  db: Queries,
  place: ImportPlace,
  id: number,
): Promise<EndedImport & { readonly statements: readonly RecordedStatement[] }> {
  const record = await selectImport(db, { ...place, id })
  if (record === undefined) throw new Refusal("not_found", "There is no such import.")
  return { ...toEnded(record), statements: await selectStatementsOf(db, id) }
}

function toEnded(record: ImportRecord): EndedImport {
  const { id, fileName, sheet, notify, inserted, duplicates, pending, ignored, linesRead, importedBy } = record
  return {
    ...{ id, fileName, sheet, notify, inserted, duplicates, pending, ignored, linesRead, importedBy },
    isRecorded: record.state === "recorded",
    errors: readList(record.errors),
    skipped: readList(record.skipped),
    endedAt: (record.finishedAt ?? record.createdAt) as Instant,
  }
}

function readList(text: string | null): readonly StatementError[] {
  return text === null ? [] : JSON.parse(text)
}
