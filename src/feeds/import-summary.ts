import type { RecordedFile } from "./record-import.ts"
import type { StagedFile } from "./stage-statement.ts"
import type { StatementError } from "./statement.ts"

/** What a taken file brought, or would bring (`dry_run`: nothing is kept). */
export interface ImportSummary extends RecordedFile {
  readonly ignored: number
  readonly skipped: readonly StatementError[]
  readonly warnings: readonly { readonly line: number; readonly message: string }[]
  readonly formats: readonly string[]
  readonly statements: readonly SummedStatement[]
}

/** A statement of the file; days are yyyymmdd. */
export interface SummedStatement {
  readonly line: number
  readonly number: string | null
  readonly bankAccountId: number
  readonly fromDay: number | null
  readonly toDay: number | null
  readonly opening: number | null
  readonly closing: number | null
  readonly lines: number
}

/** Sums up a file that is staged and recorded, if only on trial. */
export function summaryOf(staged: StagedFile, recorded: RecordedFile): ImportSummary {
  const { ignored, skipped, warnings } = staged
  const formats = [...new Set(staged.statements.map((statement) => statement.format))]
  const statements = staged.statements.map((statement): SummedStatement => {
    const { line, number, account, fromDay, toDay, opening, closing, fromOrdinal, toOrdinal } = statement
    const lines = Math.max(0, toOrdinal - fromOrdinal + 1)
    return { line, number, bankAccountId: account.id, fromDay, toDay, opening, closing, lines }
  })
  return { ...recorded, ignored, skipped, warnings, formats, statements }
}
